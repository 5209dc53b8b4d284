/** WP-95: what takes longer than a second says how far it is, where somebody sees it and nothing else is written there. */
import assert from "node:assert/strict";
import { gateway } from "../support/gateway.ts";
import { execute, type World } from "../support/harness.ts";
import { full, left, page, writing } from "../support/exports.ts";
import { json } from "../support/scripted.ts";
import { Window } from "../support/output/screen.ts";
import { MovingClock } from "../support/system/moving_clock.ts";

const PAGES = 5;
const SDL =
  `type Meta { current_page: Int!, total_pages: Int!, total_items: Int! } type Order { id: ID!, status: String! }
  type Page { data: [Order!]!, meta: Meta! } type Query { orders(page: Int, per_page: Int): Page }`;

type Made = Awaited<ReturnType<typeof writing>> & { screen: Window };

/** At a terminal whose stdout goes elsewhere; each of five pages takes the server 600 ms. */
async function slow(
  changes: { env?: Record<string, string>; stdout?: "file" | "pipe"; at?: (page: number, of: World) => void } = {},
): Promise<Made> {
  const clock = new MovingClock();
  const made = await writing("owner", { env: { TERM: "xterm", NO_COLOR: "1", ...changes.env } });
  const screen = new Window(100);
  let asked = 0;
  /** One page after another, whoever asks for several at once. */
  let before: Promise<void> = Promise.resolve();
  made.fetch = async (request) => {
    if (/__schema/.test(await request.clone().text())) return await gateway(SDL)(request);
    const number = ++asked;
    await (before = before.then(() => clock.pass(600)));
    changes.at?.(number, made);
    request.signal.throwIfAborted();
    if (request.url.includes("/raw")) return json({ data: [], meta: { current_page: number, total_pages: PAGES } })();
    const { data } = await page([full(number)], PAGES)().json();
    data.orders.meta.current_page = number;
    return json({ data })();
  };
  made.terminal = { stdin: true, stderr: true };
  const stat: typeof Deno.stat = async (path) =>
    path === "/dev/fd/1" ? { ...await Deno.stat(made.home), isFifo: changes.stdout === "pipe" } : await Deno.stat(path);
  made.system = { clock, files: { ...filesOf(), stat } };
  const say = made.seen.say.bind(made.seen);
  made.seen.say = (stream, text) => {
    say(stream, text);
    if (stream === "stderr") screen.write(text);
  };
  return Object.assign(made, { screen });
}

const filesOf = () => {
  const { open, lstat, stat, mkdir, rename, remove, readDir, chmod, chown, link, realPath } = Deno;
  const { openSync, lstatSync, statSync, chmodSync } = Deno;
  const now = { openSync, lstatSync, statSync, chmodSync };
  return { open, lstat, stat, mkdir, rename, remove, readDir, chmod, chown, link, realPath, ...now };
};

Deno.test("WP-95: a schema that is read in steps shows one line, and takes it away; a machine's format has none", async () => {
  const types = Array.from({ length: 60 }, (_, at) => `type T${at} { id: ID! }`).join("\n");
  for (const [line, shown] of [["schema refresh", true], ["schema refresh -q", false]] as const) {
    await using w = await slow();
    const server = gateway(`type Query { one: Int, two: T0 }\n${types}`, { one: 1 }, { depth: 6 });
    const { clock } = w.system as { clock: MovingClock };
    w.fetch = async (request) => {
      await clock.pass(600);
      return await server(request);
    };
    const { code, err } = await execute(line, w);
    assert.equal(code, 0, err);
    assert.equal(/Reading the schema: 32 of 61 types \(52 %\)/.test(err), shown, err);
    assert.ok(w.screen.rows.length <= 2, w.screen.rows.join("|"));
    assert.ok(!w.screen.rows.some((row) => row.includes("Reading")), w.screen.rows.join("|"));
  }
});

