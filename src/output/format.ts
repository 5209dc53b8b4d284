/** The four formats of stdout, and which one a run gets. @module */

export type Format = "table" | "tsv" | "json" | "yaml";

/** `table` and nothing are the same: a table on a terminal, TSV elsewhere. */
export function chooseFormat(asked: Format | undefined, stdoutIsTerminal: boolean): Format {
  if (asked && asked !== "table") return asked;
  return stdoutIsTerminal ? "table" : "tsv";
}

/** A format that programs read: stderr then holds nothing but the error, as one object on one line. */
export function isMachine(format: Format): boolean {
  return format === "json" || format === "yaml";
}
