import assert from "node:assert/strict";
import { verbs } from "../../src/commands/orders/mod.ts";
import { autocom, execute } from "../support/harness.ts";
import { order, page, scripted, withToken } from "../support/scripted.ts";

const [list, get] = await verbs("get");

const HEADER = "ORDER\tSTATUS\tTOTAL\tCURRENCY\tCREATED\n";

const EXAMPLE = order();
const FORMATS: [args: string, out: string][] = [
  ["", `${HEADER}ORD-20260503-001\tpending\t2999.00\tINR\t2026-05-03T10:14:22Z\n`],
  ["-o tsv", `${HEADER}ORD-20260503-001\tpending\t2999.00\tINR\t2026-05-03T10:14:22Z\n`],
  [
    "-o json",
    `[
  {
    "id": "${EXAMPLE.id}",
    "order_number": "ORD-20260503-001",
    "status": "pending",
    "total": 2999.00,
    "currency": "INR",
    "created_at": "2026-05-03T10:14:22Z"
  }
]
`,
  ],
  [
    "-o yaml",
    `---
- id: "${EXAMPLE.id}"
  order_number: ORD-20260503-001
  status: pending
  total: 2999.00
  currency: INR
  created_at: "2026-05-03T10:14:22Z"
`,
  ],
];
for (const [args, out] of FORMATS) {
  Deno.test(`orders list ${args || "into a pipe"} prints the documented columns and keys, money untouched`, async () => {
    await using w = await withToken("owner", { fetch: scripted(page([EXAMPLE])) });
    await autocom(`orders list ${args}`, { out }, w);
  });
}

Deno.test("orders list on a terminal is a table: a header, a rule of ─, two spaces between columns", async () => {
  await using w = await withToken("owner", { terminal: { stdout: true }, fetch: scripted(page([EXAMPLE])) });
  const lines = [
    "ORDER             STATUS     TOTAL  CURRENCY  CREATED",
    "────────────────  ───────  ───────  ────────  ────────────────────",
    "ORD-20260503-001  pending  2999.00  INR       2026-05-03T10:14:22Z",
    "",
  ];
  await autocom("orders list --color never", { out: lines.join("\n") }, w);
  await autocom("orders list -o table --color never", { out: lines.join("\n") }, w);
});

Deno.test("orders list on a terminal says how to see more, unless --quiet", async () => {
  await using w = await withToken("owner", { terminal: { stdout: true } });
  await autocom("orders list --page 3", {
    out: /ORD-/,
    err: "20 of 2,000 orders shown (page 3 of 100). More: --page 4, or --all.\n",
  }, w);
  await autocom("orders list --page 3 -q", { out: /ORD-/ }, w);
  await autocom("orders list --page 100", { out: /ORD-/ }, w);
});

Deno.test("FT-47: orders list on a narrow terminal keeps every line within it, and the order numbers whole", async () => {
  await using w = await withToken("owner", { terminal: { stdout: true }, columns: 40 });
  const { out } = await execute("orders list --color never -q", w);
  const lines = out.trimEnd().split("\n");
  assert.equal(lines.length, 22);
  for (const line of lines) assert.ok(line.length <= 40, line);
  for (const line of lines.slice(2)) assert.match(line, /^ORD-\d{8}-\d{4} {2}/);
});

const EMPTY: [string, string][] = [["tsv", HEADER], ["json", "[]\n"], ["yaml", "--- []\n"]];
for (const [format, out] of EMPTY) {
  Deno.test(`OI-6: orders list that finds nothing prints ${JSON.stringify(out)} as ${format}`, async () => {
    await using w = await withToken();
    const err = format === "tsv" ? "No orders match.\n" : "";
    await autocom(`orders list --search nothing-like-it -o ${format}`, { out, err }, w);
    const beyond = format === "tsv" ? "There is no page 999999: the last one is 100.\n" : "";
    await autocom(`orders list --page 999999 -o ${format}`, { out, err: beyond }, w);
    await autocom(`orders list --all --search nothing-like-it -o ${format}`, { out, err }, w);
    w.fetch = scripted(page([], 0));
    await autocom(`orders list --page 2 -o ${format}`, { out, err: err && "There are no orders.\n" }, w);
  });
}

Deno.test("orders ls is orders list; order and json are not, and say what is", async () => {
  await using w = await withToken();
  await autocom("orders ls --per-page 1 -q", { out: /^ORDER.*\nORD-.*\n$/ }, w);
  await autocom("order list", { code: 2, err: /did you mean: autocom orders list\n/ }, w);
  await autocom("orders list --json", { code: 2, err: /did you mean: autocom orders list -o json\n/ }, w);
});

