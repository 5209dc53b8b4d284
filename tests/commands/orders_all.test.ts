import assert from "node:assert/strict";
import { load } from "js-yaml";
import { autocom, execute, loggedIn, type World } from "../support/harness.ts";
import { envelope, hasty, json, type Order, order, page, refused, scripted, withToken } from "../support/scripted.ts";

const HEADER = "ORDER\tSTATUS\tTOTAL\tCURRENCY\tCREATED\n";
const row = ({ order_number, status, total, currency, created_at }: Order) =>
  [order_number, status, total, currency, created_at].join("\t") + "\n";

/** The ids of all orders, newest first, as REST tells them. */
async function idsOf({ sandbox, env }: World): Promise<string[]> {
  const ids: string[] = [];
  for (let page = 1; page <= 20; page++) {
    const answer = await sandbox.fetch(
      new Request(`${sandbox.origin}/api/v1/orders?per_page=100&page=${page}`, {
        headers: { accept: "application/json", authorization: `Bearer ${env.AUTOCOM_TOKEN}`, "x-tenant": "acme" },
      }),
    );
    ids.push(...(await answer.json()).data.map((order: Order) => order.id));
  }
  return ids;
}

Deno.test("--all prints every order once, in the server's order, in each format", async () => {
  await using w = await withToken();
  const ids = await idsOf(w);
  assert.equal(new Set(ids).size, 2000);
  const jsonText = (await execute("orders list --all -o json", w)).out;
  assert.deepEqual(JSON.parse(jsonText).map(({ id }: Order) => id), ids);
  const yaml = load((await execute("orders list --all -o yaml --from 2026-05-10", w)).out) as Order[];
  assert.ok(yaml.length > 0);
  assert.deepEqual(yaml.map(({ id }) => id), ids.slice(0, yaml.length));
  const tsv = (await execute("orders list --all", w)).out.trimEnd().split("\n").slice(1);
  // The seed numbers the orders from 0001 on, and the newest comes first.
  assert.deepEqual(tsv.map((line) => Number(line.split("\t")[0]!.slice(-4))), ids.map((_, at) => 2000 - at));
});

Deno.test("--all asks the first page alone, then at most four at once, in their order, and keeps none", async () => {
  await using w = await withToken();
  const printed: number[] = [];
  const platform = w.fetch;
  w.fetch = (request) => {
    printed.push(w.seen.stdout.split("\n").length - 1);
    return platform(request);
  };
  await execute("orders list --all", w);
  // Page 2 to 5 are asked for when page 1 was printed; from then on one for each page that was.
  assert.deepEqual(printed, Array.from({ length: 20 }, (_, at) => at === 0 ? 0 : 1 + Math.max(1, at - 3) * 100));
});

Deno.test("--all prints pages in their order, whichever of those under way is answered first", async () => {
  await using w = await withToken();
  const whole = (await execute("orders list --all", w)).out;
  const platform = w.fetch;
  const waiting: (() => void)[] = [];
  let most = 0, asked = 0;
  w.fetch = async (request) => {
    const answer = await platform(request);
    // The first page alone, and the last of each four first.
    if (++asked > 1) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        most = Math.max(most, waiting.length);
        queueMicrotask(() => setTimeout(() => waiting.pop()?.()));
      });
    }
    return answer;
  };
  assert.equal((await execute("orders list --all", w)).out, whole);
  assert.deepEqual([most, asked], [4, 20]);
});

Deno.test("a page under way that fails is a failure when its turn comes: what stands before it is printed", async () => {
  const answers: Record<number, () => Response> = {
    1: page([order(1)], 5),
    2: page([order(2)], 5),
    3: json({}, 500),
    4: page([order(4)], 5),
    5: json({}, 500),
  };
  const fetch = async (request: Request) => answers[(await request.json()).variables.page]!();
  await using w = await withToken("owner", { fetch });
  const { code, out, err } = await execute("orders list --all -o json", w);
  assert.deepEqual([code, JSON.parse(out).length, envelope(err).next_page], [11, 2, 3]);
});

