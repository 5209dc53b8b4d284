/** Ids in tables: which columns a person sees in a terminal of 60, 80, 100 and 120 columns. */
import assert from "node:assert/strict";
import { ENTRY } from "../../src/commands/audit/entry.ts";
import { CUSTOMER } from "../../src/commands/customers/customer.ts";
import { ORDER } from "../../src/commands/orders/order.ts";
import { choose } from "../../src/fields/choose.ts";
import { type View, view } from "../../src/fields/mod.ts";
import { list, style } from "../../src/output/mod.ts";
// Not by width.ts: that a table learns what it needs is seen here, too.
import { wideWidth as cellWidth } from "../../src/output/wide.ts";
import { Memory } from "../support/output/fixture.ts";

const IDS = ["af4895fa-6ae9-5398-aa0c-72174148dcac", "ae2768b3-35eb-546a-9132-0e720a15187c"] as const;

const customer = (at: 0 | 1, changes = {}) => ({
  id: IDS[at],
  first_name: ["Asha", "Ravi"][at]!,
  last_name: ["Iyer", "Smith"][at]!,
  email: ["customer10@acme.test", "customer1@acme.test"][at]!,
  phone: null,
  total_orders: 100,
  total_spent: ["47444.63", "0.00"][at]!,
  tags: [["vip"], []][at]!,
  ...changes,
});
const CUSTOMERS = [customer(0), customer(1)];

const entry = (at: 0 | 1, changes = {}) => ({
  id: String(at),
  created_at: ["2026-11-29T01:07:02Z", "2026-11-28T23:00:00Z"][at]!,
  operation: ["orders_update_status", "orders_cancel"][at]!,
  result: "ok",
  user_id: 1,
  request_id: IDS[at],
  variables: null,
  user_agent: null,
  user: ["owner@example.test", "2"][at]!,
  subject_id: IDS[1 - at]!,
  change: ["→ confirmed", "→ cancelled: out of stock"][at]!,
  ...changes,
});
const ENTRIES = [entry(0), entry(1)];

const order = (at: 0 | 1, changes = {}) => ({
  id: IDS[at],
  order_number: ["ORD-20260515-1998", "ORD-20260515-1996"][at]!,
  status: ["pending", "out_for_delivery"][at]!,
  total: "1118.92",
  currency: "INR",
  created_at: ["2026-05-15T20:06:00Z", "2026-05-15T16:52:00Z"][at]!,
  ...changes,
});

async function shown(view: View<never>, pages: readonly (readonly unknown[])[], width: number) {
  const stdout = new Memory(width), notes: string[] = [];
  const note = (text: string) => Promise.resolve(void notes.push(text));
  const writer = list({ stdout, format: "table", style: style(false), note }, view as View<unknown>);
  for (const page of pages) await writer.page(page);
  await writer.end();
  const lines = stdout.text.trimEnd().split("\n");
  for (const line of lines) assert.ok(cellWidth(line) <= width, line);
  return { text: stdout.text, lines, headers: lines[0]!.split(/ {2,}/), notes };
}

const WITHOUT_ID = ["FIRST NAME", "LAST NAME", "EMAIL", "ORDERS", "SPENT", "TAGS"];
const CUSTOMER_COLUMNS: [width: number, headers: string[], note?: string][] = [
  [120, ["ID", ...WITHOUT_ID]],
  // 36 + 10 + 9 + 20 + 6 + 8 + 4, and six gaps.
  [105, ["ID", ...WITHOUT_ID]],
  [104, WITHOUT_ID, "ID"],
  [100, WITHOUT_ID, "ID"],
  [80, WITHOUT_ID, "ID"],
  [60, ["FIRST NAME", "EMAIL", "ORDERS", "SPENT"], "ID, LAST NAME, TAGS"],
];
for (const [width, headers, gone] of CUSTOMER_COLUMNS) {
  Deno.test(`in ${width} columns a customer's id goes before anything is cut, because the e-mail names it, too`, async () => {
    const found = await shown(view(CUSTOMER), [CUSTOMERS], width);
    assert.deepEqual(found.headers, headers);
    assert.ok(!found.text.includes("…"), found.text);
    for (const { id, email } of CUSTOMERS) {
      assert.ok(found.text.includes(email));
      assert.equal(found.text.includes(id), gone === undefined);
    }
    assert.deepEqual(
      found.notes,
      gone === undefined ? [] : [`No room for ${gone}: widen the terminal, or use --fields or -o tsv.`],
    );
  });
}