const LINES: [line: string, shown: RegExp, last: RegExp][] = [
  [
    "orders export --output-file OUT/a.csv",
    /Exporting orders: 2 of 5 orders \(40 %\), \d+ bytes, 1\.3 orders\/s, 3 s left/,
    /^Wrote 5 orders to /,
  ],
  ["orders export --format csv", /Exporting orders: 2 of 5 orders \(40 %\)/, /^$/],
  ["orders list --all", /Listing orders: 2 of 5 orders \(40 %\)/, /^$/],
  ["orders list --limit 4 --per-page 1", /Listing orders: 2 of 4 orders \(50 %\)/, /^4 of 5 orders shown/],
  ["call orders --all", /Calling orders: 2 of 5 rows \(40 %\)/, /^$/],
  ["api /raw --paginate", /Fetching: 2 of 5 pages \(40 %\)/, /^$/],
];
for (const [line, shown, last] of LINES) {
  Deno.test(`WP-95: ${line} shows one line, and takes it away`, async () => {
    await using w = await slow();
    const { code, err } = await execute(line.replace("OUT", w.folder), w);
    assert.equal(code, 0, err);
    assert.match(err, shown);
    assert.match(w.screen.rows[0]!, last);
    assert.ok(w.screen.rows.length <= 3, w.screen.rows.join("|"));
  });

  for (
    const [what, more, changes] of [
      ["with --quiet", " -q", {}],
      ["with -o json", " -o json", {}],
      ["with TERM=dumb", "", { env: { TERM: "dumb" } }],
    ] as const
  ) {
    Deno.test(`WP-95: ${line} shows none ${what}`, async () => {
      await using w = await slow(changes);
      const { code, err } = await execute(line.replace("OUT", w.folder) + more, w);
      assert.equal(code, 0, err);
      assert.ok(!/[\r%]/.test(err) && !err.includes("\x1b"), err);
    });
  }

  Deno.test(`WP-95: ${line} shows none where stderr is no terminal, and none that would mix with what it writes`, async () => {
    for (
      const [terminal, stdout] of [[{}, "file"], [{ stderr: true, stdout: true }, "file"], [
        { stderr: true },
        "pipe",
      ]] as const
    ) {
      await using w = await slow({ stdout });
      w.terminal = terminal;
      const { err } = await execute(line.replace("OUT", w.folder), w);
      const isApart = line.includes("OUT") && "stderr" in terminal;
      assert.equal(/%/.test(err), isApart, `${JSON.stringify(terminal)} ${stdout}: ${err}`);
    }
  });
}

Deno.test("WP-95: Ctrl-C in the middle takes the line away, ends with 130, and the error stands alone", async () => {
  for (const line of ["orders export --output-file OUT/a.csv", "orders list --all", "api /raw --paginate"]) {
    await using w = await slow({ at: (number, of) => number === 4 && of.signal("SIGINT") });
    const { code, err } = await execute(line.replace("OUT", w.folder), w);
    assert.equal(code, 130, err);
    assert.match(err, /%/);
    assert.match(w.screen.rows[0]!, /^error: interrupted/);
    assert.deepEqual(await left(w.folder), []);
  }
});

Deno.test("WP-95: a page that fails takes the line away before the error", async () => {
  await using w = await slow();
  const answer = w.fetch;
  let asked = 0;
  w.fetch = async (request) => (++asked > 3 ? json({}, 500)() : await answer(request));
  const { code, err } = await execute(`orders export --output-file ${w.folder}/a.csv`, w);
  assert.equal(code, 11, err);
  assert.match(w.screen.rows[0]!, /^error: cannot export orders: /);
});

/** At a terminal; every answer takes the server so many ms. */
async function waiting(ms: number, changes: Parameters<typeof slow>[0] = {}): Promise<Made> {
  const made = await slow(changes);
  const { clock } = made.system as { clock: MovingClock };
  const answer = page([full(1)]);
  made.fetch = async (request) => {
    for (let passed = 0; passed < ms; passed += 100) {
      await clock.pass(100);
      request.signal.throwIfAborted();
    }
    return answer();
  };
  made.terminal = { stdin: true, stdout: true, stderr: true };
  return made;
}

