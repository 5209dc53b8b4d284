import { AppError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { type Name, type Row, SETTINGS } from "../settings.ts";

/** Keys of `config.toml`, in the order they are listed. */
export const KEYS: readonly Name[] = (Object.keys(SETTINGS) as Name[]).filter((name) => rowOf(name).stored);

export function rowOf(name: Name): Row {
  return SETTINGS[name];
}

/** The key of that name. @throws {AppError} `usage` for an unknown config key, with the likely one as the hint */
export function findKey(text: string): Name {
  const found = KEYS.find((key) => key === text);
  if (found) return found;
  const likely = nearest(text, KEYS);
  throw new AppError("usage", `unknown config key ${JSON.stringify(text.slice(0, 80))}`, {
    hint: likely ? `did you mean: ${likely}` : `the keys are ${KEYS.join(", ")}`,
  });
}
