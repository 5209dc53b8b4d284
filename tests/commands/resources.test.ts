/** Orders made and refunded, products, customers and the team: through the whole program, against the sandbox. */
import assert from "node:assert/strict";
import { autocom, execute, type World } from "../support/harness.ts";
import { json, scripted, withToken } from "../support/scripted.ts";

const [PAID, REFUNDED, UNPAID] = ["ORD-20260503-1819", "ORD-20260503-1814", "ORD-20260101-0006"];
const AT_A_TERMINAL = { terminal: { stdin: true, stderr: true } };
const FORMATS = ["json", "jsonl", "yaml", "tsv", "csv"];

const sent = (of: World, what = "mutation") => of.sandbox.log.filter(({ body }) => body.includes(what));
const variables = (of: World) => JSON.parse(sent(of).at(-1)!.body).variables;

Deno.test("orders create makes an order of flags: shown, sent once with a key, found in the audit log", async () => {
  await using w = await withToken();
  const { code, out, err } = await execute(
    "orders create --item ACM-001=2 --item ACM-002 --notes gift --tag a --tag b --external-id X-1 --yes",
    w,
  );
  assert.equal(code, 0, err);
  assert.match(out, /^ORDER\tSTATUS\tTOTAL\tCURRENCY\tCREATED\tREQUEST\nORD-\S+\tpending\t482\.55\tINR\t/);
  assert.match(
    err,
    /^A new order of tenant acme: 2 × ACM-001, 1 × ACM-002, external_id: X-1, notes: gift, tags: \["a","b"\]\nOrder ORD-\S+ was created: 482\.55 INR\. Request \S+: autocom audit list --request-id \S+\n$/,
  );
  assert.deepEqual(variables(w).input, {
    items: [{ sku: "ACM-001", quantity: 2 }, { sku: "ACM-002", quantity: 1 }],
    external_id: "X-1",
    notes: "gift",
    tags: ["a", "b"],
  });
  assert.match(sent(w)[0]!.headers["idempotency-key"] ?? "", /^[0-9a-f-]{36}$/);
  const id = /--request-id (\S+)/.exec(err)![1]!;
  await autocom(`audit list --request-id ${id}`, { out: /\torders_create\tok\t/, err: /^Source: / }, w);
  await autocom("orders create --item ACM-001 --external-id X-1 --yes -q", {
    code: 8,
    err: /\n {2}--external-id: The external id has already been taken\.\n/,
  }, w);
});

Deno.test("orders create takes a customer's id, and says where it is for an e-mail or a name", async () => {
  await using w = await withToken();
  for (
    const [customer, said, find] of [
      ["customer10@acme.test", "an e-mail", "customers get customer10@acme.test --fields id"],
      ["Asha Rao", "a name", "customers list --search Asha --fields id,first_name,last_name"],
    ] as const
  ) {
    await autocom(["orders", "create", "--item", "ACM-001", "--customer", customer, "--dry-run"], {
      code: 2,
      err: `error: --customer takes a customer's id, not ${said}\nhint: find it: autocom ${find}\n`,
    }, w);
  }
  assert.deepEqual(w.sandbox.log, []);
});

Deno.test("orders create takes a file or stdin; flags go before what stands there, and digits stay", async () => {
  const order = '\ufeff{"items":[{"sku":"ACM-001","quantity":3}],"notes":"of a file"}';
  await using w = await withToken("owner", { stdin: order });
  await autocom("orders create --input - --notes said --yes -q", { out: /\tpending\t511\.50\t/ }, w);
  assert.deepEqual(variables(w).input, { items: [{ sku: "ACM-001", quantity: 3 }], notes: "said" });
  await Deno.writeTextFile(`${w.home}/order.json`, order);
  await autocom(
    `orders create --input ${w.home}/order.json --item ACM-002=1 --yes -q`,
    { out: /\tpending\t141\.55/ },
    w,
  );
  assert.deepEqual(variables(w).input.items, [{ sku: "ACM-002", quantity: 1 }]);
});

