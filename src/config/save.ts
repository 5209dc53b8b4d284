import { checkOf, STORED_CHECKS } from "./checks.ts";
import { ownerOf, rowOf } from "./find.ts";
import { findKey } from "./key.ts";

type Values = Record<string, string | boolean>;

/** What was saved: the value as it is kept; unchanged when the file said so already. */
export interface Kept {
  key: string;
  value: string | boolean;
  changed: boolean;
}

/** See {@link Settings.save}. `origin`: what a bound value is good for; `change`: gives the keys that it changed. */
export async function saving(
  texts: Record<string, string>,
  origin: () => Promise<string>,
  change: (values: Values) => Promise<string[]>,
): Promise<Kept[]> {
  const values: Values = {};
  for (const [key, text] of Object.entries(texts)) {
    const { kind, bound } = rowOf(findKey(key));
    values[key] = (STORED_CHECKS[kind] ?? await checkOf(kind))(text, key) as string | boolean;
    if (bound) values[ownerOf(key)] = await origin();
  }
  const keys = Object.keys(texts);
  const changed = keys.length > 0 ? await change(values) : [];
  return keys.map((key) => ({
    key,
    value: values[key]!,
    changed: changed.includes(key) || changed.includes(ownerOf(key)),
  }));
}
