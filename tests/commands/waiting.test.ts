/** A server that asks to wait before the next try: who sits at a terminal learns why nothing happens. */
import { execute } from "../support/harness.ts";
import { hasty, json, order, page, scripted, withToken } from "../support/scripted.ts";
import assert from "node:assert/strict";

const BUSY = json({ message: "Too Many Attempts." }, 429, { "Retry-After": "30" });
const SAID = "The server asks to wait: next try in 30 s, Ctrl-C ends it.";

/** A world whose clock moves as it is slept, at a terminal unless it is said otherwise. */
async function slow(answers: Parameters<typeof scripted>, terminal = { stderr: true }) {
  const made = hasty();
  const { clock } = made.system as { clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> } };
  let now = clock.now();
  const sleep = async (ms: number, signal?: AbortSignal) => {
    await clock.sleep(ms, signal);
    now += ms;
  };
  const w = await withToken("owner", { system: { clock: { now: () => now, sleep } }, fetch: scripted(...answers) });
  Object.assign(w.env, made.env, { NO_COLOR: "1" });
  Object.assign(w, { terminal });
  return w;
}

Deno.test("a wait of more than a second is said at a terminal, each time there is one", async () => {
  await using w = await slow([BUSY, BUSY, page([order()])]);
  const { code, err } = await execute("orders list", w);
  assert.equal(code, 0, err);
  assert.deepEqual(err.split("\n").map((line) => line.trimEnd()).slice(0, 2), [SAID, SAID]);
  assert.equal(err.split("\n")[0]!.length, w.columns - 1, "nothing is left of a line of progress");
});

Deno.test("several requests that are told to wait at once say it once", async () => {
  let asked = 0;
  const answer = () => ++asked === 1 ? page([order(1)], 4)() : asked < 5 ? BUSY() : page([order(asked)], 4)();
  await using w = await slow([answer]);
  const { err } = await execute("orders list --all", w);
  assert.equal(err.split(SAID).length - 1, 1, err);
});

const SILENT: [what: string, line: string, terminal: { stderr: boolean }, wait: string][] = [
  ["in a pipe", "orders list", { stderr: false }, "30"],
  ["with -q", "orders list -q", { stderr: true }, "30"],
  ["for a program", "orders list -o json", { stderr: true }, "30"],
  ["of a second", "orders list", { stderr: true }, "1"],
];
for (const [what, line, terminal, wait] of SILENT) {
  Deno.test(`a wait ${what} is not said`, async () => {
    const busy = json({}, 429, { "Retry-After": wait });
    await using w = await slow([busy, page([order()])], terminal);
    const { code, err } = await execute(line, w);
    assert.equal(code, 0, err);
    assert.doesNotMatch(err, /asks to wait/);
  });
}
