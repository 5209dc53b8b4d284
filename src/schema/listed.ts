import { shorten } from "../cli/mod.ts";
import { AppError } from "../errors.ts";
import { digits, whyNot } from "../input/mod.ts";
import { type Book } from "./book.ts";
import type { Slot } from "./flags.ts";
import { typed } from "./values.ts";
import { unwrap } from "./wrapping.ts";

/** Two values of a kind whose words never begin with a bracket, as JSON has them. */
const SAMPLES = new Map([["Int", ["1", "2"]], ["Float", ["1.5", "2"]], ["Boolean", ["true", "false"]]]);

/**
 * The values of a list, of which one may be several as JSON: `["a","b"]`, `[1]`, `[]`. Throws `usage` for what can be none
 * of them; what is to be held against the schema goes to `wholes`.
 */
export function listed(book: Book, given: readonly unknown[], slot: Slot, wholes: [Slot, unknown][]): unknown[] {
  const { flag, type } = slot;
  const { name } = unwrap(type);
  const { values = [] } = book.type(name) ?? {};
  const samples = values.length > 0 ? values.map((one) => JSON.stringify(one)) : SAMPLES.get(name);
  const refused = (why: string) => {
    const [one, other = one] = samples ?? ['"a"', '"b"'];
    const word = (sample = "") => sample.replaceAll('"', "");
    return new AppError("usage", `${flag} ${why}`, {
      hint: `write: ${flag} '[${one},${other}]', or ${flag} ${word(one)} ${flag} ${word(other)}`,
    });
  };
  const { parse } = typed(book, type).value;
  /** A value of an enum as it stands in the schema; the newest may have one that is not known. */
  const inCase = (part: unknown) => {
    if (typeof part !== "string") return part;
    try {
      return parse(part, flag);
    } catch {
      return part;
    }
  };
  const all = given.flatMap((one) => {
    if (typeof one !== "string" || !one.startsWith("[")) return [one];
    let parts: unknown[];
    try {
      parts = digits(one) as unknown[];
    } catch (error) {
      if (!samples) return [one]; // a text may begin with a bracket
      throw refused(`${whyNot(error)}: "${shorten(one)}"`);
    }
    if (["String", "ID"].includes(name) && !parts.every((part) => typeof part === "string")) {
      throw refused("is a list of texts, and what is given holds something else");
    }
    return values.length > 0 ? parts.map(inCase) : parts;
  });
  if (samples) wholes.push([slot, all]);
  return all;
}
