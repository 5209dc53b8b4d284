import assert from "node:assert/strict";
import { load } from "js-yaml";
import { verbs } from "../../src/commands/orders/mod.ts";
import { forbidden } from "../support/output/fixture.ts";
import { autocom, execute } from "../support/harness.ts";
import { json, type Order, order, page, scripted, withToken } from "../support/scripted.ts";

const [list, get] = await verbs("get");

const FULL = {
  ...order(),
  payment_status: "cod",
  fulfillment_status: "unfulfilled",
  customer_id: null,
  external_id: "SHOP-7",
  source_module: "shopify",
  items: [
    { id: "i1", sku: "ACM-001", name: "Copper kettle", quantity: 2, unit_price: "1000.00", total: "2000.00" },
    { id: "i2", sku: "ACM-002", name: "Linen shirt", quantity: 1, unit_price: "541.52", total: "541.52" },
  ],
  subtotal: "2541.52",
  tax: "457.48",
  discount: "0.00",
  shipping_cost: "0.00",
  notes: "ring\ttwice\\",
  tags: ["vip", "gift"],
  updated_at: "2026-05-03T10:14:22Z",
};
const one = (order: unknown) => json({ data: { order } });

const FORMATS: [string, string][] = [
  [
    "tsv",
    "ORDER\tID\tSTATUS\tPAYMENT\tFULFILLMENT\tCUSTOMER\tEXTERNAL ID\tSOURCE\tITEMS\tSUBTOTAL\tTAX\tDISCOUNT\tSHIPPING\tTOTAL\tCURRENCY\tNOTES\tTAGS\tCREATED\tUPDATED\n" +
    `ORD-20260503-001\t${FULL.id}\tpending\tcod\tunfulfilled\t\tSHOP-7\tshopify\t2 × Copper kettle (ACM-001) at 1000.00, 1 × Linen shirt (ACM-002) at 541.52\t2541.52\t457.48\t0.00\t0.00\t2999.00\tINR\tring\\ttwice\\\\\t["vip","gift"]\t2026-05-03T10:14:22Z\t2026-05-03T10:14:22Z\n`,
  ],
  [
    "json",
    `{
  "id": "${FULL.id}",
  "order_number": "ORD-20260503-001",
  "status": "pending",
  "payment_status": "cod",
  "fulfillment_status": "unfulfilled",
  "customer_id": null,
  "external_id": "SHOP-7",
  "source_module": "shopify",
  "items": [
    {
      "id": "i1",
      "sku": "ACM-001",
      "name": "Copper kettle",
      "quantity": 2,
      "unit_price": 1000.00,
      "total": 2000.00
    },
    {
      "id": "i2",
      "sku": "ACM-002",
      "name": "Linen shirt",
      "quantity": 1,
      "unit_price": 541.52,
      "total": 541.52
    }
  ],
  "subtotal": 2541.52,
  "tax": 457.48,
  "discount": 0.00,
  "shipping_cost": 0.00,
  "total": 2999.00,
  "currency": "INR",
  "notes": "ring\\ttwice\\\\",
  "tags": [
    "vip",
    "gift"
  ],
  "created_at": "2026-05-03T10:14:22Z",
  "updated_at": "2026-05-03T10:14:22Z"
}
`,
  ],
];
for (const [format, out] of FORMATS) {
  Deno.test(`orders get prints one order as ${format}, its money untouched`, async () => {
    await using w = await withToken("owner", { fetch: scripted(one(FULL)) });
    await autocom(`orders get ${FULL.id} -o ${format}`, { out }, w);
  });
}

