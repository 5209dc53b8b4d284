/**
 * `deno task trace SYMBOLS [FILE]`: reads a trace that `--debug` printed (FILE, else stdin) and prints it with each place
 * in the program's chunks turned back into the one in the source. SYMBOLS is the file of that release.
 *
 * @module
 */

import { decode } from "./sourcemap.ts";
import type { Symbols } from "./symbols.ts";

/** `execute-9.js:1:2345` → `src/execute.ts:31:7 (name)`; a place that the symbols do not have stays. */
export function traced(text: string, { chunks }: Symbols): string {
  const decoded = new Map<string, ReturnType<typeof decode>>();
  return text.replace(/[^\s()]*?([\w$-]+\.js):(\d+):(\d+)/g, (whole, name: string, line: string, column: string) => {
    const map = chunks[name];
    if (!map) return whole;
    if (!decoded.has(name)) decoded.set(name, decode(map.mappings));
    const [wantedLine, wantedColumn] = [Number(line) - 1, Number(column) - 1];
    const found = decoded.get(name)!.findLast((at) => at.line === wantedLine && at.column <= wantedColumn);
    if (!found) return whole;
    const original = found.name === undefined ? "" : ` (${map.names[found.name]})`;
    return `${map.sources[found.source]}:${found.sourceLine + 1}:${found.sourceColumn + 1}${original}`;
  });
}

if (import.meta.main) {
  const [symbols, file] = Deno.args;
  if (!symbols) {
    console.error("use: deno task trace SYMBOLS [FILE]");
    Deno.exit(2);
  }
  const text = file ? await Deno.readTextFile(file) : await new Response(Deno.stdin.readable).text();
  await Deno.stdout.write(new TextEncoder().encode(traced(text, JSON.parse(await Deno.readTextFile(symbols)))));
}
