/** The formats of stdout, and which one a run gets. @module */

export type Format = "table" | "tsv" | "csv" | "json" | "jsonl" | "yaml";

/** `table` and nothing are the same: a table on a terminal, TSV elsewhere. */
export function chooseFormat(asked: Format | undefined, stdoutIsTerminal: boolean): Format {
  if (asked && asked !== "table") return asked;
  return stdoutIsTerminal ? "table" : "tsv";
}

/** A format that keeps the types of values: stderr then has no progress, and the error as one object, its last line. */
export function isMachine(format: Format): boolean {
  return format === "json" || format === "jsonl" || format === "yaml";
}
