/**
 * The whole program in one call: `await autocom("orders list", { out: /ORD-/ }, world)`. What is not expected must not
 * be said: the default is exit 0 and silence on both streams.
 *
 * @module
 */

import assert from "node:assert/strict";
import { run } from "../../src/run.ts";
import { browserOf, systemOf, type User, type World, world } from "./world.ts";

export { beside, browserOf, pat, type User, type World, world } from "./world.ts";

/** Exact text, a pattern, or a check of its own. */
export type Expected = string | RegExp | ((text: string) => void);

export interface Want {
  code?: number;
  out?: Expected;
  err?: Expected;
}

/** Runs one command line in a world, a fresh one when none is given, and holds it to what is wanted. */
export async function autocom(line: string | string[], want: Want = {}, within?: World): Promise<void> {
  const of = within ?? await world();
  try {
    const { code, out, err } = await execute(line, of);
    const wrong = [
      mismatch("exit code", () => assert.equal(code, want.code ?? 0)),
      mismatch("stdout", () => check(out, want.out ?? "")),
      mismatch("stderr", () => check(err, want.err ?? "")),
    ].filter((text) => text !== undefined);
    const said = `autocom ${String(line).slice(0, 500)}\n--- stdout\n${out}\n--- stderr\n${err}\n---`;
    if (wrong.length > 0) assert.fail([...wrong, said].join("\n\n"));
  } finally {
    if (!within) await of[Symbol.asyncDispose]();
  }
}

/** The same without expectations, for tests that look closer. */
export async function execute(
  line: string | string[],
  of: World,
): Promise<{ code: number; readonly out: string; readonly err: string }> {
  of.seen.next(String(line));
  const code = await run(typeof line === "string" ? words(line) : line, systemOf(of));
  await of.browsing;
  const { seen } = of;
  return {
    code,
    out: seen.stdout,
    get err() {
      return seen.stderr;
    },
  };
}

/** A world that is logged in: as `user`, with a session in the keychain and `acme` as its tenant. */
export async function loggedIn(user: User = "owner", changes: Partial<World> = {}): Promise<World> {
  const made = await world(changes);
  made.browser = browserOf(made.sandbox, user);
  made.env.DISPLAY = ":0";
  const { code, err } = await execute("auth login --tenant acme", made);
  assert.equal(code, 0, err);
  made.sandbox.log.length = 0;
  return made;
}

function check(text: string, expected: Expected): void {
  if (typeof expected === "string") assert.equal(text, expected);
  else if (expected instanceof RegExp) assert.match(text, expected);
  else expected(text);
}

/** What is wrong, under its name; undefined when the check holds. */
function mismatch(what: string, check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return `${what}: ${error instanceof Error ? error.message : error}`;
  }
}

/** Splits like a shell, as far as tests need it: spaces, and double quotes around words with spaces. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}
