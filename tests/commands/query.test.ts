/** `--query`: what is computed from a whole result, whatever prints it. */
import assert from "node:assert/strict";
import { load } from "js-yaml";
import { autocom, execute } from "../support/harness.ts";
import { envelope, json, order, page, scripted, withToken } from "../support/scripted.ts";

const FILTER = ["--search", "ORD-20260101"];

/** What a format says of a result: a line of text for each of a list. */
const READ: Record<string, (out: string) => unknown> = {
  json: JSON.parse,
  yaml: load as (out: string) => unknown,
  jsonl: (out) => out.trimEnd().split("\n").map((line) => JSON.parse(line)),
  tsv: (out) => out.trimEnd().split("\n"),
  csv: (out) => out.trimEnd().split("\r\n"),
  table: (out) => out.trimEnd().split("\n"),
};

Deno.test("WP-33: the same value in every format, with pages of 1 and of 100, with --all and without", async () => {
  await using w = await withToken();
  const whole: { order_number: string; total: number }[] = JSON.parse(
    (await execute(["orders", "list", "--all", ...FILTER, "-o", "json"], w)).out,
  );
  const dear = whole.filter(({ total }) => total > 500).map(({ order_number }) => order_number);
  assert.ok(dear.length > 1 && dear.length < whole.length);
  for (const [format, read] of Object.entries(READ)) {
    for (const pages of [[], ["--per-page", "1"], ["--per-page", "100"], ["--all"], ["--all", "--per-page", "3"]]) {
      const ask = async (query: string) => {
        const { code, out, err } = await execute([
          "orders",
          "list",
          ...FILTER,
          ...pages,
          "--query",
          query,
          "-o",
          format,
        ], w);
        assert.deepEqual([code, err], [0, ""], `${format} ${pages} ${query}`);
        return read(out);
      };
      assert.deepEqual(await ask("[?to_number(total) > `500`].order_number"), dear);
      const length = await ask("length(@)");
      assert.equal(String(length), String(whole.length));
    }
  }
});

Deno.test("WP-33: --page and --limit say which rows it is about, and what is left is said", async () => {
  await using w = await withToken();
  const said = "7 of 2,000 orders shown (page 2 of 286). More: --page 3, or --all.\n";
  for (const page of ["1", "2"]) {
    const { out } = await execute(
      ["orders", "list", "--page", page, "--per-page", "7", "-q", "--query", "length(@)"],
      w,
    );
    assert.equal(out, "7\n");
  }
  await autocom("orders list --page 2 --per-page 7 --query length(@)", { out: "7\n", err: said }, w);
  await autocom("orders list --limit 150 --query length(@)", {
    out: "150\n",
    err: "150 of 2,000 orders shown. More: a higher --limit, or --all.\n",
  }, w);
  await autocom("orders list --query length(@)", { out: "2000\n" }, w);
});

const many = (total_items: number | null, total_pages: number, rows = 100) =>
  json({
    data: {
      orders: {
        data: Array.from({ length: rows }, (_, at) => order(at)),
        meta: { current_page: 1, total_pages, ...total_items !== null && { total_items } },
      },
    },
  });

const LINES: [typed: string[], again: string][] = [
  [["orders", "list"], "orders list --all"],
  [["orders", "list", "--all", "-o", "json"], "orders list --all"],
  [["orders", "ls", "-qo", "yaml", "--status=pending", "--per-page", "50"], "orders ls -q --status=pending --all"],
  [["orders", "list", "--search", "it's $HOME `x`"], "orders list --search 'it'\\''s $HOME `x`' --all"],
  [
    ["orders", "list", "--limit", "20000", "--fields", "id,total", "--meta"],
    "orders list --limit 20000 --fields id,total",
  ],
  [["--tenant", "acme", "orders", "list", "--search", "--query"], "--tenant acme orders list --search --query --all"],
];
for (const [typed, again] of LINES) {
  Deno.test(`WP-34: autocom ${typed.join(" ")} --query over more rows than it may hold is refused before the second page`, async () => {
    for (const answer of [many(20_000, 200), many(null, 201)]) {
      const fetch = scripted(answer);
      await using w = await withToken("owner", { fetch });
      const { code, out, err } = await execute([...typed, "--query", "length(@)", "-o", "tsv"], w);
      assert.deepEqual([code, out, fetch.asked.length], [2, "", 1], err);
      assert.equal(
        err,
        "error: cannot use --query over " + `${/over ([\d,]+)/.exec(err)![1]} orders: 10,000 are the most\n` +
          `hint: let jq do it: autocom ${again} -o jsonl | jq .\n`,
      );
    }
  });
}

