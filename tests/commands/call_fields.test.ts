/** `--fields` of an operation of the server's own: what a name gives. */
import assert from "node:assert/strict";
import { behind, gateway } from "../support/gateway.ts";
import { autocom, execute } from "../support/harness.ts";

Deno.test("WP-32: a name gives what it gives alone, whichever of its parts are named beside it", async () => {
  const item = { sku: "A", n: 2, maker: { name: "M", town: { zip: "1" } } };
  const server = gateway(
    `type Town { zip: ID } type Maker { name: String, town: Town } type Item { sku: String, n: Int, maker: Maker }
     type Order { id: ID, items: [Item!]!, first: Item } type Query { order: Order, orders: [Order!]! } type Mutation { make: Order }`,
    Object.fromEntries(
      ["order", "orders", "make"].map((name) => {
        const order = { id: "1", items: [item], first: item };
        return [name, name === "orders" ? [order] : order];
      }),
    ),
  );
  await using of = await behind(server);
  const names = [
    "items",
    "items.sku",
    "first",
    "first.maker",
    "first.maker.town",
    "first.maker.town.zip",
    "items.maker",
  ];
  for (const call of ["order", "orders", "make --yes -q"]) {
    const print = async (fields: string[], how: string) => {
      const { code, out, err } = await execute(`call ${call} --fields ${fields.join(",")} ${how}`, of);
      assert.equal(code, 0, err);
      return out;
    };
    for (const order of [names, names.toReversed()]) {
      const all = [JSON.parse(await print(order, "-o json"))].flat()[0];
      const cells = (await print(order, "-o tsv")).split("\n")[1]!.split("\t");
      for (const [at, name] of order.entries()) {
        assert.deepEqual(all[name], [JSON.parse(await print([name], "-o json"))].flat()[0][name], name);
        assert.equal(cells[at], (await print([name], "-o tsv")).split("\n")[1]!.split("\t")[0], name);
      }
      assert.deepEqual([all.items, all["items.sku"]], [[{ sku: "A", n: 2 }], ["A"]]);
      assert.deepEqual([all.first, all["first.maker"]], [{ sku: "A", n: 2 }, { name: "M" }]);
    }
  }
  await autocom(["call", "order", "--fields", "first,first.maker", "--query", "first.n"], { out: "2\n" }, of);
  // Of an expression, too, it has no more than that.
  await autocom(["call", "order", "--fields", "first,first.maker", "--query", "first.maker"], {
    out: "",
    err: /^warning: --query names maker, which is not there: there are sku, n\n/,
  }, of);
});
