/** WP-95: the line that says how far something is, on a clock that the test moves. */
import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { progress, size, type UnderWay } from "../../src/output/progress.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { holdToLine, Window } from "../support/output/screen.ts";
import { MovingClock } from "../support/system/moving_clock.ts";

/** What is under way, on a window of 100 columns, with what is seen of it. */
function scene(changes: Partial<UnderWay> & { env?: Record<string, string>; piped?: boolean; columns?: number } = {}) {
  const { env = { TERM: "xterm" }, piped = false, columns = 100, ...rest } = changes;
  const clock = new MovingClock();
  const screen = new Window(columns);
  const interrupt = new AbortController();
  let text = "";
  const output = (isTerminal: boolean) => ({
    isTerminal,
    columns: () => screen.columns,
    write: (data: string | Uint8Array) => {
      text += data;
      screen.write(String(data));
      return Promise.resolve();
    },
  });
  const real = denoSystem();
  const system = {
    ...real,
    io: { ...real.io, stderr: output(!piped), stdout: output(false) },
    signals: { ...real.signals, onTerminal: () => () => {} },
    clock,
    env,
    host: { ...real.host, os: "linux" as const },
  };
  const under: UnderWay = {
    system,
    globals: { quiet: false, debug: false },
    format: "table",
    signal: interrupt.signal,
    what: "Exporting orders",
    unit: "orders",
    writes: false,
    ...rest,
  };
  return { clock, screen, interrupt, under, said: () => text };
}

Deno.test("WP-95: nothing is shown of what is over within a second", async () => {
  const { clock, under, said } = scene();
  const line = (await progress(under))!;
  line.begin();
  await clock.pass(999);
  line.tell(5, 10);
  await line.end();
  await clock.pass(5_000);
  assert.deepEqual([said(), clock.asleep], ["", 0]);
});

Deno.test("WP-95: after a second it says how many of how many, how large, how fast and how long still, five times a second", async () => {
  const { clock, under, screen, said } = scene();
  const line = (await progress(under))!;
  line.begin();
  line.tell(1_200, 10_000, 56_000);
  await clock.pass(1_000);
  assert.deepEqual(screen.rows, ["Exporting orders: 1,200 of 10,000 orders (12 %), 56 KB, 1,200 orders/s, 8 s left"]);
  line.tell(2_000, 10_000, 93_000);
  await clock.pass(199);
  assert.match(screen.rows[0]!, / 1,200 of /);
  await clock.pass(1);
  assert.deepEqual(screen.rows, ["Exporting orders: 2,000 of 10,000 orders (20 %), 93 KB, 1,667 orders/s, 5 s left"]);
  await clock.pass(10_000);
  assert.ok(screen.isAtStart, "the cursor waits where the line begins");
  await line.end();
  assert.deepEqual([screen.rows, clock.asleep], [[""], 0]);
  holdToLine(said());
});

Deno.test("WP-95: what is not known is not said: no total, fewer than there are, nothing yet", async () => {
  const { clock, under, screen } = scene();
  const line = (await progress(under))!;
  line.begin();
  await clock.pass(1_000);
  assert.deepEqual(screen.rows, ["Exporting orders: 0 orders"]);
  line.tell(12);
  await clock.pass(1_000);
  assert.deepEqual(screen.rows, ["Exporting orders: 12 orders, 6.0 orders/s"]);
  line.tell(12, 9);
  await clock.pass(1_000);
  assert.deepEqual(screen.rows, ["Exporting orders: 12 orders, 4.0 orders/s"]);
  await line.end();
});