Deno.test("WP-34: the line of the hint can be typed as it stands", async () => {
  await using w = await withToken("owner", { fetch: scripted(many(20_000, 200)) });
  const typed = ["orders", "list", "--search", "it's", "--query", "@", "-o", "json"];
  const { hint } = envelope((await execute(typed, w)).err) as { hint: string };
  const [, line] = /autocom (.*) \| jq \.$/.exec(hint)!;
  const shell = await new Deno.Command("sh", { args: ["-c", `printf '%s\\n' ${line}`] }).output();
  const words = new TextDecoder().decode(shell.stdout).trimEnd().split("\n");
  w.fetch = scripted(many(100, 1));
  await autocom(words, { out: (text) => assert.equal(text.trimEnd().split("\n").length, 100) }, w);
});

Deno.test("WP-34, WP-36: a line of several lines is told so that bash takes it as it was", async () => {
  await using w = await withToken("owner", { fetch: scripted(many(20_000, 200)) });
  const odd = "it's\n\t\\x \x1b$HOME";
  const { hint } = envelope(
    (await execute(["orders", "list", "--search", odd, "--query", "@", "-o", "json"], w)).err,
  ) as {
    hint: string;
  };
  const asked = (key: string) => `sort_by(@,\n ${key})[?status == '${odd.replace("'", "\\'")}']`;
  const { err } = await execute(["orders", "list", "--query", asked("&total")], w);
  const [, query] = /write: --query (.*)\n/.exec(err)!;
  const [, line] = /autocom (.*) \| jq \.$/.exec(hint)!;
  for (const [typed, meant] of [[line!, odd], [query!, asked("&to_number(total)")]]) {
    const { stdout } = await new Deno.Command("bash", { args: ["-c", `printf '%s\\0' ${typed}`] }).output();
    const words = new TextDecoder().decode(stdout).split("\0");
    assert.ok(words.includes(meant!), JSON.stringify(words));
  }
});

Deno.test("WP-34: 10,000 rows are asked; a server that has more than it says is stopped there", async () => {
  let asked = 0;
  const fetch = (rows: number) => (request: Request) => {
    void request;
    const first = asked++ * 100;
    return Promise.resolve(
      json({
        data: {
          orders: {
            data: Array.from({ length: 100 }, (_, at) => order(first + at, { id: `id-${first + at}` })),
            meta: { current_page: asked, total_pages: 150, total_items: rows },
          },
        },
      })(),
    );
  };
  await using w = await withToken("owner", { fetch: fetch(10_000) });
  await autocom("orders list --query @[0].id -q", { code: 2, err: /over 10,100 orders/ }, w);
  assert.ok(asked <= 105, String(asked));
  asked = 0;
  await autocom("orders list --limit 10000 --query length(@) -q", { out: "10000\n" }, w);
  await autocom("orders list --limit 10001 --query length(@) -q", {
    code: 2,
    err: /over 10,000 orders|over 10,001 orders/,
  }, w);
});

Deno.test("WP-35: what is wrong with an expression is said before anything is asked", async () => {
  const fetch = scripted();
  await using w = await withToken("owner", { fetch });
  for (const expression of ["", "   ", "[?a=", "lenght(@)", "(".repeat(10_000), "\0", "\ud800", "a".repeat(20_000)]) {
    for (
      const line of [["orders", "list"], ["orders", "get", "X"], ["orders", "cancel", "X", "--yes"], ["api", "/x"]]
    ) {
      const { code, out, err } = await execute([...line, "--query", expression], w);
      assert.deepEqual([code, out], [2, ""], err);
      assert.match(err, /^error: .*\nhint: .*\n$/);
    }
  }
  assert.equal(fetch.asked.length, 0);
});