const LESS: [what: string, headers: Record<string, string>, status: number][] = [
  ["few requests are left", { "X-RateLimit-Remaining": "3" }, 200],
  ["a page is refused with 429", { "Retry-After": "1" }, 429],
];
for (const [what, headers, status] of LESS) {
  Deno.test(`--all asks one page at a time once the server says that ${what}`, async () => {
    const asked: number[] = [];
    let flying = 0, most = 0, refused = false;
    const fetch = async (request: Request) => {
      const { page: number } = (await request.json()).variables;
      asked.push(number);
      flying++;
      if (refused && number > 7) most = Math.max(most, flying);
      await new Promise((resolve) => setTimeout(resolve));
      flying--;
      const now = number === 3 && !refused;
      if (now) refused = true;
      if (now && status !== 200) return json({}, status, headers)();
      const answer = page([order(number)], 12)();
      if (now) { for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value); }
      return answer;
    };
    await using w = await withToken("owner", { fetch, ...hasty() });
    const { code, out } = await execute("orders list --all -o jsonl", w);
    assert.deepEqual([code, out.trimEnd().split("\n").length, most], [0, 12, 1]);
    assert.deepEqual(asked.filter((number) => number > 7), [8, 9, 10, 11, 12]);
  });
}

Deno.test("--limit asks no page ahead that it does not need", async () => {
  await using w = await withToken();
  await execute("orders list --limit 150 -q", w);
  assert.deepEqual(w.sandbox.log.map(({ body }) => JSON.parse(body).variables.page), [1, 2]);
});

Deno.test("--all starts at --page and counts in --per-page", async () => {
  await using w = await withToken();
  const ids = await idsOf(w);
  const { out } = await execute("orders list --all --per-page 30 --page 66 -o json", w);
  assert.deepEqual(JSON.parse(out).map(({ id }: Order) => id), ids.slice(65 * 30));
});

Deno.test("a row that moved to the next page while --all went on is printed once", async () => {
  const fetch = scripted(page([order(1), order(2)], 3), page([order(2), order(3)], 3), page([order(3)], 3));
  await using w = await withToken("owner", { fetch });
  await autocom("orders list --all", { out: HEADER + [1, 2, 3].map((n) => row(order(n))).join("") }, w);
});

Deno.test("--all ends when a page is empty, and does not call it the last when the server says otherwise", async () => {
  const fetch = scripted(page([order(1)], 1e9), page([], 1e9));
  await using w = await withToken("owner", { fetch });
  await autocom("orders list --all", {
    code: 11,
    out: HEADER + row(order(1)),
    err: /page 2 of 1000000000 is empty\) \(after 1 row\)\nhint: .*; to go on, add to the same command: --page 2\n$/,
  }, w);
  assert.ok(fetch.asked.length <= 5, "the first page, and four that were under way");
});

const BREAKS: [what: string, answer: () => Response | Promise<Response>, code: number, kind: string][] = [
  ["the server fails", json({ message: "Server Error" }, 500), 11, "server"],
  [
    "a page has errors beside its data",
    refused("Internal server error", { code: "INTERNAL" }, { orders: [] }),
    11,
    "server",
  ],
  ["the token is revoked", json({ message: "Unauthenticated." }, 401), 4, "unauthenticated"],
  ["the permission is taken away", refused("no", { code: "FORBIDDEN", permission: "orders.view" }), 6, "forbidden"],
  ["the rate is limited", json({}, 429, { "Retry-After": "3600" }), 9, "rate-limited"],
  ["nobody answers", () => Promise.reject(new TypeError("tcp connect error: Connection refused")), 10, "network"],
  ["an order has no total", page([{ ...order(9), total: 1 }], 5), 11, "server"],
];
for (const [what, answer, code, kind] of BREAKS) {
  Deno.test(`OI-9: when ${what} in the middle of --all -o json, the array is closed and the error says where`, async () => {
    const fetch = scripted(page([order(1), order(2)], 5), page([order(3)], 5), answer);
    await using w = await withToken("owner", { fetch });
    const ended = await execute("orders list --all -o json", w);
    assert.equal(ended.code, code, ended.err);
    assert.deepEqual(JSON.parse(ended.out).map(({ id }: Order) => id), [1, 2, 3].map((n) => order(n).id));
    const error = envelope(ended.err);
    assert.deepEqual([error.code, error.exit, error.rows, error.next_page], [kind, code, 3, 3]);
    assert.match(String(error.hint), /to go on, add to the same command: --page 3$/);
  });
}

