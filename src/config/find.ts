import { AppError } from "../errors.ts";
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
  const likely = KEYS.find((key) => distance(plain(key), plain(text)) <= 2);
  throw new AppError("usage", `unknown config key ${JSON.stringify(text.slice(0, 80))}`, {
    hint: likely ? `did you mean ${likely}?` : `the keys are ${KEYS.join(", ")}`,
  });
}

/** `apiUrl`, `api-url` and `API_URL` are the same to a person. */
function plain(text: string): string {
  return text.slice(0, 40).toLowerCase().replace(/[^a-z]/g, "");
}

/** Levenshtein's: how many letters differ. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[b.length]!;
}