Deno.test("orders get prints the same order as YAML, and field by field on a terminal", async () => {
  await using w = await withToken("owner", { fetch: scripted(one(FULL)), terminal: { stdout: true } });
  const yaml = (await execute(`orders get ${FULL.id} -o yaml`, w)).out;
  assert.match(yaml, /^---\nid: /);
  assert.match(yaml, /^total: 2999\.00$/m);
  assert.deepEqual((load(yaml) as typeof FULL).items.map(({ sku }) => sku), ["ACM-001", "ACM-002"]);
  const table = (await execute(`orders get ${FULL.id} --color never`, w)).out.split("\n");
  assert.deepEqual(table.slice(0, 3).map((line) => line.trimEnd()), [
    "FIELD        VALUE",
    table[1],
    "ORDER        ORD-20260503-001",
  ]);
  assert.ok(table.includes("TOTAL        2999.00"));
});

Deno.test("an order is found by its UUID, and by its number through an exact look-up", async () => {
  await using w = await withToken();
  const [listed] = JSON.parse((await execute("orders list --per-page 1 --page 7 -o json -q", w)).out) as [Order];
  w.sandbox.log.length = 0;
  const byId = await execute(`orders get ${listed.id} -o json`, w);
  assert.deepEqual([JSON.parse(byId.out).order_number, w.sandbox.log.length], [listed.order_number, 1]);
  const byNumber = await execute(`orders get ${listed.order_number} -o json`, w);
  assert.equal(byNumber.out, byId.out);
  const sent = w.sandbox.log.slice(1).map(({ body }) => JSON.parse(body));
  assert.deepEqual(sent, [
    { query: get!.documents.FindOrder, variables: { search: listed.order_number, page: 1 } },
    { query: get!.documents.Order, variables: { id: listed.id } },
  ]);
  assert.notEqual(get!.documents.FindOrder, list!.documents.Orders);
});

const ABSENT = [
  "ORD-20260515-200",
  "RD-20260515-2000",
  "ord-20260515-2000",
  "%",
  "0000000000",
  "01J00000000000000000000001",
];
for (const number of [...ABSENT, "019e2c5a-7d1f-7000-8000-000000000000"]) {
  Deno.test(`orders get ${number} is exit 7: a part of a number is none, nor is another case`, async () => {
    await using w = await withToken();
    const { code, out, err } = await execute(["orders", "get", number], w);
    assert.deepEqual([code, out], [7, ""]);
    assert.match(
      err,
      /^error: there is no order ".*" in this tenant.*\nhint: search for it: autocom orders list( --search [\w.@+-]+)?\n$/,
    );
    const [, part = ""] = / --search (\S+)\n$/.exec(err) ?? [];
    assert.ok(number.startsWith(part));
    if (part === number) assert.match((await execute(`orders list --search ${part} -q`, w)).out, /\nORD-/);
  });
}

for (
  const [line, hint] of [
    ["orders get 1996", "autocom orders list --search 1996"],
    ["orders get 20260503-1814", "autocom orders list --search 20260503-1814"],
    ["orders cancel ord-20260503-1814 --yes", "autocom orders list --search ord-20260503-1814"],
    ["orders get RD-20260515-2000", "autocom orders list --search RD-20260515-2000"],
    ["orders get -- -1814", "autocom orders list --search 1814"],
    ["orders get ORD-20260503-18X4", "autocom orders list --search ORD-20260503"],
    ["orders get ORD-20260503-", "autocom orders list --search ORD-20260503-"],
    ["orders get ORD-20990101-", "autocom orders list --search ORD-20990101"],
    ["products get acm-001", "autocom products list --search acm-001"],
    ["orders get 99999999", "autocom orders list"],
    ["customers get customer1", "autocom customers list --search customer1"],
    ["products get nothing", "autocom products list"],
  ] as const
) {
  Deno.test(`${line}: a word that the search finds in others leads to them, another to all`, async () => {
    await using w = await withToken();
    const { code, err } = await execute(line, w);
    assert.equal(code, 7, err);
    assert.equal(err.split("\n")[1], `hint: search for it: ${hint}`);
  });
}