const RESUMED: [command: string, by: string][] = [
  ["orders list --all", "add to the same command: --page 3"],
  ["orders list --limit 250", "put into the same command, in place of its --limit: --page 3 --per-page 100 --limit 50"],
  ["orders list --all --page 1 --per-page 25", "put into the same command, in place of its --page: --page 3"],
  [
    "orders list --limit=70 --per-page=25 --page=1",
    "put into the same command, in place of its --page and --per-page and --limit: --page 3 --per-page 25 --limit 20",
  ],
  [
    "orders export --limit 150 --per-page 60",
    "put into the same command, in place of its --per-page and --limit: " +
    "--page 3 --per-page 60 --limit 30",
  ],
  [
    "call orders --fields id --limit 250",
    "put into the same command, in place of its --limit: --page 3 --per-page 100 --limit 50",
  ],
];
for (const [command, by] of RESUMED) {
  Deno.test(`${command}, broken off at page 3, goes on with what the hint says, without a row twice or too many`, async () => {
    await using w = await withToken();
    const platform = w.fetch;
    let whole = true;
    w.fetch = async (request) => {
      const page = (await request.clone().json().catch(() => ({}))).variables?.page;
      return whole || page !== 3 ? await platform(request) : new Response("{}", { status: 400 });
    };
    const ids = (out: string) => out.trimEnd().split(/\r?\n/).slice(1).map((row) => row.split(/[\t,]/)[0]);
    const all = ids((await execute(`${command} -q`, w)).out);
    whole = false;
    const broken = await execute(`${command} -q`, w);
    assert.equal(broken.code, 8, broken.err);
    assert.equal(/to go on, (.*)\n$/.exec(broken.err)?.[1], by);
    whole = true;
    const words = by.slice(by.indexOf(": ") + 2);
    const own = /in place of its (.*):/.exec(by)?.[1]?.split(" and ") ?? [];
    const kept = own.reduce((line, flag) => line.replace(new RegExp(` ${flag}[ =]\\d+`), ""), command);
    const rest = await execute(`${kept} ${words} -q`, w);
    assert.equal(rest.code, 0, rest.err);
    assert.deepEqual([...ids(broken.out), ...ids(rest.out)], all);
  });
}

Deno.test("a broken --all leaves whole rows in every format, and --page goes on where it ended", async () => {
  await using w = await withToken();
  const platform = w.fetch;
  const line = "orders list --all --from 2026-05-13 --per-page 15";
  const numbers = (format: string, text: string): string[] =>
    format === "tsv"
      ? text.trimEnd().split("\n").slice(1).map((line) => line.split("\t")[0]!)
      : (load(text) as Order[]).map(({ order_number }) => order_number);
  const whole = numbers("tsv", (await execute(line, w)).out);
  assert.ok(whole.length > 40);
  for (const format of ["tsv", "yaml", "json"]) {
    let asked = 0;
    w.fetch = (request) => ++asked === 3 ? Promise.resolve(json({}, 500)()) : platform(request);
    const first = await execute(`${line} -o ${format}`, w);
    assert.equal(first.code, 11, first.err);
    w.fetch = platform;
    const rest = await execute(`${line} -o ${format} --page 3`, w);
    assert.deepEqual([...numbers(format, first.out), ...numbers(format, rest.out)], whole, format);
  }
});

Deno.test("an --all that fails at its first page prints nothing, and no next page", async () => {
  await using w = await withToken("owner", { fetch: scripted(json({}, 500)) });
  const { code, out, err } = await execute("orders list --all -o json", w);
  assert.deepEqual([code, out, "rows" in envelope(err)], [11, "", false]);
});

Deno.test("--all renews a token that ends within ten minutes before it starts, and never once it runs", async () => {
  await using w = await loggedIn();
  const soon = Date.now() + 1_296_000_000 - 300_000; // five minutes before the token ends
  w.system = { clock: { ...clockAt(soon), now: () => soon } };
  await autocom("orders list --per-page 1 -o tsv -q", { out: /^ORDER/ }, w);
  assert.equal(refreshes(w), 0);
  await autocom("orders list --all --search ORD-20260503 -o tsv", { out: /^ORDER/ }, w);
  assert.equal(refreshes(w), 1);
  const platform = w.fetch;
  let asked = 0;
  w.fetch = (request) =>
    request.url.endsWith("/graphql") && ++asked === 2
      ? Promise.resolve(json({ message: "Unauthenticated." }, 401)())
      : platform(request);
  const { code, err } = await execute("orders list --all -o json", w);
  assert.deepEqual([code, envelope(err).next_page, refreshes(w)], [4, 2, 1]);
});