const FILTERS: [args: string[], variables: Record<string, unknown>][] = [
  [[], {}],
  [["--status", "ready_to_ship", "--payment-status", "cod"], { status: "ready_to_ship", payment_status: "cod" }],
  [["--customer", " 0196a5a0-0000-4000-8000-000000000001 "], { customer_id: "0196a5a0-0000-4000-8000-000000000001" }],
  [["--search", "  0503 "], { search: "0503" }],
  [["--page", "2", "--per-page", "7"], { page: 2, per_page: 7 }],
  [["--all"], { per_page: 100 }],
  [["--all", "--per-page", "50", "--page", "40"], { per_page: 50, page: 40 }],
  [["--from", "2026-05-01"], { from: "2026-05-01T00:00:00Z" }],
  [["--to", "2026-05-31"], { to: "2026-06-01T00:00:00Z" }],
  [["--to", "2026-12-31"], { to: "2027-01-01T00:00:00Z" }],
  [["--to", "2028-02-28"], { to: "2028-02-29T00:00:00Z" }],
  [["--to", "9999-12-31"], { to: "9999-12-31T23:59:59Z" }],
  [["--from", "0050-01-01"], { from: "0050-01-01T00:00:00Z" }],
  [["--from", " 2026-05-01T10:00:00Z"], { from: "2026-05-01T10:00:00Z" }],
  [["--from", "2026-5-1"], { from: "2026-05-01T00:00:00Z" }],
  [["--from", "2026-05-01", "--time-zone", "Asia/Kolkata"], { from: "2026-04-30T18:30:00Z" }],
  [["--to", "2026-05-31", "--time-zone", "America/New_York"], { to: "2026-06-01T04:00:00Z" }],
  [["--limit", "5"], { per_page: 5 }],
  [["--limit", "250"], { per_page: 100 }],
  [["--limit", "250", "--per-page", "30"], { per_page: 30 }],
  [["--from", "2026-05-01T10:00:00+05:30"], { from: "2026-05-01T10:00:00+05:30" }],
  [["--to", "2026-05-01T10:00:00.5Z"], { to: "2026-05-01T10:00:00.5Z" }],
];
for (const [args, variables] of FILTERS) {
  Deno.test(`orders list ${args.join(" ")}: values travel in variables, the document is a constant`, async () => {
    const fetch = scripted(page([]));
    await using w = await withToken("owner", { fetch });
    await autocom(["orders", "list", "-q", ...args], { out: HEADER }, w);
    assert.deepEqual(await fetch.asked[0]!.json(), {
      query: list!.documents.Orders,
      variables: { page: 1, per_page: 20, ...variables },
    });
  });
}

Deno.test("OI-8: a search that closes the document's brackets is sent as a variable, and finds nothing", async () => {
  await using w = await withToken();
  const search = '"}) { me { token } } #';
  await autocom(["orders", "list", "--search", search, "-o", "json"], { out: "[]\n" }, w);
  await autocom(["orders", "get", search], { code: 7, err: /there is no order ""}\) \{ me/ }, w);
  const sent = w.sandbox.log.map(({ body }) => JSON.parse(body));
  assert.deepEqual(sent.map(({ query, variables }) => [query, variables.search]), [
    [list!.documents.Orders, search],
    [get!.documents.FindOrder, search],
  ]);
});

const BAD: [args: string[], said: RegExp][] = [
  [["--status", "Pendin"], /--status must be one of pending, confirmed, .*, not "Pendin"\nhint: .*--status pending\n/],
  [["--status", ""], /--status must be one of pending, .*, not ""/],
  [["--payment-status", "free"], /--payment-status must be one of pending, paid, .*, not "free"/],
  [["--page", "0"], /--page must be a whole number from 1 to 1000000, not "0"\nhint: write, for example: --page 1\n/],
  [["--page", "1.5"], /--page must be .*, not "1.5"/],
  [["--page", "-1"], /--page must be .*, not "-1"/],
  [["--per-page", "101"], /--per-page must be a whole number from 1 to 100, not "101"\nhint: .*--per-page 100\n/],
  [["--per-page", "٣"], /--per-page must be .*, not "٣"/],
  [["--search", "   "], /--search must not be empty/],
  [["--status", "paid", "--status", "paid"], /--status is given twice\nhint: give --status once/],
  [
    ["--from", "tomorrow"],
    /cannot use --from "tomorrow": it must be a day, a time ago or an instant\nhint: write, for example: --from 2026-05-31, /,
  ],
  [["--from", "2026-02-30"], /cannot use --from "2026-02-30"/],
  [["--from", "0000-00-00"], /cannot use --from "0000-00-00"/],
  [["--from", "2026-13-01"], /cannot use --from "2026-13-01"/],
  [["--from", "2026-05-01T10:00:00"], /cannot use --from "2026-05-01T10:00:00"/],
  [["--to", "2026-05-01T25:00:00Z"], /cannot use --to "2026-05-01T25:00:00Z"/],
  [["--to", "2026-02-30T10:00:00Z"], /cannot use --to "2026-02-30T10:00:00Z"/],
  [["--to", ""], /--to must not be empty/],
  [["--time-zone", "Mars/Base"], /cannot use --time-zone "Mars\/Base": there is no such time zone/],
  [["--limit", "0"], /--limit must be a whole number from 1 to /],
  [["--meta"], /cannot use --meta with tsv: only json and yaml can hold it\nhint: add -o json, or -o yaml\n/],
  [["--fields", "totl"], /there is no such field\nhint: did you mean: total\n/],
  [
    ["extra", "words"],
    /autocom orders list takes no argument: "extra" is one too many\nhint: did you mean: autocom orders list --search 'extra words'\n/,
  ],
];
for (const [args, err] of BAD) {
  Deno.test(`orders list ${args.join(" ")} is refused before anything is sent`, async () => {
    const fetch = scripted();
    await using w = await withToken("owner", { fetch });
    await autocom(["orders", "list", ...args], { code: 2, err }, w);
    assert.equal(fetch.asked.length, 0);
  });
}

Deno.test("a value that the server refuses is exit 8, its texts one a line and no sentence twice", async () => {
  await using w = await withToken();
  const { code, err } = await execute("orders list --customer 7", w);
  assert.equal(code, 8);
  assert.match(
    err,
    /^error: cannot list orders: the server refused a value \(request \S+\)\n {2}--customer: The customer id field must be a valid UUID\.\n$/,
  );
});
