import { AppError } from "../errors.ts";

/** A value as it was typed. */
export interface Pair {
  name: string;
  text: string;
  /** `--field`: by its type, and `@file` is a file; `--raw-field`: text as it is. */
  typed: boolean;
}

/** `name=value`, those of `--raw-field` and of `--field`. Throws `usage`. */
export function pairs({ rawField, field }: { rawField: readonly string[]; field: readonly string[] }): Pair[] {
  return [
    ...rawField.map((text) => pair(text, "--raw-field", false)),
    ...field.map((text) => pair(text, "--field", true)),
  ];
}

function pair(given: string, flag: string, typed: boolean): Pair {
  const sign = given.indexOf("=");
  if (sign > 0) return { name: given.slice(0, sign), text: given.slice(sign + 1), typed };
  throw new AppError("usage", `${flag} must be NAME=VALUE, not "${given.slice(0, 30)}"`, {
    hint: `write, for example: ${flag} status=pending`,
  });
}
