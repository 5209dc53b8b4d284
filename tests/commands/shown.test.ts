/** What a change shows before it is asked for: all that is sent, whatever stands in a file; and what is wrong, first. */
import assert from "node:assert/strict";
import { autocom, execute } from "../support/harness.ts";
import { withToken } from "../support/scripted.ts";

const AT_A_TERMINAL = { terminal: { stdin: true, stderr: true } };

const ITEMS: [items: string, shown: string][] = [
  [
    '[{"sku":"ACM-001","quantity":2,"unit_price":"0.01","properties":{"gift":true}}]',
    'items: [{"sku":"ACM-001","quantity":2,"unit_price":"0.01","properties":{"gift":true}}]',
  ],
  ['[{"sku":"ACM-001","qty":2}]', 'items: [{"sku":"ACM-001","qty":2}]'],
  [
    '[{"sku":"ACM-001"},{"sku":"ACM-002","price":0.10}]',
    'items: [{"sku":"ACM-001"},{"sku":"ACM-002","price":0.10}]',
  ],
  ['[{"quantity":1,"sku":"ACM-001"},{"sku":"ACM-002"}]', "1 × ACM-001, 1 × ACM-002"],
];
for (const [items, shown] of ITEMS) {
  Deno.test(`orders create shows all of what a file says of its items: ${items}`, async () => {
    await using w = await withToken("owner", { answers: [false, false] });
    const path = `${w.home}/order.json`;
    await Deno.writeTextFile(path, `{"items":${items},"billing":{"x":1}}`);
    const line = `orders create --input ${path}`;
    const whole = `${shown}, billing: {"x":1}`;
    await autocom(`${line} --dry-run -q`, { out: `WHAT\tCHANGE\tREASON\na new order\t${whole}\t\n` }, w);
    // The server has no such fields: it is shown before that is known.
    const { err } = await execute(`${line} --yes`, w);
    assert.equal(err.split("\n")[0], `A new order of tenant acme: ${whole}`);
    w.terminal = AT_A_TERMINAL.terminal;
    const asked = await execute(line, w);
    assert.equal(asked.err.split("\n")[0], `A new order of tenant acme: ${whole}`);
    await autocom(`${line} -o json`, { code: 1, err: /you said no/ }, w);
    assert.equal(w.seen.asked.at(-1), `A new order of tenant acme: ${whole}. Create a new order?`);
  });
}

Deno.test("products update does not say of a field that it does not look up that there was nothing", async () => {
  const stdin = '{"cost_price":5.00,"barcode":null,"compare_at_price":"900.00"}';
  await using w = await withToken("owner", { stdin });
  await autocom("products update ACM-001 --input - --dry-run -q", {
    out: /\tcost_price: 5\.00, barcode: none, compare_at_price: (none|\d+\.\d\d) → 900\.00\t/,
  }, w);
});

const WRONG: [line: string, stdin: string | undefined, err: RegExp][] = [
  ["orders create", undefined, /^error: cannot create the order: it has no items\n/],
  ["orders create --input -", "{", /^error: cannot read --input "-": it is not JSON\n/],
  ["products create --sku A", undefined, /^error: cannot create the product: --name and --price are missing\n/],
  ["products update ACM-001", undefined, /^error: cannot update the product: nothing to change is named\n/],
  ["orders create --item ACM-001", undefined, /^error: cannot create the order: it must be confirmed, and /],
];
for (const [line, stdin, err] of WRONG) {
  Deno.test(`autocom ${line}: what is wrong with the line is said before that nobody can be asked`, async () => {
    await using w = await withToken("owner", stdin === undefined ? {} : { stdin });
    await autocom(line, { code: 2, err }, w);
    assert.deepEqual(w.sandbox.log, []);
  });
}

Deno.test("--track-inventory takes true and false too, and its hint means what was typed", async () => {
  await using w = await withToken();
  for (const [word, is] of [["true", true], ["False", false], ["yes", true], ["no", false]] as const) {
    await autocom(`products create --sku M --name N --price 1 --track-inventory ${word} --dry-run -o json`, {
      out: (text) => assert.equal(JSON.parse(text).variables.input.track_inventory, is),
    }, w);
  }
  for (const [word, hint] of [["off", "no"], ["0", "no"], ["n", "no"], ["on", "yes"], ["1", "yes"], ["x", "yes"]]) {
    await autocom(`products update ACM-001 --track-inventory ${word} --yes`, {
      code: 2,
      err: `error: --track-inventory must be yes or no, not "${word}"\n` +
        `hint: write, for example: --track-inventory ${hint}\n`,
    }, w);
  }
});

for (const [word, what] of [["Ravi", "a name"], ["new_one", '"new_one"']]) {
  Deno.test(`--customer ${word}, which is no id, is exit 2 before anything is sent, and the hint finds ids`, async () => {
    await using w = await withToken();
    for (const line of ["orders list", "orders export", "orders create --item ACM-001 --yes"]) {
      await autocom(`${line} --customer ${word}`, {
        code: 2,
        err: `error: --customer takes a customer's id, not ${what}\n` +
          `hint: find it: autocom customers list --search ${word} --fields id,first_name,last_name\n`,
      }, w);
    }
    assert.deepEqual(w.sandbox.log, []);
  });
}

Deno.test("--customer with a digit may be an id of any form: whether it is one, the server says", async () => {
  await using w = await withToken();
  await autocom("orders list --customer cus_7", { code: 8, err: /^ {2}--customer: The customer id field must be/m }, w);
});

Deno.test("where an order comes from can be read again; a list asks for it by name alone", async () => {
  await using w = await withToken();
  const made = await execute("orders create --item ACM-001 --external-id SHOP-7 --yes -q -o json", w);
  const { id } = JSON.parse(made.out);
  const read = async (line: string) => JSON.parse((await execute(`${line} -o json -q`, w)).out);
  const { external_id, source_module } = await read(`orders get ${id}`);
  assert.deepEqual([external_id, source_module], ["SHOP-7", "manual"]);
  assert.deepEqual(await read("orders list --limit 1 --fields external_id"), [{ external_id: "SHOP-7" }]);
  const asked = w.sandbox.log.length;
  await execute("orders list -q", w);
  assert.doesNotMatch(w.sandbox.log[asked]!.body, /external_id|source_module/);
});

Deno.test("orders are sorted by their number, from either end", async () => {
  await using w = await withToken();
  const sorted = async (by: string) =>
    (await execute(`orders list --all --sort ${by} --fields order_number`, w)).out.trimEnd().split("\n").slice(1);
  const numbers = await sorted("order_number");
  assert.deepEqual(numbers, numbers.toSorted());
  assert.deepEqual(await sorted("order_number_desc"), numbers.toReversed());
});