Deno.test("WP-95: one answer that takes longer than a second is told of at a terminal, and the line is taken away", async () => {
  await using w = await waiting(3_400);
  const { code, out, err } = await execute("orders list", w);
  assert.equal(code, 0, err);
  const { host } = new URL(w.env.AUTOCOM_API_URL!);
  const said = [...err.matchAll(/Waiting for (\S+): (\d+) s/g)].map(([, at, seconds]) => `${at} ${seconds}`);
  assert.deepEqual([...new Set(said)], [1, 2, 3].map((seconds) => `${host} ${seconds}`));
  assert.deepEqual(w.screen.rows, [""], "nothing of it is left");
  assert.match(out, /ORDER/);
});

const UNTOLD: [what: string, line: string, ms: number, changes: Parameters<typeof slow>[0], stdout: boolean][] = [
  ["within a second", "orders list", 900, {}, true],
  ["with -q", "orders list -q", 3_000, {}, true],
  ["for a program", "orders list -o json", 3_000, {}, true],
  ["with TERM=dumb", "orders list", 3_000, { env: { TERM: "dumb" } }, true],
  ["where stdout goes elsewhere", "orders list", 3_000, {}, false],
];
for (const [what, line, ms, changes, stdout] of UNTOLD) {
  Deno.test(`WP-95: an answer ${what} shows no line`, async () => {
    await using w = await waiting(ms, changes);
    w.terminal = { ...w.terminal, stdout };
    const { code, err } = await execute(line, w);
    assert.equal(code, 0, err);
    assert.doesNotMatch(err, /Waiting|\r/);
  });
}

const FIRST: [line: string, counts: RegExp | undefined][] = [
  ["orders list --limit 4 --per-page 1", undefined],
  ["orders list --all", undefined],
  ["orders export --format csv", undefined],
  ["call orders --all", undefined],
  ["api /raw --paginate", undefined],
  ["orders list --query [].id", /Listing orders: [1-4] of 5 orders \(\d0 %\)/],
  ["call orders --all --query [].id", /Calling orders: [1-4] of 5 rows \(\d0 %\)/],
  ["api /raw --paginate --query [0]", /Fetching: 2 of 5 pages \(40 %\)/],
];
for (const [line, counts] of FIRST) {
  Deno.test(`WP-95: ${line} at a terminal: what is waited for is told until the first row stands there${counts ? ", and counted" : ""}`, async () => {
    await using w = await slow();
    w.terminal = { stdin: true, stdout: true, stderr: true };
    const { clock } = w.system as { clock: MovingClock };
    const answer = w.fetch;
    w.fetch = async (request) => {
      await clock.pass(1_500);
      return await answer(request);
    };
    const said: [stream: string, text: string][] = [];
    const say = w.seen.say.bind(w.seen);
    w.seen.say = (stream, text) => (said.push([stream, text]), say(stream, text));
    const { code, err } = await execute(line, w);
    assert.equal(code, 0, err);
    assert.match(err, counts ?? /Waiting for \S+: 1 s/);
    const rows = said.findIndex(([stream]) => stream === "stdout");
    assert.ok(rows > 0 && said.slice(rows).every(([, text]) => !text.includes("\x1b[J")), JSON.stringify(said));
    assert.ok(w.screen.rows.every((row) => !/Waiting|%/.test(row)), w.screen.rows.join("|"));
  });
}

Deno.test("WP-95: Ctrl-C, and an answer that never comes, take the line away before the error", async () => {
  for (
    const [line, code, last] of [["orders list", 130, /^error: interrupted/], [
      "orders list --timeout 2",
      10,
      /^error: /,
    ]] as const
  ) {
    await using w = await waiting(60_000);
    const answer = w.fetch;
    const { clock } = w.system as { clock: MovingClock };
    if (code === 130) {
      w.fetch = async (request) => {
        await clock.pass(1_500);
        w.signal("SIGINT");
        return await answer(request);
      };
    }
    const ended = await execute(line, w);
    assert.equal(ended.code, code, ended.err);
    assert.match(ended.err, /Waiting for /);
    assert.match(w.screen.rows[0]!, last);
  }
});