Deno.test("WP-95: bytes are told in MB, and a long time in minutes and hours", async () => {
  const { clock, under, screen } = scene({ what: "Downloading", unit: "bytes" });
  const line = (await progress(under))!;
  line.begin();
  line.tell(4_100_000, 36_000_000);
  await clock.pass(1_000);
  assert.deepEqual(screen.rows, ["Downloading: 4.1 of 36.0 MB (11 %), 4.1 MB/s, 8 s left"]);
  for (const [done, left] of [[41_000, "15 min left"], [4_100, "2 h 27 min left"]] as const) {
    const again = scene({ what: "Downloading", unit: "bytes" });
    const slow = (await progress(again.under))!;
    slow.begin();
    slow.tell(done, 36_000_000);
    await again.clock.pass(1_000);
    assert.ok(again.screen.rows[0]!.endsWith(left), again.screen.rows[0]);
    await slow.end();
  }
  await line.end();
  assert.deepEqual([0, 1, 999, 1_000, 999_499, 999_500, 12_345_678].map(size), [
    "0 bytes",
    "1 byte",
    "999 bytes",
    "1 KB",
    "999 KB",
    "1.0 MB",
    "12.3 MB",
  ]);
});

const SILENT: [what: string, changes: Parameters<typeof scene>[0]][] = [
  ["stderr is no terminal", { piped: true }],
  ["TERM is dumb", { env: { TERM: "dumb" } }],
  ["TERM is not set", { env: {} }],
  ["--quiet", { globals: { quiet: true, debug: false } }],
  ["--debug", { globals: { quiet: false, debug: true } }],
  ["-o json", { format: "json" }],
  ["-o jsonl", { format: "jsonl" }],
  ["-o yaml", { format: "yaml" }],
];
for (const [what, changes] of SILENT) {
  Deno.test(`WP-95: nothing is shown: ${what}`, async () => {
    assert.equal(await progress(scene(changes).under), undefined);
  });
}

Deno.test("WP-95: nothing is shown where rows may come to the same screen: a terminal, a pipe, what nobody knows", async () => {
  const kinds: [stdout: boolean, stat: () => Promise<unknown>, shown: boolean][] = [
    [true, () => Promise.resolve({ isFile: true }), false],
    [false, () => Promise.resolve({ isFile: true }), true],
    [false, () => Promise.resolve({ isCharDevice: true }), true],
    [false, () => Promise.resolve({ isFifo: true }), false],
    [false, () => Promise.resolve({ isSocket: true }), false],
    [false, () => Promise.reject(new Deno.errors.NotFound()), false],
  ];
  for (const [isTerminal, stat, shown] of kinds) {
    const { under } = scene({ writes: true });
    const { system } = under;
    const io = { ...system.io, stdout: { ...system.io.stdout, isTerminal } };
    const files = { ...system.files, stat: stat as typeof Deno.stat };
    assert.equal(await progress({ ...under, system: { ...system, io, files } }) !== undefined, shown);
  }
});

Deno.test("WP-95: an interruption takes the line away at once, whatever else takes its time", async () => {
  const { clock, under, screen, interrupt, said } = scene();
  const line = (await progress(under))!;
  line.begin();
  line.tell(12, 100);
  await clock.pass(1_000);
  screen.write("^C");
  interrupt.abort(new AppError("interrupted", "interrupted"));
  await clock.pass(10_000);
  assert.deepEqual([screen.rows, clock.asleep], [[""], 0]);
  await line.end();
  holdToLine(said());
  assert.doesNotMatch(said(), /\?25l/, "the cursor is never hidden, so that a killed run leaves it");
});

for (const flows of [true, false]) {
  Deno.test(`WP-95: no torn line when the window is resized, in a terminal that ${flows ? "flows lines anew" : "cuts them"}`, async () => {
    const made = scene();
    const screen = new Window(100, flows);
    const stderr = {
      isTerminal: true,
      columns: () => screen.columns,
      write: (text: string | Uint8Array) => Promise.resolve(screen.write(String(text))),
    };
    screen.write("$ autocom orders export\n");
    const { system } = made.under;
    const line = (await progress({ ...made.under, system: { ...system, io: { ...system.io, stderr } } }))!;
    line.begin();
    line.tell(1_200, 10_000, 56_000);
    await made.clock.pass(1_000);
    for (const columns of [50, 100, 31, 7, 120, 24]) {
      screen.resize(columns);
      await made.clock.pass(200);
      const rows = screen.rows.slice(Math.ceil("$ autocom orders export".length / columns));
      if (flows || columns >= 24) assert.equal(rows.length, 1, `${columns}: ${screen.rows.join("|")}`);
      assert.ok(screen.rows.at(-1)!.length < columns, "the last column stays empty: no terminal wraps there");
      const [counts] = screen.rows.at(-1)!.split(/, [\d.,]+ orders\/s/);
      assert.ok("Exporting orders: 1,200 of 10,000 orders (12 %), 56 KB".startsWith(counts!), counts);
    }
    screen.resize(9);
    await line.end();
    assert.equal(screen.rows.at(-1), "");
  });
}

