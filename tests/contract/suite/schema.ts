/** The schema as the platform tells it, and the operations that are called from it: limits, names, fields, pages. */

import assert from "node:assert/strict";
import { getIntrospectionQuery } from "graphql";
import type { LaravelSwitches } from "../../platform/control.ts";
import { autocom, execute, type World } from "../../support/harness.ts";
import { printsInEveryFormat } from "../../support/output/answers.ts";
import { forbidden } from "../../support/output/fixture.ts";
import type { Scene } from "../scene.ts";
import { tokenHolder } from "../visitor.ts";
import { orderId, productId } from "./actions.ts";
import type { Suite } from "./mod.ts";

/** What a request to the gateway held. */
interface Sent {
  query: string;
  variables: Record<string, unknown>;
}

/** A world that remembers what it asks the gateway. */
async function watched(scene: Scene, user: "owner" | "viewer" | "manager" = "owner") {
  const of = await tokenHolder(scene, user);
  const sent: Sent[] = [];
  const { fetch } = of;
  of.fetch = async (request) => {
    if (request.url.endsWith("/graphql")) sent.push(await request.clone().json());
    return await fetch(request);
  };
  return { of, sent, asked: () => sent.splice(0), [Symbol.asyncDispose]: () => of[Symbol.asyncDispose]() };
}

const AMOUNTS = ["subtotal", "tax", "discount", "shipping_cost", "total", "amount_paid", "amount_refunded"];
/** What `call` asks of an order by itself. */
const ORDER = `id order_number external_id source_module status payment_status fulfillment_status customer_id
  ${AMOUNTS.join(" ")} currency notes tags created_at updated_at`;

const isIntrospection = ({ query }: Sent) => /__schema|__type\b/.test(query);

async function rows(line: string[] | string, of: World): Promise<Record<string, unknown>[]> {
  const { code, out, err } = await execute(line, of);
  assert.equal(code, 0, `${line}: ${err}`);
  return JSON.parse(out);
}

/** What a server of the same version tells where it may. */
async function introspection(scene: Scene, of: World): Promise<string> {
  const path = `${of.home}/schema.json`;
  await Deno.writeTextFile(path, await (await scene.graphql(getIntrospectionQuery())).text());
  return path;
}

const LIMITS: [switches: LaravelSwitches, requests: (count: number) => boolean][] = [
  [{ GRAPHQL_MAX_DEPTH: "7", GRAPHQL_MAX_COMPLEXITY: "60" }, (count) => count === 1],
  [{ GRAPHQL_MAX_DEPTH: "6" }, (count) => count > 2],
];