const BAD: [text: string, said: RegExp][] = [
  ["", /it is not JSON/],
  ["[]", /it is not a JSON object/],
  ["1", /it is not a JSON object/],
  ["{", /it is not JSON/],
  ["[".repeat(200) + "]".repeat(200), /it is not a JSON object/],
  [`{"items":${"[".repeat(200)}${"]".repeat(200)}}`, /it nests too deep/],
];
for (const [text, said] of BAD) {
  Deno.test(`--input with ${text.slice(0, 20) || "nothing"} is exit 2, and nothing is sent`, async () => {
    await using w = await withToken("owner", { stdin: text });
    await autocom("orders create --input - --yes", { code: 2, err: said }, w);
    assert.deepEqual(w.sandbox.log, []);
  });
}

for (
  const line of [
    "orders create --yes",
    "orders create --item ACM-001=0 --yes",
    "orders create --item ACM-001=x --yes",
    "orders create --item =2 --yes",
    "orders create --item ACM-001",
    `orders refund ${PAID} --amount 1,000.00 --yes`,
    `orders refund ${PAID} --amount 1e3 --yes`,
    `orders refund ${PAID} --amount 0.1+0.2 --yes`,
    `orders refund ${PAID} --amount -5 --yes`,
    `orders refund ${PAID} --amount 00010.50 --yes`,
    "products create --sku A --yes",
    "products update ACM-001 --yes",
    "products update ACM-001 --price 1e3 --yes",
    "products update ACM-001 --stock -1 --yes",
    "products list --search=",
    "customers list --tag=",
    "customers list --sort nope",
    "team invite a@b.example --yes",
    "team invite a@b.example --role owner --yes",
    "team invite a@b.example --role agent",
  ]
) {
  Deno.test(`WP-69: autocom ${line} is exit 2 with a hint, before anything is sent`, async () => {
    await using w = await withToken();
    await autocom(line, { code: 2, err: /^error: .*\nhint: / }, w);
    assert.deepEqual(w.sandbox.log, []);
  });
}

Deno.test("WP-69: a refund is the text that was typed, added up by its digits, and never sent twice", async () => {
  await using w = await withToken();
  await autocom(`orders refund ${PAID} --amount 0.10 --yes -q`, { out: /\t0\.10\tINR\t/ }, w);
  assert.equal(variables(w).amount, "0.10");
  const { code, out, err } = await execute(`orders refund ${PAID} --amount 0.20 --reason damaged --yes`, w);
  assert.equal(code, 0, err);
  assert.match(out, /\t1112\.85\t1112\.85\t0\.30\tINR\t/);
  assert.match(err, /: 0\.20 INR, refunded 0\.10 → 0\.30 of 1112\.85 paid, reason: damaged\n/);
  assert.match(err, /\nOrder \S+ is refunded: 0\.30 INR in all\. Request /);
  await autocom(`orders refund ${PAID} --yes -q -o json`, {
    out: (text) => assert.equal(JSON.parse(text).payment_status, "refunded"),
  }, w);
  assert.equal(variables(w).amount, "1112.55", "what was shown is what is sent");
  assert.equal(sent(w).length, 3);
});

Deno.test("a refund that the server refuses is exit 8 in its words, and changes nothing", async () => {
  await using w = await withToken();
  const before = w.sandbox.rows("acme");
  for (
    const [line, said] of [
      [`${REFUNDED} --amount 1 --yes`, /The order is refunded already\./],
      [`${UNPAID} --amount 1 --yes`, /An order that is not paid cannot be refunded\./],
      [`${PAID} --amount 999999.00 --yes`, /\n {2}--amount: At most 1112\.85 INR can be refunded/],
      [`${PAID} --amount 0.00 --yes`, /\n {2}--amount: The amount must be more than 0\.00/],
      [`${PAID} --amount 1 --currency USD --yes`, /\n {2}--currency: The order is in INR/],
    ] as const
  ) await autocom(`orders refund ${line} -q`, { code: 8, err: said }, w);
  await autocom("orders refund ORD-1 --yes", { code: 7, err: /there is no order "ORD-1"/ }, w);
  assert.equal(w.sandbox.rows("acme"), before);
});