Deno.test("WP-95: no window is so narrow that half a number is shown", async () => {
  for (let columns = 0; columns < 100; columns++) {
    const { clock, under, screen } = scene({ columns: 100 });
    const { stderr } = under.system.io;
    const narrow = { ...under.system, io: { ...under.system.io, stderr: { ...stderr, columns: () => columns } } };
    const line = (await progress({ ...under, system: narrow }))!;
    line.begin();
    line.tell(12_300, 100_000, 4_100_000);
    await clock.pass(1_000);
    const shown = screen.rows.at(-1)!;
    assert.ok(shown.length <= Math.max(0, columns - 1), `${columns}: ${shown}`);
    for (const number of shown.match(/[\d.,]*\d/g) ?? []) {
      assert.ok(["12,300", "100,000", "12", "4.1", "8"].includes(number), `${columns}: ${shown}`);
    }
    await line.end();
  }
});

Deno.test("WP-95: a terminal that is stopped gets no more until it goes on, and one that went away is no failure", async () => {
  const { clock, under } = scene();
  let writes = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const stderr = { isTerminal: true, columns: () => 80, write: () => (writes++, promise) };
  const line = (await progress({ ...under, system: { ...under.system, io: { ...under.system.io, stderr } } }))!;
  line.begin();
  await clock.pass(60_000);
  assert.equal(writes, 1);
  resolve();
  await new Promise((done) => setTimeout(done));
  await clock.pass(200);
  assert.equal(writes, 2);
  await line.end();
  const gone = { ...stderr, write: () => Promise.reject(new AppError("pipe-closed", "gone")) };
  const other = (await progress({ ...under, system: { ...under.system, io: { ...under.system.io, stderr: gone } } }))!;
  other.begin();
  await clock.pass(5_000);
  await other.end();
});

Deno.test("WP-95: nothing is drawn, nor taken away, while the terminal is another job's", async () => {
  const { clock, under, screen, said } = scene();
  let isOurs = true;
  Object.assign(under.system.io.stderr, { isOurs: () => isOurs });
  const line = (await progress(under))!;
  line.begin();
  line.tell(12);
  await clock.pass(1_000);
  assert.deepEqual(screen.rows, ["Exporting orders: 12 orders, 12 orders/s"]);
  isOurs = false;
  screen.write("\n$ vi notes");
  const before = said();
  await clock.pass(10_000);
  assert.equal(said(), before);
  isOurs = true;
  screen.write("\n");
  await clock.pass(200);
  assert.match(screen.rows.at(-1)!, /^Exporting orders: 12 orders/);
  isOurs = false;
  screen.write("\n$ ls");
  await line.end();
  assert.equal(screen.rows.at(-1), "$ ls");
});

Deno.test("WP-95: where nobody knows whose the terminal is, a run that was stopped draws no more", async () => {
  const { clock, under, screen, said } = scene();
  let goOn = (_name: "SIGCONT") => {};
  const signals = {
    ...under.system.signals,
    onTerminal: (listener: typeof goOn, only?: string) => {
      assert.equal(only, "SIGCONT");
      goOn = listener;
      return () => goOn = () => {};
    },
  };
  const here = { ...under, system: { ...under.system, signals } };
  const line = (await progress(here))!;
  line.begin();
  await clock.pass(1_000);
  assert.deepEqual(screen.rows, ["Exporting orders: 0 orders"]);
  goOn("SIGCONT");
  screen.write("\n$ ls");
  const before = said();
  await clock.pass(5_000);
  await line.end();
  const next = (await progress(here))!;
  next.begin();
  await clock.pass(5_000);
  await next.end();
  assert.deepEqual([said(), screen.rows.at(-1)], [before, "$ ls"]);
});