for (const width of [60, 80, 100, 120]) {
  Deno.test(`in ${width} columns an id stays, whole, where it is a row's only name, or was asked for`, async () => {
    const nameless = [customer(0), customer(1, { email: null })];
    const hidden = [customer(0, { email: null }), customer(1, { email: null })];
    for (const rows of [nameless, hidden]) {
      const { text } = await shown(view(CUSTOMER), [rows], width);
      for (const { id } of rows) assert.ok(text.includes(id), text);
    }
    const asked = await shown(choose(CUSTOMER, "id,email,first_name,last_name") as View<never>, [CUSTOMERS], width);
    for (const { id, email } of CUSTOMERS) assert.ok(asked.text.includes(id) && asked.text.includes(email), asked.text);
  });
}

Deno.test("a key that is empty in each row gives its room to what is not", async () => {
  const rows = [customer(0, { email: null }), customer(1, { email: null })];
  const { headers, notes } = await shown(view(CUSTOMER), [rows], 80);
  assert.deepEqual(headers, ["ID", "FIRST NAME", "LAST NAME", "ORDERS", "SPENT"]);
  assert.deepEqual(notes, [
    "No room for EMAIL (empty), TAGS: widen the terminal, or use -o tsv.",
  ]);
});

const WHO = ["TIME", "OPERATION", "RESULT", "USER"];
const ENTRY_LINES: [width: number, headers: string[], first: string, gone: string][] = [
  [
    // 20 + 20 + 6 + 18 + 36 + 24, and five gaps.
    134,
    [...WHO, "SUBJECT", "CHANGE"],
    `2026-11-29T01:07:02Z  orders_update_status  ok      owner@example.test  ${IDS[1]}  → confirmed`,
    "REQUEST",
  ],
  [
    // With 17 for the user and for the change the subject stays.
    126,
    [...WHO, "SUBJECT", "CHANGE"],
    `2026-11-29T01:07:02Z  orders_update_status  ok      owner@example.te…  ${IDS[1]}  → confirmed`,
    "REQUEST",
  ],
  [
    125,
    [...WHO, "CHANGE"],
    "2026-11-29T01:07:02Z  orders_update_status  ok      owner@example.test  → confirmed",
    "SUBJECT, REQUEST",
  ],
  [
    80,
    [...WHO, "CHANGE"],
    // 80 - (20 + 20 + 6) - 8 of gaps: 26 for two.
    "2026-11-29T01:07:02Z  orders_update_status  ok      owner@exampl…  → confirmed",
    "SUBJECT, REQUEST",
  ],
  [
    // 20 + 20 + 11 + 11, and three gaps; with less than four of its columns it is no table.
    68,
    ["TIME", "OPERATION", "USER", "CHANGE"],
    "2026-11-29T01:07:02Z  orders_update_status  owner@exam…  → confirmed",
    "RESULT (ok in each row), SUBJECT, REQUEST",
  ],
];
for (const [width, headers, first, gone] of ENTRY_LINES) {
  Deno.test(`in ${width} columns the audit log says who did what, and ids go first`, async () => {
    const found = await shown(view(ENTRY), [ENTRIES], width);
    assert.deepEqual(found.headers, headers);
    assert.equal(found.lines[2], first);
    assert.deepEqual(found.notes, [`No room for ${gone}: widen the terminal, or use --fields or -o tsv.`]);
  });
}

