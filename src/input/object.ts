import type { App } from "../app.ts";
import type { Option, Value } from "../cli/mod.ts";
import { AppError } from "../errors.ts";
import { isShallow } from "../fields/mod.ts";
import { whyNot } from "./json.ts";
import { readText } from "./read.ts";

/** Text that is sent: trimmed, as the server would do it, and never empty. */
export function given(shown: string): Value<string> {
  return {
    shown,
    schema: { type: "string" },
    parse(text, from) {
      const trimmed = text.trim();
      if (trimmed !== "") return trimmed;
      // What is an argument cannot be left out.
      const hint = from.startsWith("-") && { hint: `write: ${from} VALUE, or leave it out` };
      throw new AppError("usage", `${from} must not be empty`, { ...hint });
    },
  };
}

/** Text of digits, with or without a point: no number of the program's, so that no digit is lost. */
const AMOUNT = /^(0|[1-9]\d{0,14})(\.\d{1,6})?$/;

/** An amount of money, as the text that is sent. `example` is a right one where it was given. */
export function amountOf(text: string, from: string, example = `${from} 1000.00`): string {
  const trimmed = text.trim();
  if (AMOUNT.test(trimmed)) return trimmed;
  throw new AppError("usage", `${from} must be an amount like 10.50, not "${text.slice(0, 30)}"`, {
    hint: `write it with digits and a point: ${example}`,
  });
}

export const money: Value<string> = { shown: "amount", schema: { type: "number" }, parse: amountOf };

/** A whole number from 0 on. */
export const count: Value<number> = {
  shown: "number",
  schema: { type: "integer" },
  parse(text, from) {
    if (/^\d{1,9}$/.test(text.trim())) return Number(text);
    throw new AppError("usage", `${from} must be a whole number from 0 on, not "${text.slice(0, 30)}"`, {
      hint: `write, for example: ${from} 0`,
    });
  },
};

export const yesOrNo: Value<boolean> = {
  shown: "yes|no",
  schema: { type: "string", enum: ["yes", "no"] },
  parse(text, from) {
    const word = text.trim().toLowerCase();
    if (/^(yes|no|true|false)$/.test(word)) return /^[yt]/.test(word);
    throw new AppError("usage", `${from} must be yes or no, not "${text.slice(0, 30)}"`, {
      hint: `write, for example: ${from} ${/^([nf0]|off)/.test(word) ? "no" : "yes"}`,
    });
  },
};

/** The options that name one JSON object to be sent. */
export const INPUT = {
  file: {
    flag: "--input",
    about: "a JSON object with the server's names, - is stdin; options go before it",
    value: { shown: "file", schema: { type: "string" }, parse: (text: string) => text, complete: "file" },
  },
} as const satisfies Record<string, Option>;

/**
 * The JSON object of `--input`, with what options say in its place where they do. `amounts` are the members that are
 * money: a number's digits become text as they stand there. Without a file it is what options say.
 */
export async function objectOf(
  app: App,
  path: string | undefined,
  options: Readonly<Record<string, unknown>>,
  amounts: readonly string[] = [],
): Promise<Record<string, unknown>> {
  const said = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  if (path === undefined) return said;
  const sent = parsed(await readText(app, path, "--input"), path);
  for (const name of amounts) {
    const value = Object.hasOwn(sent, name) ? sent[name] : null;
    if (value !== null) {
      const text = typeof value === "string" ? value : JSON.stringify(plain(value));
      sent[name] = amountOf(text, `"${name}" of --input`, `{"${name}":"1000.00"}`);
    }
  }
  return { ...plain(sent) as Record<string, unknown>, ...said };
}

/** A number with the digits that stand in the file. */
class Digits {
  constructor(readonly text: string) {}
}

function parsed(text: string, path: string): Record<string, unknown> {
  const keep = (_name: string, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === "number" && source !== undefined ? new Digits(source) : value;
  let value: unknown;
  try {
    value = JSON.parse(text, keep as (this: unknown, name: string, value: unknown) => unknown);
  } catch (error) {
    throw refused(path, `it ${whyNot(error)}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Digits) {
    throw refused(path, "it is not a JSON object");
  }
  if (!isShallow(value)) throw refused(path, "it nests too deep");
  return value as Record<string, unknown>;
}

function refused(path: string, why: string): AppError {
  return new AppError("usage", `cannot read --input "${path}": ${why}`, {
    hint: 'write one object, for example: {"items":[{"sku":"ACM-001","quantity":2}]}',
  });
}

/** Numbers as the server is sent them: by their digits, whatever their length. */
function plain(value: unknown): unknown {
  if (value instanceof Digits) return JSON.rawJSON(value.text);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}