export const schema: Suite = {
  ...Object.fromEntries(
    LIMITS.map(([switches, isRight]) =>
      [`WP-1: within ${JSON.stringify(switches)} the schema is read, and is the same`, async (scene) => {
        const open = await tokenHolder(scene, "owner");
        const whole = (await execute("schema list --deprecated -q -o json", open)).out;
        await open[Symbol.asyncDispose]();
        await scene.control.set(switches);
        await using w = await watched(scene);
        const found = await rows("schema list --deprecated -q -o json", w.of);
        assert.deepEqual(found, JSON.parse(whole));
        const asked = w.asked();
        assert.ok(isRight(asked.length) && asked.every(isIntrospection), `${asked.length} requests`);
        await autocom("call orders --limit 1 --fields id,items.sku -q", { out: /^ID\tITEMS\.SKU\n/ }, w.of);
        assert.equal(w.asked().length, 1, "it is kept");
      }] satisfies [string, Suite[string]]
    ),
  ),

  async "WP-1: at a depth of 4 it ends with 8, the limit's own words, and the way out"(scene) {
    await scene.control.set({ GRAPHQL_MAX_DEPTH: "4" });
    await using of = await tokenHolder(scene, "owner");
    for (const line of ["schema list", "call orders"]) {
      await autocom(
        line,
        { code: 8, err: /^error: .*depth should be 4 but got \d+.*\nhint: .*schema import FILE/ },
        of,
      );
    }
  },

  async "WP-2: with introspection off call ends with 8, and works with an imported schema"(scene) {
    await using of = await tokenHolder(scene, "owner");
    const path = await introspection(scene, of);
    await scene.control.set({ INTROSPECTION: "0" });
    await autocom("call orders", { code: 8, err: /introspection is not allowed.*\nhint: .*schema import FILE/ }, of);
    await autocom(["schema", "import", path, "-q"], { out: /file/ }, of);
    await autocom("call orders --limit 1 --fields order_number -q", { out: /^ORDER_NUMBER\nORD-/ }, of);
    await autocom("call nothing_like_it", { code: 2, err: /no operation "nothing_like_it"/ }, of);
  },

  async "WP-3: what the kept schema does not know is looked for once, silently, and used at once"(scene) {
    await using w = await watched(scene);
    const path = await introspection(scene, w.of);
    const old = (await Deno.readTextFile(path)).replaceAll('"name":"products"', '"name":"wares"')
      .replaceAll('"name":"total"', '"name":"sum_total"');
    await Deno.writeTextFile(path, old);
    await autocom(["schema", "import", path, "-q"], { out: /file/ }, w.of);
    assert.deepEqual(w.asked(), []);
    await autocom("call products --limit 1 --fields sku -q", { out: "SKU\nACM-001\n" }, w.of);
    assert.deepEqual(w.asked().map(isIntrospection), [true, false]);

    await autocom(["schema", "import", path, "-q"], { out: /file/ }, w.of);
    const { out } = await execute("call orders --limit 1 -q", w.of);
    assert.match(out.split("\n")[0]!, /\tTOTAL\t/);
    assert.deepEqual(w.asked().map(isIntrospection), [false, true, false], "the server could not query a field");
  },

  async "WP-12: a default is not sent; empty and null are, and the three are three on the wire"(scene) {
    await using w = await watched(scene);
    await execute("schema refresh -q", w.of);
    const id = await productId(scene);
    for (
      const [given, description] of [
        [[], {}],
        [["--description", ""], { description: "" }],
        [["--description:null"], { description: null }],
      ] as const
    ) {
      w.asked();
      const line = ["call", "products_update", "--id", id, "--name", "Linen", ...given, "--fields", "name", "--yes"];
      await autocom([...line, "-q"], { out: /^NAME\tREQUEST\nLinen\t/ }, w.of);
      assert.deepEqual(w.asked().map((one) => one.variables), [{ id, input: { name: "Linen", ...description } }]);
    }
  },

  async "WP-12: an empty text narrows no list: it is refused, and null sends none"(scene) {
    await using w = await watched(scene);
    await execute("schema refresh -q", w.of);
    w.asked();
    await autocom(["call", "products", "--search", ""], { code: 2, err: /^error: --search must not be empty\n/ }, w.of);
    assert.deepEqual(w.asked(), []);
    await autocom("call products --search:null --fields sku -q", { out: /^SKU\nACM-001\n/ }, w.of);
    assert.deepEqual(w.asked().map((one) => one.variables), [{ search: null }]);
  },

  async "WP-13: a viewer's default selection succeeds; by name a field ends with 6 and the permission"(scene) {
    await using of = await tokenHolder(scene, "viewer");
    await autocom("call orders --limit 2 -q", { out: /^ID\tORDER_NUMBER\t/ }, of);
    await autocom("call customers --limit 2", {
      out: (text) => assert.doesNotMatch(text.split("\n")[0]!, /EMAIL|PHONE/),
      err: /Left out, because it was refused: email \(.*\nLeft out, because it was refused: phone \(.*\n2 of \d+ rows/,
    }, of);
    for (
      const line of ["orders --fields id,customer.email", "customers --fields phone", "customers --all --fields phone"]
    ) {
      await autocom(`call ${line}`, { code: 6, err: /"customers\.view_sensitive" is missing/ }, of);
    }
  },

  async "WP-14: a page, a thing and nothing print in every format; nothing is 7 where one thing was asked for"(scene) {
    await using of = await tokenHolder(scene, "owner");
    const id = await orderId(scene);
    const query =
      `query ($id: ID!) { order(id: $id) { ${ORDER} } orders(per_page: 2, sort: order_number) { data { ${ORDER} } } }`;
    const { data: { order, orders } } = await (await scene.graphql(query, { variables: { id } })).json();
    const page = ["orders", "--per-page", "2", "--sort", "order_number"];
    await printsInEveryFormat(["call", ...page], orders.data, of, { money: AMOUNTS, texts: ["tags"] });
    await printsInEveryFormat(["call", "order", "--id", id], order, of, { money: AMOUNTS, texts: ["tags"] });
    await printsInEveryFormat(["call", "products", "--search", "no such thing"], [], of);
    for (const format of ["json", "jsonl", "yaml", "csv", "tsv", "table"]) {
      await autocom(["call", "order", "--id", "00000000-0000-4000-8000-000000000000", "-o", format], {
        code: 7,
        err: /call order/,
      }, of);
    }
  },

  async "WP-15: fields deeper than the platform allows end with 8 in its words, much deeper ones are not sent"(scene) {
    await scene.control.set({ GRAPHQL_MAX_DEPTH: "7" });
    await using w = await watched(scene);
    await execute("schema refresh -q", w.of);
    w.asked();
    const circle = (
      times: number,
    ) => ["call", "orders", "--limit", "1", "--fields", `${"customer.orders.".repeat(times)}id`];
    await autocom([...circle(1), "-q"], { out: /^CUSTOMER\.ORDERS\.ID\n/ }, w.of);
    await autocom(circle(4), { code: 8, err: /depth should be 7 but got \d+/ }, w.of);
    assert.equal(w.asked().length, 2);
    await autocom(circle(20), { code: 2, err: /more than 12 levels deep/ }, w.of);
    assert.deepEqual(w.asked(), []);
  },

  async "WP-19: the alias on the bus works; a near miss is 2 with the nearest"(scene) {
    await using of = await tokenHolder(scene, "owner");
    const id = await orderId(scene);
    for (const name of ["orders.updateStatus", "orders-update-status", "orders_update_status"]) {
      await autocom(["call", name, "--id", id, "--status", "shipped", "--dry-run", "-q"], {
        out: /orders_update_status/,
      }, of);
    }
    await autocom("call orders_updateStatu", { code: 2, err: /did you mean: autocom call orders_update_status/ }, of);
    assert.deepEqual(await scene.control.audit(), []);
  },

  async "WP-20: the help of an operation works offline with a cache, and is 10 without"(scene) {
    await using of = await tokenHolder(scene, "owner");
    await execute("schema refresh -q", of);
    const { fetch } = of;
    of.fetch = () => Promise.reject(new TypeError("error sending request: connection refused"));
    await autocom("call orders --help", { out: /^Usage: autocom call orders \[options\]\n[^]*--status/ }, of);
    await autocom("call orders --help --tenant globex", { code: 10, err: /./ }, of);
    of.fetch = fetch;
  },

  async "WP-31, WP-32: an unknown field is 2 with the nearest and no request; columns stand as they were asked for"(
    scene,
  ) {
    await using w = await watched(scene);
    await execute("schema refresh -q", w.of);
    w.asked();
    await autocom("call orders --fields order_numbr", { code: 2, err: /did you mean: order_number/ }, w.of);
    await autocom("call orders --fields", { out: /\norder_number\ttext\t/ }, w.of);
    assert.deepEqual(w.asked(), []);
    await autocom(["call", "orders", "--limit", "1", "--fields", "total, id ,status", "-q"], {
      out: /^TOTAL\tID\tSTATUS\n[\d.]+\t[-\w]{36}\t\w+\n$/,
    }, w.of);
  },

  async "WP-40: --limit is exactly that many rows, of a list and of what is called"(scene) {
    await using of = await tokenHolder(scene, "owner");
    for (const list of ["orders list", "call orders"]) {
      const numbers = async (line: string) =>
        (await rows(`${list} ${line} --fields order_number -q -o json`, of)).map((row) => row.order_number);
      const first = await numbers("--limit 250");
      assert.deepEqual([first.length, new Set(first).size], [250, 250]);
      assert.deepEqual(await numbers("--limit 5 --page 3 --per-page 2"), first.slice(4, 9), "rows 5 to 9");
      await autocom(`${list} --limit 0`, { code: 2, err: /--limit must be a whole number/ }, of);
      await autocom(`${list} --limit 3 --all`, { code: 2, err: /--all and --limit contradict/ }, of);
    }
  },

  async "call --all is the whole list, once each, with the counts of the platform"(scene) {
    await using of = await tokenHolder(scene, "owner");
    const all = await rows("call orders --all --fields order_number -o json", of);
    assert.deepEqual([all.length, new Set(all.map((row) => row.order_number)).size], [2000, 2000]);
    const { out } = await execute("call products --all --meta -o json", of);
    const { data, meta } = JSON.parse(out);
    assert.deepEqual([data.length, meta], [24, {
      current_page: 1,
      total_pages: 1,
      total_items: 24,
      per_page: 100,
      rows: 24,
    }]);
    await autocom(
      "call products --per-page 5",
      { out: /^ID\t/, err: /^5 of 24 rows shown \(page 1 of 5\)\. More: / },
      of,
    );
  },

  async "WP-97: what the platform's names and descriptions hold reaches no terminal raw, in any format"(scene) {
    await using of = await tokenHolder(scene, "owner");
    for (const terminal of [{ stdout: false }, { stdout: true }]) {
      of.terminal = terminal;
      for (const format of ["table", "tsv", "csv", "json", "jsonl", "yaml"]) {
        for (
          const line of [
            "call products --all",
            "call customers --all",
            "call products --fields",
            "products list --all",
            "customers list --all",
            "schema show Product",
            "schema list",
          ]
        ) {
          const { code, out, err } = await execute(`${line} -o ${format} --color never`, of);
          assert.equal(code, 0, `${line} -o ${format}: ${err}`);
          assert.equal(
            forbidden(out, { csv: "\r\n", tsv: "\t\n", table: terminal.stdout ? "\n" : "\t\n" }[format]),
            undefined,
            `${line} -o ${format}`,
          );
        }
      }
    }
  },
};
