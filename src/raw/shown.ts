/**
 * An answer as a terminal shows it. Loaded there.
 *
 * @module
 */

import { safe, safeJson } from "../output/mod.ts";

/** A text with its line breaks, safe; JSON is indented, and stays JSON. */
export function shown(text: string): string {
  if (isJson(text)) return safeJson(indented(text)) + "\n";
  return text.replace(/\n$/, "").split("\n").map((line) => safe(line) + "\n").join("");
}

function isJson(text: string): boolean {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null;
  } catch {
    return false;
  }
}

/** Levels that are indented: what is nested a hundred thousand deep would be gigabytes of spaces. */
const DEEPEST = 50;

/** JSON with line breaks, each digit as it was: only what stands between the values is written anew. */
function indented(json: string): string {
  const tokens = tokensOf(json);
  let depth = 0;
  const line = () => `\n${"  ".repeat(Math.min(depth, DEEPEST))}`;
  return tokens.map((token, at) => {
    const before = tokens[at - 1];
    switch (token) {
      case "{":
      case "[": {
        depth++;
        return tokens[at + 1] === "}" || tokens[at + 1] === "]" ? token : token + line();
      }
      case "}":
      case "]": {
        depth--;
        return before === "{" || before === "[" ? token : line() + token;
      }
      case ",":
        return token + line();
      case ":":
        return ": ";
      default:
        return token;
    }
  }).join("");
}

/** A loop finds the end of a text: a pattern that looks at each of its escapes has no room for megabytes. */
function tokensOf(json: string): string[] {
  const found: string[] = [];
  const pattern = /[[\]{},:"]|[^\s[\]{},:"]+/g;
  for (let token = pattern.exec(json); token; token = pattern.exec(json)) {
    let end = pattern.lastIndex;
    if (token[0] === '"') {
      while (json[end] !== '"') end += json[end] === "\\" ? 2 : 1;
      pattern.lastIndex = ++end;
    }
    found.push(json.slice(token.index, end));
  }
  return found;
}
