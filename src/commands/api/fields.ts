import type { App } from "../../app.ts";
import { AppError } from "../../errors.ts";
import { readText } from "../../input/mod.ts";
import type { Pair } from "../../raw/mod.ts";
import { asTyped } from "./request.ts";

/** JSON's own words are those; everything else is text: `007`, `1e3`. Digits stay as they are. `path`: of what they are put behind. */
export async function fieldsOf(app: App, given: readonly Pair[], path?: string): Promise<Record<string, unknown>> {
  const found: [string, unknown][] = [];
  for (const { name, text, typed } of given) {
    if (found.some(([known]) => known === name)) {
      throw new AppError("usage", `the field ${name} is given twice`, {
        hint: path === undefined
          ? "write the body: --input FILE"
          : `write both into the path: ${asTyped(`${path}${path.includes("?") ? "&" : "?"}${name}=…&${name}=…`)}`,
      });
    }
    found.push([name, typed ? await valueOf(app, name, text) : text]);
  }
  return Object.fromEntries(found);
}

async function valueOf(app: App, name: string, text: string): Promise<unknown> {
  if (text.startsWith("@")) return await readText(app, text.slice(1), `--field ${name}`, `--field ${name}=@`);
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  return /^-?(0|[1-9]\d{0,30})(\.\d{1,30})?$/.test(text) ? JSON.rawJSON(text) : text;
}

export function withQuery(path: string, found: Record<string, unknown>): string {
  const entries = Object.entries(found).map((
    [name, value],
  ) => [name, JSON.isRawJSON(value) ? value.rawJSON : String(value)]);
  if (entries.length === 0) return path;
  return `${path}${path.includes("?") ? "&" : "?"}${new URLSearchParams(entries)}`;
}

export function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new AppError("usage", "the body is not UTF-8 text", { hint: "the API takes JSON" });
  }
}
