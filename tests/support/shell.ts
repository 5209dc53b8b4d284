/** As much of a shell as the examples in our help need: `NAME=value`, quotes, `$NAME`, `$(…)`, one pipe, echo and curl. */
import { execute, type World } from "./harness.ts";

export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs a line; `variables` are the shell's, not exported. */
export async function shell(line: string, of: World, variables: Record<string, string>): Promise<Ended> {
  let ended: Ended = { code: 0, out: "", err: "" };
  for (const [at, part] of split(line, "|").entries()) {
    const words = await Promise.all(split(part, " ").map((word) => expand(word, of, variables)));
    if (at > 0) of.stdin = ended.out;
    ended = await command(words, of);
    if (ended.code !== 0) return ended;
  }
  return ended;
}

async function command(words: string[], of: World): Promise<Ended> {
  const start = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  const env = Object.fromEntries(words.slice(0, start).map((word) => word.split(/=(.*)/s).slice(0, 2)));
  const [program, ...args] = words.slice(start);
  if (program === "echo") return { code: 0, out: `${args.join(" ")}\n`, err: "" };
  if (program === "curl") return await curl(args, of);
  if (program !== "autocom") throw new Error(`there is no "${program}"`);
  const before = of.env;
  of.env = { ...before, ...env };
  try {
    return await execute(args, of);
  } finally {
    of.env = before;
  }
}

/** `-H "Name: value" URL` */
async function curl(args: string[], { sandbox }: World): Promise<Ended> {
  const headers = new Headers({ Accept: "application/json" });
  for (let at = 0; args[at] === "-H"; at += 2) headers.append(...args[at + 1]!.split(/: (.*)/s) as [string, string]);
  const answer = await sandbox.fetch(new Request(args.at(-1)!, { headers }));
  return { code: answer.ok ? 0 : 22, out: await answer.text(), err: "" };
}

/** At each separator outside quotes and parentheses. */
function split(line: string, separator: string): string[] {
  const parts = [""];
  let quote = "";
  let depth = 0;
  for (const char of line.trim()) {
    if (quote ? char === quote : `"'`.includes(char)) quote = quote ? "" : char;
    if (char === "(") depth++;
    if (char === ")") depth--;
    if (char === separator && !quote && depth === 0) parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts.filter(Boolean);
}

async function expand(word: string, of: World, variables: Record<string, string>): Promise<string> {
  let text = word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single);
  if (word.startsWith("'")) return text;
  const inner = /\$\((.*)\)/s.exec(text);
  if (inner) text = text.replace(inner[0], (await shell(inner[1]!, of, variables)).out.trimEnd());
  return text.replace(/\$([A-Z_]+)/g, (_, name) => variables[name] ?? "");
}
