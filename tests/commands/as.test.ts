/** Several verbs in one process, with ends of their own: what an MCP server and a plan are made of. */
import assert from "node:assert/strict";
import { type App, app, flagsOf, type Globals } from "../../src/app.ts";
import { everyVerb } from "../../src/commands/mod.ts";
import { parse } from "../../src/cli/mod.ts";
import { NOUNS } from "../../src/commands/mod.ts";
import { settings } from "../../src/config/mod.ts";
import { DROPPED } from "../../src/drop.ts";
import { AppError } from "../../src/errors.ts";
import type { Output, System } from "../../src/system/mod.ts";
import { systemOf, type World } from "../support/world.ts";
import { withToken } from "../support/scripted.ts";

const GLOBALS: Globals = { input: false, color: "never", quiet: false, debug: false };

function appIn(of: World, system: System = systemOf(of)): App {
  const signal = new AbortController().signal;
  return app({
    system,
    globals: GLOBALS,
    settings: settings(system, flagsOf(GLOBALS)),
    format: "tsv",
    signal,
    drop: DROPPED,
  });
}

/** Runs a line through `app.as`, as a server of verbs does; what it printed and how it ended. */
async function through(base: App, line: string, signal = new AbortController().signal) {
  const seen = { out: "", err: "", end: "" };
  const end = (key: "out" | "err"): Output => ({
    isTerminal: false,
    columns: () => 80,
    write: (text) => Promise.resolve(void (seen[key] += text)),
  });
  const parsed = await parse(line.split(" "), NOUNS);
  assert.ok(parsed.is === "run", line);
  try {
    await parsed.verb.run(
      base.as({ stdout: end("out"), stderr: end("err"), signal, globals: parsed.globals }),
      parsed.given,
      ...parsed.words,
    );
  } catch (error) {
    seen.end = error instanceof AppError ? error.kind : String(error);
  }
  return seen;
}

Deno.test("200 verbs run at once in one process, and each output is its own", async () => {
  await using w = await withToken();
  const base = appIn(w);
  const lines = Array.from({ length: 50 }, (_, at) => [
    `orders list --page ${at + 1} --per-page 3 -o json`,
    `orders list --page ${at + 1} --per-page 3 -o tsv --tenant globex`,
    `orders get NO-SUCH-${at} -o json`,
    `config get ${["tenant", "output", "api_url", "no_telemetry"][at % 4]} --tenant t${at}`,
  ]).flat();
  const alone = [];
  for (const line of lines) alone.push(await through(base, line));
  const together = await Promise.all(lines.map((line) => through(base, line)));
  assert.deepEqual(together, alone);
  assert.ok(new Set(together.map(({ out }) => out)).size > 60, "the outputs differ");
  assert.deepEqual([w.seen.stdout, w.seen.stderr], ["", ""], "nothing on the ends of the process");
});

Deno.test("a run with ends of its own gives up no permission of the others, and one that is aborted ends alone", async () => {
  await using w = await withToken();
  const base = appIn(w);
  const abort = new AbortController();
  const gone = through(base, "orders list --all -o json", abort.signal);
  const other = through(base, "orders list --per-page 1");
  abort.abort(new AppError("interrupted", "interrupted"));
  assert.equal((await gone).end, "interrupted");
  assert.match((await other).out, /^ORDER\t.*\nORD-/);
  assert.deepEqual(w.seen.kept, []);
});

Deno.test("nobody is asked there: what needs a yes is refused without one", async () => {
  await using w = await withToken("owner", { terminal: { stdin: true, stdout: true, stderr: true } });
  const { end } = await through(appIn(w), "orders cancel ORD-20260503-1814");
  assert.deepEqual([end, w.seen.asked], ["usage", []]);
});

Deno.test("every verb runs through as, but for those that hold a terminal", async () => {
  const verbs = (await everyVerb()).filter(({ words }) => !words.startsWith("auth login"));
  await using w = await withToken();
  for (const { words, verb } of verbs) {
    const needed = verb.args.map(({ value }) => value.schema.enum?.[0] ?? "x");
    const { end } = await through(appIn(w), [words, ...needed].join(" "));
    assert.ok(
      ["", "usage", "not-found", "unauthenticated", "tenant", "config", "rejected", "server"].includes(end),
      `${words}: ${end}`,
    );
  }
});
