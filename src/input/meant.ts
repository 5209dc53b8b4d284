/**
 * What a name of no file was probably meant for. Loaded when there is no such file.
 *
 * @module
 */

import type { App } from "../app.ts";

/** A text instead of a file: JSON, or a document. */
const TEXT = /^\s*([{[]|(query|mutation|subscription)\b)/;

/** The hint; undefined when nothing is known. `before` is what is typed in front of the file. */
export async function meant(
  { system, line }: App,
  path: string,
  from: string,
  before: string,
): Promise<string | undefined> {
  if (TEXT.test(path)) {
    const itself = line.includes("graphql") && from === "--input" ? `; a document itself stands without ${from}` : "";
    return `${from} takes a file; - is stdin${itself}`;
  }
  // The sign of curl, and of our own --field.
  const rest = path.replace(/^@/, "");
  const exists = rest !== path && (rest === "-" || await system.files.stat(rest).then(() => true, () => false));
  return exists ? `did you mean: ${before}${/^[\w./@%+:,-]+$/.test(rest) ? rest : "FILE"}` : undefined;
}