Deno.test("a refund in a currency that is not the order's shows what is sent, and reckons nothing with it", async () => {
  await using w = await withToken();
  await autocom(`orders refund ${PAID} --amount 1.00 --currency USD --dry-run -q`, {
    out: `WHAT\tCHANGE\tREASON\norder ${PAID}\t1.00 USD (the order is in INR)\t\n`,
  }, w);
  await autocom(`orders refund ${PAID} --amount 1.00 --currency INR --dry-run -q`, {
    out: /\t1\.00 INR, refunded 0\.00 → 1\.00 of 1112\.85 paid\t/,
  }, w);
  await autocom(`orders refund ${PAID} --amount 1.00 --currency USD --yes`, {
    code: 8,
    err: /^Order \S+ of tenant acme: 1\.00 USD \(the order is in INR\)\n/,
  }, w);
  assert.deepEqual([variables(w).amount, variables(w).currency], ["1.00", "USD"]);
});

Deno.test("no answer after a refund says that it may have been carried out", async () => {
  const paid = {
    id: "x",
    order_number: "ORD-1",
    payment_status: "paid",
    total: "9",
    amount_paid: "9",
    currency: "INR",
  };
  const id = "9d794c60-1508-5e53-a3ef-a8198e43d9e1";
  const fetch = scripted(json({ data: { order: { ...paid, amount_refunded: "0" } } }), json({}, 502));
  await using w = await withToken("owner", { fetch });
  await autocom(
    `orders refund ${id} --yes -q`,
    { code: 11, err: /may have been carried out.*\nhint: .*audit list/ },
    w,
  );
  assert.equal(fetch.asked.length, 2);
});

Deno.test("products: found by SKU or id, made, changed as before → after, left alone when nothing differs", async () => {
  await using w = await withToken();
  await autocom("products create --sku MUG-1 --name Mug --price 12.50 --stock 4 --track-inventory no --yes", {
    out: /\nMUG-1\tMug\tactive\t12\.50\t4\t/,
    err:
      /^A new product of tenant acme: sku: MUG-1, name: Mug, price: 12\.50, .*\nProduct MUG-1 was created\. Request /,
  }, w);
  const product = JSON.parse((await execute("products get MUG-1 -o json", w)).out);
  assert.deepEqual([product.track_inventory, product.stock_quantity], [false, 4]);
  await autocom(`products update ${product.id} --price 13.00 --status draft --yes`, {
    out: /\tdraft\t13\.00\t/,
    err:
      /^Product MUG-1 of tenant acme: price: 12\.50 → 13\.00, active → draft\nProduct MUG-1: price is 13\.00, status is draft\. Request /,
  }, w);
  const before = sent(w).length;
  await autocom(
    "products update MUG-1 --price 13.00 --yes",
    { out: /\t\n$/, err: /is already so: nothing was sent/ },
    w,
  );
  assert.equal(sent(w).length, before);
  await autocom("products update MUG-1 --compare-at-price 1 --yes -q", {
    code: 8,
    err: /\n {2}--compare-at-price: The compare at price must be more/,
  }, w);
  await autocom("products get MUG", { code: 7, err: /there is no product "MUG" in this tenant/ }, w);
});

Deno.test("products update: the same amount with other digits is no change", async () => {
  await using w = await withToken();
  await autocom("products update ACM-001 --price 170.5 --yes", {
    out: /\t170\.50\t.*\t\n$/,
    err: "Product ACM-001 is already so: nothing was sent.\n",
  }, w);
  await autocom("products update ACM-001 --price 170.5000 --name Other --dry-run -q", {
    out: /\tname: [^,]+ → Other\t/,
  }, w);
  assert.deepEqual(sent(w), []);
});

Deno.test("products update says how a value is taken away where an empty one was given, and that does it", async () => {
  await using w = await withToken();
  for (
    const [option, name] of [["--description", "description"], ["--compare-at-price", "compare_at_price"]] as const
  ) {
    await autocom(["products", "update", "ACM-001", option, " "], {
      code: 2,
      err: `error: ${option} must not be empty\n` +
        `hint: to take it away: --input FILE, with {"${name}":null} in it, or --input - for stdin\n`,
    }, w);
    w.stdin = `{"${name}":null}`;
    await autocom(["products", "update", "ACM-001", option, "999.00", "--yes", "-q"], { out: /./ }, w);
    await autocom("products update ACM-001 --input - --yes -q -o json", {
      out: (text) => assert.equal(JSON.parse(text)[name], null),
    }, w);
  }
});

