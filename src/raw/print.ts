import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { safe } from "../output/mod.ts";

/** An answer to a pipe as its bytes are; to a terminal as text, JSON indented, with no control character of the server's. */
export async function printRaw({ system }: App, bytes: Uint8Array): Promise<void> {
  const { stdout } = system.io;
  if (bytes.length === 0) return;
  if (!stdout.isTerminal) return await stdout.write(bytes);
  const text = decode(bytes);
  if (text === undefined) {
    throw new AppError("usage", "the answer is not text, and a terminal cannot show it", {
      hint: "send it into a file, or a pipe",
    });
  }
  const lines = (isJson(text) ? indented(text) : text).replace(/\n$/, "").split("\n");
  await stdout.write(lines.map((line) => safe(line) + "\n").join(""));
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
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
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g) ?? [];
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
