import { type Name, type Row, SETTINGS } from "../settings.ts";

/** Keys of `config.toml`, in the order they are listed. */
export const KEYS: readonly Name[] = (Object.keys(SETTINGS) as Name[]).filter((name) => rowOf(name).stored);

export function rowOf(name: Name): Row {
  return SETTINGS[name];
}

/** The key of the file that says which origin a bound key's value is for. */
export function ownerOf(key: string): string {
  return `${key}_for`;
}