Deno.test("a product that the server changed otherwise, or not at all, is not told as done", async () => {
  await using w = await withToken();
  const real = w.fetch;
  const answer = async (price: string) => {
    const { data } = JSON.parse((await execute("products get ACM-001 -o json", w)).out.replace(/^/, '{"data":') + "}");
    w.fetch = async (request) =>
      (await request.clone().text()).includes("mutation")
        ? Response.json({ data: { products_update: { ...data, price } } })
        : await real(request);
  };
  await answer("12.00");
  await autocom("products update ACM-001 --price 14.00 --name Other --yes -q", {
    out: /\t12\.00\t/,
    err:
      /^warning: the server accepted the change, and says otherwise: product ACM-001: name is .*, not Other, price is 12\.00, not 14\.00\n$/,
  }, w);
  await answer("14.0");
  await autocom("products update ACM-001 --price 14.00 --yes -q", { out: /\t14\.0\t/ }, w);
});

Deno.test("products update takes null and a number's own digits from --input", async () => {
  await using w = await withToken("owner", {
    stdin: '{"price": 59.00, "compare_at_price": null, "stock_quantity": 7}',
  });
  await autocom("products update ACM-001 --input - --yes -o json", {
    out: (text) => assert.match(text, /"price": 59\.00,\n {2}"compare_at_price": null/),
  }, w);
  assert.deepEqual(variables(w).input, { price: "59.00", compare_at_price: null, stock_quantity: 7 });
  const before = sent(w).length;
  await autocom("products update ACM-001 --input - --yes -q", { out: /\t\n$/ }, w);
  await autocom("products update ACM-001 --input - --yes", { out: /\t\n$/, err: /is already so: nothing was sent/ }, w);
  assert.equal(sent(w).length, before, "the same number of a file is no change");
  w.stdin = '{"stock_quantity": 8, "status": "active"}';
  await autocom("products update ACM-001 --input - --dry-run", { out: /\tstock_quantity: 7 → 8\t/, err: /dry run/ }, w);
});

Deno.test("customers: whoever may not see how to reach them gets the rest, and is told", async () => {
  await using w = await withToken();
  await autocom("customers get CUSTOMER1@acme.test", { out: /\tcustomer1@acme\.test\t\+91/ }, w);
  await autocom("customers list --limit 1 -o json -q", {
    out: (text) => assert.match(JSON.parse(text)[0].email, /@acme\.test$/),
  }, w);
  const { id } = JSON.parse((await execute("customers get customer1@acme.test -o json", w)).out);
  await using viewer = await withToken("viewer");
  for (const line of ["customers list --limit 1 -q", `customers get ${id}`]) {
    await autocom(`${line} -o json`, {
      out: (text) =>
        assert.deepEqual([JSON.parse(text)].flat().map(({ email, phone }) => [email, phone]), [[null, null]]),
      err: 'warning: e-mail and phone are left out: the permission "customers.view_sensitive" is missing\n',
    }, viewer);
  }
});

Deno.test("team invite goes through REST, so nothing names the audit log; a second one is refused", async () => {
  await using w = await withToken();
  await autocom("team invite new@b.example --role agent --yes", {
    out: /^EMAIL\tROLE\tINVITED BY\tEXPIRES\tREQUEST\nnew@b\.example\tagent\t\t\S+Z\t[\w-]{36}\n$/,
    err:
      /^New member new@b\.example of tenant acme: invited as agent\nNew member new@b\.example is invited as agent\. Request [\w-]{36}\.\n$/,
  }, w);
  const [post] = w.sandbox.log;
  assert.deepEqual(JSON.parse(post!.body), { email: "new@b.example", role_id: 4 });
  assert.match(post!.headers["idempotency-key"] ?? "", /^[0-9a-f-]{36}$/);
  await autocom("team invitations", { out: /\nnew@b\.example\tagent\tOwner Example\t/ }, w);
  await autocom("team invite new@b.example --role agent --yes -q", { code: 8, err: /\n {2}<email>: The email has/ }, w);
  w.fetch = scripted(json({ message: "no" }, 502));
  await autocom("team invite two@b.example --role agent --yes -q", {
    code: 11,
    err: /may have been carried out(?![^]*audit)/,
  }, w);
});