const PASTED: [line: string, word: (one: string) => string][] = [
  ["orders get", (one) => `#${one}`],
  ["orders get", (one) => `"${one}",`],
  ["orders cancel --dry-run", (one) => `\u200b${one}`],
  ["orders get", (one) => `${one.slice(0, 5)}\u200b${one.slice(5)}`],
  ["orders get", (one) => one.replaceAll("-", "\u2011")],
  ["products get", (one) => `'${one}'`],
  ["customers get", (one) => `<${one}>`],
];
for (const [line, word] of PASTED) {
  const noun = line.split(" ")[0]!;
  const named = { orders: "order_number", products: "sku", customers: "email" }[noun]!;
  Deno.test(`${line} ${JSON.stringify(word("X-1"))}: what was pasted with something around it is found by the hint`, async () => {
    await using w = await withToken();
    const [one] = JSON.parse((await execute(`${noun} list --per-page 1 --fields ${named} -o json -q`, w)).out);
    const { code, err } = await execute([...line.split(" "), word(one[named])], w);
    assert.equal(code, 7, err);
    const [, search = ""] = /\nhint: search for it: autocom (.+ --search .+)\n$/.exec(err) ?? [];
    const [first] = JSON.parse((await execute(`${search} --fields ${named} -o json`, w)).out);
    assert.deepEqual(first, one);
  });
}

for (const noun of ["orders", "products", "customers"]) {
  Deno.test(`${noun} get: an id that was pasted with something around it is answered with the line that finds it`, async () => {
    await using w = await withToken();
    const [one] = JSON.parse((await execute(`${noun} list --per-page 1 --fields id -o json -q`, w)).out);
    for (const word of [`"${one.id}"`, `#${one.id}`, `https://shop.test/${noun}/${one.id}?tab=1`, `\u200b${one.id}`]) {
      const { code, err } = await execute([noun, "get", word], w);
      assert.equal(code, 7, err);
      const [, line = ""] = /\nhint: ask for the id alone: autocom (.+)\n$/.exec(err) ?? [];
      assert.deepEqual(JSON.parse((await execute(`${line} --fields id -o json`, w)).out), one);
    }
  });
}

Deno.test("orders list --customer EMAIL is exit 2 before anything is sent, and says how to find the id", async () => {
  await using w = await withToken();
  const { code, out, err } = await execute("orders list --customer customer1@acme.test", w);
  assert.deepEqual([code, out], [2, ""]);
  const [, find = ""] = /\nhint: find it: autocom (.+)\n$/.exec(err) ?? [];
  const { id } = JSON.parse((await execute(`${find} -o json`, w)).out);
  const found = await execute(`orders list --customer ${id} -q -o json`, w);
  assert.ok(JSON.parse(found.out).length > 0, found.err);
});

Deno.test("orders list --customer NAME is exit 2 before anything is sent, and says how to find the id", async () => {
  await using w = await withToken();
  const { code, out, err } = await execute(["orders", "list", "--customer", "Ravi Smith"], w);
  assert.deepEqual([code, out], [2, ""]);
  const [, find = ""] = /\nhint: find it: autocom (.+)\n$/.exec(err) ?? [];
  const found = JSON.parse((await execute(`${find} -o json`, w)).out) as { id: string; last_name: string }[];
  assert.ok(found.some(({ last_name }) => last_name === "Smith"), err);
});

Deno.test("orders get -- looks for the exact number on every page of the search", async () => {
  const decoys = (from: number) =>
    Array.from({ length: 100 }, (_, at) => order(from + at, { order_number: `7${from + at}` }));
  const fetch = scripted(
    page(decoys(1), 3),
    page(decoys(101), 3),
    page([order(5, { order_number: "7" })], 3),
    one(FULL),
  );
  await using w = await withToken("owner", { fetch });
  await autocom("orders get 7 -o json", { out: /ORD-20260503-001/ }, w);
  const bodies = await Promise.all(fetch.asked.map((request) => request.json()));
  assert.deepEqual(bodies.map(({ variables }) => variables), [
    { search: "7", page: 1 },
    { search: "7", page: 2 },
    { search: "7", page: 3 },
    { id: order(5).id },
  ]);
});

