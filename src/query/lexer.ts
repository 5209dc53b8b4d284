/**
 * The text of an expression → its tokens.
 *
 * @module
 */

import { stray } from "./misread.ts";
import { literalNumber } from "./numbers.ts";
import { type Place, refused } from "./tree.ts";

/** `is`: its own signs, or `name`, `quoted` (a name, too), `literal`, `number`, `end`. */
export interface Token extends Place {
  readonly is: string;
  readonly value?: unknown;
}

const TOKEN =
  /[ \t\r\n]+|([A-Za-z_]\w*)|("(?:[^"\\]|\\[^])*")|('(?:[^'\\]|\\[^])*')|(`(?:[^`\\]|\\[^])*`)|(-?\d+)|\[\]|\[\?|\|\||&&|[<>=!]=|[.*[\]{}(),:@|&!<>]/y;

export function tokens(expression: string): Token[] {
  const found: Token[] = [];
  const pattern = new RegExp(TOKEN);
  for (let at = 0; at < expression.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(expression);
    if (!match) throw stray(expression, at);
    const [text, name, key, raw, json, number] = match;
    const place = { at, end: at + text.length };
    if (name) found.push({ ...place, is: "name", value: name });
    else if (key) found.push({ ...place, is: "quoted", value: parsed(expression, at, key) });
    else if (raw) found.push({ ...place, is: "literal", value: raw.slice(1, -1).replaceAll("\\'", "'") });
    else if (json) found.push({ ...place, is: "literal", value: literal(expression, at, json) });
    else if (number) found.push({ ...place, is: "number", value: Number(number) });
    else if (!/^[ \t\r\n]/.test(text)) found.push({ ...place, is: text });
  }
  found.push({ is: "end", at: expression.length, end: expression.length });
  return found;
}

function parsed(expression: string, at: number, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw refused(
      expression,
      at,
      "a name in double quotes is written as in JSON",
      "write, for example: --query '\"a name\"'",
    );
  }
}

/** JSON in backquotes, with the digits of its numbers. What JSON has no number for (`1e999`) is none. */
function literal(expression: string, at: number, text: string): unknown {
  const json = text.slice(1, -1).replaceAll("\\`", "`");
  try {
    const read = (_: string, value: unknown, { source = "" }: { source?: string } = {}) => {
      if (typeof value !== "number") return value;
      if (!Number.isFinite(value)) throw new RangeError();
      return literalNumber(value, source);
    };
    return JSON.parse(json, read);
  } catch {
    const hint = /^\s*\w[^"'`\\]*$/.test(json)
      ? `text stands in single quotes: '${json.slice(0, 40).trim()}'`
      : "`10`, `true`, `[1, 2]` are; text stands in single quotes";
    throw refused(expression, at, "what stands in backquotes must be JSON", hint);
  }
}