Deno.test("what says the same in each row goes before what does not, and what it says is told", async () => {
  const alike = [order(0, { status: "out_for_delivery" }), order(1)];
  const { headers, notes, lines } = await shown(view(ORDER), [alike], 60);
  assert.deepEqual(headers, ["ORDER", "TOTAL", "CURRENCY", "CREATED"]);
  // 60 - (17 + 7) - 6 of gaps: 30 for two, and an instant that is whole takes 20 of the 22 beside the currency.
  assert.equal(lines[3], "ORD-20260515-1996  1118.92  INR       2026-05-15T16:52:00Z");
  assert.deepEqual(notes, ["No room for STATUS (out_for_delivery in each row): widen the terminal, or use -o tsv."]);
});

Deno.test("FT-47: the currency stays beside the amount, also where it is the same in each row", async () => {
  const { headers, notes } = await shown(view(ORDER), [[order(0), order(1)]], 60);
  assert.deepEqual(headers, ["ORDER", "STATUS", "TOTAL", "CURRENCY"]);
  assert.deepEqual(notes, ["No room for CREATED: widen the terminal, or use -o tsv."]);
});

Deno.test("what a later page says otherwise is not told as the same in each row", async () => {
  const alike = [order(0, { status: "out_for_delivery" }), order(1)];
  const { notes } = await shown(view(ORDER), [alike, [order(0, { status: "cancelled" })]], 60);
  assert.deepEqual(notes, ["No room for STATUS: widen the terminal, or use -o tsv."]);
});

Deno.test("FT-47: an instant, and what --operation takes, is whole in every window, also on a later page", async () => {
  const rows = [entry(0), entry(1, { created_at: "2026-11-28T23:00:00.000000Z" })];
  for (let width = 48; width <= 170; width++) {
    const { text } = await shown(view(ENTRY), [[rows[0]!], rows], width);
    for (const { operation } of rows) assert.ok(text.includes(operation), text);
    for (const line of text.split("\n").filter((line) => line.includes("2026-11"))) {
      assert.match(line, /2026-11-2\dT[\d:.]+Z( |$)/, String(width));
    }
  }
  for (let width = 30; width <= 120; width++) {
    const { text } = await shown(view(ORDER), [[order(0)], [order(1)]], width);
    assert.doesNotMatch(text, /\d{4}-\d\d-\d\d\S*…/, String(width));
  }
});

Deno.test("prose is readable: other text goes while it has less than 24 cells", async () => {
  const OPERATIONS = view({
    name: { is: "text", column: "OPERATION", key: true },
    kind: { is: "text", column: "KIND" },
    returns: { is: "text", column: "RETURNS" },
    about: { is: "text", column: "DESCRIPTION", prose: true },
  }) as View<never>;
  const rows = [
    { name: "shipping_suspend_courier", kind: "mutation", returns: "ShippingCourier", about: "To suspend a courier." },
    {
      name: "orders",
      kind: "query",
      returns: "OrderPage",
      about: "The tenant's orders, with the pages that they are on.",
    },
  ];
  const headers: [width: number, headers: string[]][] = [
    // 24 + 8 + 11 + 24, and three gaps.
    [73, ["OPERATION", "KIND", "RETURNS", "DESCRIPTION"]],
    [72, ["OPERATION", "KIND", "DESCRIPTION"]],
    [60, ["OPERATION", "KIND", "DESCRIPTION"]],
    [59, ["OPERATION", "DESCRIPTION"]],
    [40, ["OPERATION", "DESCRIPTION"]],
  ];
  for (const [width, wanted] of headers) {
    const found = await shown(OPERATIONS, [rows], width);
    assert.deepEqual(found.headers, wanted, String(width));
    assert.ok(found.lines.every((line) => !line.startsWith("orders") || line.includes("The tenant's")));
  }
});

Deno.test("what a long cell says in each row is told by its beginning", async () => {
  const all = ([0, 1] as const).map((at) => order(at, { status: "delivered ".repeat(300).trim() }));
  const { notes } = await shown(view(ORDER), [all], 60);
  const said = "delivered delivered delivered delivered…";
  assert.deepEqual(notes, [`No room for STATUS (${said} in each row): widen the terminal, or use -o tsv.`]);
});
