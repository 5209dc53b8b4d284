import { AppError } from "../errors.ts";

export const FORMATS = ["csv", "jsonl", "xlsx"] as const;

export type FileFormat = (typeof FORMATS)[number];

const ENDINGS: Readonly<Record<string, FileFormat>> = { csv: "csv", jsonl: "jsonl", ndjson: "jsonl", xlsx: "xlsx" };

/** A file of such a name would not hold what its name says. */
const OTHERS = ["json", "tsv", "tab", "xls", "xlsm", "ods", "yaml", "yml", "parquet", "gz", "zip"];

/**
 * The format that was asked for, else what the ending of the file says, else `otherwise`. Throws `usage` where name and
 * format contradict each other, or the name promises what cannot be written.
 */
export function formatOf(asked: FileFormat | undefined, path: string | undefined, otherwise: FileFormat): FileFormat {
  const ending = path === undefined ? "" : /\.([a-z]{2,7})$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  const named = Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
  if (asked && named && asked !== named) {
    throw new AppError("usage", `--format ${asked} and the ending of "${path}" contradict each other`, {
      hint: `leave --format out, or end the name with .${asked}`,
    });
  }
  if (!asked && OTHERS.includes(ending)) {
    throw new AppError("usage", `cannot write "${path}": there is no format for .${ending}`, {
      hint: `end the name with .csv, .jsonl or .xlsx, or say which is meant: --format ${
        ending === "json" ? "jsonl" : "csv"
      }`,
    });
  }
  return asked ?? named ?? otherwise;
}