Deno.test("orders view and orders show are orders get; describe is not, and says so", async () => {
  await using w = await withToken("owner", { fetch: scripted(one(FULL)) });
  await autocom(`orders view ${FULL.id}`, { out: /ORD-20260503-001/ }, w);
  await autocom(`orders show ${FULL.id}`, { out: /ORD-20260503-001/ }, w);
  await autocom("orders describe x", { code: 2, err: /did you mean: autocom orders get x\n/ }, w);
  await autocom(
    "orders get",
    { code: 2, err: "error: <order> is missing\nhint: write: autocom orders get ORDER\n" },
    w,
  );
  await autocom(["orders", "get", " "], { code: 2, err: /"" is neither an order's id nor its number/ }, w);
  await autocom(["orders", "get", "9".repeat(101)], { code: 2, err: /"9{40}" is neither/ }, w);
});

Deno.test("an order of another shape than documented is exit 11", async () => {
  const answers = [null, {}, [], { ...FULL, total: 2999 }, { ...FULL, id: undefined }, "order", 7];
  for (const answer of answers) {
    await using w = await withToken("owner", { fetch: scripted(one(answer)) });
    const { code, err } = await execute(`orders get ${FULL.id}`, w);
    assert.ok(code === 11 || code === 7 && answer === null, `${JSON.stringify(answer)}: ${code} ${err}`);
  }
});

const HOSTILE = "\x1b]0;pwn\x07\x1b[2J\u202e\u009b31m\r\nx";
for (const format of ["table", "tsv", "json", "yaml"]) {
  Deno.test(`LK-10: control characters of the server never leave orders list or get as ${format}`, async () => {
    const hostile = order(1, {
      order_number: HOSTILE,
      status: HOSTILE,
      currency: HOSTILE,
      created_at: HOSTILE,
      total: HOSTILE,
    });
    const whole = {
      ...FULL,
      ...hostile,
      notes: HOSTILE,
      tags: [HOSTILE],
      items: [{ ...FULL.items[0], name: HOSTILE, sku: HOSTILE }],
    };
    await using w = await withToken("owner", { terminal: { stdout: true } });
    const run = async (line: string) => {
      const { code, out, err } = await execute(`${line} -o ${format} --color never`, w);
      assert.deepEqual([code, err], [0, ""]);
      assert.equal(forbidden(out, "\n\t"), undefined);
      return out;
    };
    w.fetch = scripted(page([hostile]));
    const listed = await run("orders list");
    w.fetch = scripted(one(whole));
    const shown = await run(`orders get ${FULL.id}`);
    if (format === "json") {
      assert.ok(listed.includes("\\u001b]0;pwn"));
      assert.equal(JSON.parse(listed)[0].status, HOSTILE);
      assert.equal(JSON.parse(shown).items[0].name, HOSTILE);
    }
    if (format === "yaml") assert.equal((load(listed) as Order[])[0]!.status, HOSTILE);
  });
}

Deno.test("LK-10: the seeded product with an escape sequence in its name is shown escaped, Indic joiners as they are", async () => {
  await using w = await withToken();
  const numbers = (await execute("orders list --per-page 60 -q", w)).out.split("\n").slice(1, 61).map((l) =>
    l.split("\t")[0]!
  );
  const names = new Map<string, string>();
  for (const number of numbers) {
    const { out } = await execute(`orders get ${number} -o json`, w);
    assert.equal(forbidden(out), undefined);
    for (const { sku, name } of JSON.parse(out).items) names.set(sku, name);
    if (names.has("ACM-023") && names.has("ACM-021")) {
      assert.equal(names.get("ACM-023"), "\x1b[31mRed\x1b[0m\ttab\r\nline \u202etxt.exe");
      if (out.includes("ACM-021")) assert.ok(out.includes("क्‍ष चाय (क्‌ष)"));
      return;
    }
  }
  assert.fail("no order holds both products");
});