function refreshes({ sandbox }: World): number {
  return sandbox.log.filter(({ body }) => body.includes("grant_type=refresh_token")).length;
}

function clockAt(ms: number) {
  const never = new Promise<void>(() => {});
  return { now: () => ms, sleep: () => never };
}

Deno.test("Ctrl-C during --all closes the array and says where to go on", async () => {
  await using w = await withToken();
  const platform = w.fetch;
  let asked = 0;
  w.fetch = (request) => {
    if (++asked < 3) return platform(request);
    w.signal("SIGINT");
    return new Promise((_, reject) => reject(request.signal.reason));
  };
  const { code, out, err } = await execute("orders list --all -o json", w);
  assert.equal(code, 130);
  // The third request is page 3, asked for while page 2 is under way.
  assert.equal(JSON.parse(out).length, 100);
  const { code: kind, rows, next_page } = envelope(err);
  assert.deepEqual([kind, rows, next_page], ["interrupted", 100, 2]);
});

Deno.test("a reader that takes a page and then nothing: no more than four others are asked for", async () => {
  await using w = await withToken();
  const { stdout, ...io } = (await import("../support/world.ts")).systemOf(w).io;
  let [writes, release] = [0, () => {}];
  const stalled = new Promise<void>((resolve) => release = resolve);
  w.system = { io: { ...io, stdout: { ...stdout, write: () => ++writes < 2 ? Promise.resolve() : stalled } } };
  const running = execute("orders list --all -q", w);
  // As long as anything is asked for, the loop goes round.
  for (let before = -1, calm = 0; calm < 50; calm = before === w.sandbox.log.length ? calm + 1 : 0) {
    before = w.sandbox.log.length;
    await new Promise((resolve) => setTimeout(resolve));
  }
  const asked = w.sandbox.log.length;
  release();
  assert.equal((await running).code, 0);
  assert.ok(asked <= 5, `${asked} pages`);
  assert.equal(w.sandbox.log.length, 20, "and all of them once it reads on");
});

Deno.test("OI-7: a reader that goes away ends --all with 141 and without a word", async () => {
  await using w = await withToken();
  const { stdout, ...io } = (await import("../support/world.ts")).systemOf(w).io;
  const { AppError } = await import("../../src/errors.ts");
  for (const format of ["tsv", "json", "yaml"]) {
    let writes = 0;
    w.system = {
      io: {
        ...io,
        stdout: {
          ...stdout,
          write: () => ++writes < 2 ? Promise.resolve() : Promise.reject(new AppError("pipe-closed", "gone")),
        },
      },
    };
    w.sandbox.log.length = 0;
    await autocom(`orders list --all -o ${format} --debug`, { code: 141, err: /^(debug: .*\n)*$/ }, w);
    // The first page is out; of the four that may be under way then the second is one.
    assert.ok(w.sandbox.log.length <= 5, `${w.sandbox.log.length} pages were asked for that nobody reads`);
  }
});

Deno.test("an --all with fewer rows than the server counts says so in every format, and with --quiet", async () => {
  const counted = (orders: Order[], current_page: number, total_items: number) =>
    json({ data: { orders: { data: orders, meta: { current_page, total_pages: 2, total_items, per_page: 100 } } } });
  const meta = { current_page: 1, total_pages: 1, total_items: 2, per_page: 100 };
  await using w = await withToken("owner", {
    fetch: scripted(json({ data: { orders: { data: [order(1)], meta } } })),
  });
  await autocom("orders list --all -o jsonl", {
    out: /ORD/,
    err: "warning: 1 order came, the server counts 2: some came or went meanwhile\n",
  }, w);
  for (const [items, said] of [[4, true], [3, false], [2, false]] as const) {
    for (const line of ["--all", "--all -o json", "--all -q", "--query length(@)"]) {
      const fetch = scripted(counted([order(1), order(2)], 1, items), counted([order(3)], 2, items));
      await using w = await withToken("owner", { fetch });
      const { code, err } = await execute(`orders list ${line}`, w);
      assert.equal(code, 0);
      const warning = "warning: 3 orders came, the server counts 4: some came or went meanwhile\n";
      assert.equal(err, said ? warning : "", line);
    }
  }
});
