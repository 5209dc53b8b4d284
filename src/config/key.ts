import { AppError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { Name } from "../settings.ts";
import { KEYS } from "./find.ts";

/** The key of that name. @throws {AppError} `usage` for an unknown config key, with the likely one as the hint */
export function findKey(text: string): Name {
  const found = KEYS.find((key) => key === text);
  if (found) return found;
  const likely = nearest(text, KEYS);
  throw new AppError("usage", `unknown config key ${JSON.stringify(text.slice(0, 80))}`, {
    hint: likely ? `did you mean: ${likely}` : `the keys are ${KEYS.join(", ")}`,
  });
}