Deno.test("WP-36: money that is ordered as text is warned of, in every format, and the line that is told is right", async () => {
  const rows = ["100.00", "9.00", "10.00"].map((total, at) => order(at, { total }));
  const fetch = scripted(page(rows));
  await using w = await withToken("owner", { fetch });
  const warning =
    /^warning: --query sorts or compares money, .* write: --query 'sort_by\(@, &to_number\(total\)\)\[\]\.total'\n$/;
  for (const format of ["tsv", "json", "jsonl", "yaml", "csv"]) {
    const line = ["orders", "list", "-q", "--query", "sort_by(@, &total)[].total", "-o", format];
    await autocom(line, { out: (text) => assert.match(text, /10\.00[^]*100\.00[^]*9\.00/), err: warning }, w);
  }
  await autocom(["orders", "list", "--query", "sort_by(@, &to_number(total))[].total"], {
    out: "9.00\n10.00\n100.00\n",
  }, w);
  await autocom(["orders", "list", "--query", "[?total > `9`]"], { err: /to_number\(total\) > `9`/ }, w);
  await autocom(["orders", "list", "--fields", "total", "--query", "max_by(@, &total).total"], {
    out: "9.00\n",
    err: /^warning: /,
  }, w);
  await autocom(["orders", "list", "--query", "sum([].total)"], { code: 2, err: /hint: write: --query 'sum\(map/ }, w);
});

Deno.test("WP-38: money stays the server's text, in JSON too, and its digits as a number", async () => {
  await using w = await withToken("owner", { fetch: scripted(page([order()])) });
  await autocom("orders list --query [].total -o json", { out: '[\n  "2999.00"\n]\n' }, w);
  await autocom("orders list --query [].total", { out: "2999.00\n" }, w);
  await autocom("orders list --query to_number([0].total) -o json", { out: "2999.00\n" }, w);
  await autocom("orders list --query to_number([0].total) -o yaml", { out: "---\n2999.00\n" }, w);
  await autocom("orders list --query sum(map(&to_number(@),[].total))", { out: "2999.00\n" }, w);
  await autocom("orders list --query type([0].total)", { out: "string\n" }, w);
});

Deno.test("--query sees what --fields chose, and with --meta the rows as data beside the counts, in every format", async () => {
  await using w = await withToken();
  await autocom(["orders", "list", "--limit", "2", "-q", "--fields", "total,id", "--query", "keys([0])"], {
    out: "total\nid\n",
  }, w);
  await autocom(["orders", "get", "ORD-20260503-1814", "--fields", "items.sku", "--query", '"items.sku"[0]'], {
    out: /^ACM-\d+\n$/,
  }, w);
  for (const format of ["tsv", "jsonl"]) {
    const line = ["orders", "list", "--meta", "--query", "[length(data), meta.total_items, meta.rows]", "-o", format];
    await autocom(line, { out: format === "tsv" ? "2000\n2000\n2000\n" : /2000/ }, w);
  }
  await autocom(["orders", "list", "--fields", "--query", "[?field == 'total'].type | [0]"], {
    out: "money\n",
  }, w);
});

Deno.test("a page that fails says nothing of the pages before: the result would be another", async () => {
  for (const format of ["json", "tsv", "yaml"]) {
    await using w = await withToken("owner", { fetch: scripted(page([order(1)], 3), json({}, 500)) });
    const { code, out, err } = await execute(`orders list --query length(@) -o ${format}`, w);
    assert.deepEqual([code, out], [11, ""]);
    assert.doesNotMatch(err, /--page|after 1 row/);
  }
});

Deno.test("help query: every expression of it works, and none is warned of", async () => {
  await using w = await withToken();
  const topics: { expression: string; gives: string }[] = JSON.parse((await execute("help query -o json", w)).out);
  assert.ok(topics.length > 5);
  for (const { expression } of topics) {
    const { code, out, err } = await execute(["orders", "list", "--limit", "300", "-q", "--query", expression], w);
    assert.deepEqual([code, err, out !== ""], [0, "", true], expression);
  }
});