Deno.test("team invitations come in pages that are cut here", async () => {
  await using w = await withToken();
  await autocom(
    "team invitations",
    { out: "EMAIL\tROLE\tINVITED BY\tEXPIRES\n", err: "There are no invitations.\n" },
    w,
  );
  for (const name of ["a", "b", "c"]) await execute(`team invite ${name}@b.example --role viewer --yes -q`, w);
  await autocom("team invitations --per-page 2 --page 2 --fields email", { out: "EMAIL\nc@b.example\n" }, w);
  await autocom("team invitations --per-page 2 --all -o jsonl", { out: /^([^\n]+\n){3}$/ }, w);
  await autocom("team invitations --limit 1 --fields email", {
    out: "EMAIL\na@b.example\n",
    err: "1 of 3 invitations shown. More: a higher --limit, or --all.\n",
  }, w);
});

const CHANGES: [line: string, question: string][] = [
  ["orders create --item ACM-001", "Create a new order?"],
  [`orders refund ${PAID} --amount 1.00`, `Refund order ${PAID}?`],
  ["products create --sku M --name N --price 1.00", "Create a new product?"],
  ["products update ACM-001 --price 1.00", "Change product ACM-001?"],
  ["team invite q@b.example --role viewer", "Invite new member q@b.example?"],
];
for (const [line, question] of CHANGES) {
  Deno.test(`autocom ${line}: asks, no and --dry-run change nothing, the request id is last in every format`, async () => {
    await using w = await withToken("owner", { ...AT_A_TERMINAL, answers: [false] });
    const before = w.sandbox.rows("acme");
    await autocom(line, { code: 1, err: /you said no/ }, w);
    assert.deepEqual(w.seen.asked, [question]);
    for (const format of FORMATS) await autocom(`${line} --dry-run -q -o ${format}`, { out: /./ }, w);
    assert.deepEqual([w.sandbox.rows("acme"), sent(w), sent(w, "role_id")], [before, [], []]);
    const { code, out, err } = await execute(`${line} --yes -o json`, w);
    assert.deepEqual([code, err], [0, ""]);
    assert.equal(Object.keys(JSON.parse(out)).at(-1), "request_id");
  });
}

for (const line of ["products list", "customers list", "products get ACM-023"]) {
  Deno.test(`autocom ${line} escapes what the server sends, in every format`, async () => {
    await using w = await withToken();
    for (const format of [...FORMATS, "table"]) {
      w.terminal = { stdout: format === "table" };
      const { code, out, err } = await execute(`${line}${line.endsWith("list") ? " --all" : ""} -q -o ${format}`, w);
      assert.equal(code, 0, err);
      assert.doesNotMatch(
        out,
        // deno-lint-ignore no-control-regex
        /[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e]|\x1b\]|\x1b\[2J|\x1b\[31mRed/,
      );
    }
  });
}

for (const noun of ["products", "customers"]) {
  Deno.test(`${noun} list that finds nothing says so, and ends well in every format`, async () => {
    await using w = await withToken();
    for (const format of FORMATS) await autocom(`${noun} list --search zzzz -q -o ${format}`, { out: /^[^\0]*$/ }, w);
    await autocom(`${noun} list --search zzzz`, { out: /^[A-Z\t ]+\n$/, err: `No ${noun} match.\n` }, w);
  });
}

Deno.test("an amount of --input that is none is shown as it stands there, with what to write instead", async () => {
  await using w = await withToken();
  for (const price of ["[5]", '{"a":1}', "1e2", "true", '"00012.50"']) {
    w.stdin = `{"price":${price}}`;
    const { code, err } = await execute("products update ACM-001 --input - --yes", w);
    assert.equal(code, 2);
    assert.equal(
      err,
      `error: "price" of --input must be an amount like 10.50, not "${price.replaceAll(/^"|"$/g, "")}"\n` +
        'hint: write it with digits and a point: {"price":"1000.00"}\n',
    );
  }
  assert.equal(sent(w).length, 0);
});

Deno.test("a name of --input that the server does not know is not called a quarrel about the schema", async () => {
  await using w = await withToken();
  w.stdin = '{"id":"other","name":"z"}';
  await autocom("products update ACM-001 --input - --yes -q", {
    code: 8,
    err: /"id" is not defined by type "ProductChanges".*\nhint: a value is not one that the server takes: .*--input\n$/,
  }, w);
});
