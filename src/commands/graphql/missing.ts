import { AppError } from "../../errors.ts";
import { shellQuote } from "../../storage/mod.ts";

const DOCUMENT = /^\s*(query\b|mutation\b|\{)/;

/** There is no document, unless it stands where other tools have it: `-f query={ … }`, `--query '{ … }'`. */
export function missing(line: readonly string[]): AppError {
  const meant = elsewhere(line);
  return new AppError("usage", "<document> is missing", {
    hint: meant
      ? `did you mean: autocom ${meant.map(shellQuote).join(" ")}`
      : "give --input FILE (- is stdin), or for example: autocom graphql '{ orders { data { id } } }'",
  });
}

/** The line with the document as its argument. */
function elsewhere(line: readonly string[]): string[] | undefined {
  for (const [at, word] of line.entries()) {
    const before = line[at - 1] ?? "";
    const [, inside] = /^--query=(.*)$/s.exec(word) ?? [];
    const [, field] = /^query=(.*)$/s.exec(word) ?? [];
    const document = inside ??
      (before === "--query" ? word : /^(-f|-F|--raw-field|--field)$/.test(before) ? field : "");
    if (document === undefined || !DOCUMENT.test(document)) continue;
    return inside === undefined ? line.toSpliced(at - 1, 2, document) : line.toSpliced(at, 1, document);
  }
  return undefined;
}
