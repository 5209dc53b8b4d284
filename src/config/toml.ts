import { parse, TomlError } from "smol-toml";
import { AppError } from "../errors.ts";
import { shellQuote } from "../storage/mod.ts";

/** A parsed document; objects have no prototype, so `__proto__` is a key like any other. */
export type Data = Record<string, unknown>;

/** @throws {AppError} `config`: names the file, the line and the column; never quotes the text */
export function parseToml(text: string, path: string): Data {
  try {
    return read(text);
  } catch (error) {
    const hint = `correct that line, or move the file away: mv ${shellQuote(path)} ${shellQuote(`${path}.old`)}`;
    if (error instanceof RangeError) {
      throw new AppError("config", `cannot read ${path}: it is nested too deeply`, { hint });
    }
    if (!(error instanceof TomlError)) throw error;
    const where = `line ${error.line}, column ${error.column}`;
    const why = error.message.split("\n")[0]!.replace("Invalid TOML document: ", "");
    throw new AppError("config", `cannot read ${path}: ${where}: ${why}`, { hint });
  }
}

/** Throws what the parser says. */
export function read(text: string): Data {
  return parse(text, { integersAsBigInt: "asNeeded" });
}
