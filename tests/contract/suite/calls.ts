/** The server's own operations as commands, and raw documents and requests: found, gated and audited alike. */

import assert from "node:assert/strict";
import type { UserName } from "../../platform/sandbox/mod.ts";
import { autocom, execute, type World } from "../../support/harness.ts";
import type { Scene } from "../scene.ts";
import { tokenHolder } from "../visitor.ts";
import { orderId } from "./actions.ts";
import type { Suite } from "./mod.ts";

/** By role: reading orders, cancelling one, and the audit log over REST. */
const GATES: Partial<Record<UserName, [read: number, cancel: number, rest: number]>> = {
  owner: [0, 0, 0],
  admin: [0, 0, 0],
  manager: [0, 0, 6],
  agent: [0, 6, 6],
  viewer: [0, 6, 6],
  outsider: [5, 5, 5],
  nobody: [5, 5, 5],
};

async function using(scene: Scene, user: UserName, work: (of: World) => Promise<void>): Promise<void> {
  await using of = await tokenHolder(scene, user);
  await work(of);
}

const of = (code: number) => (text: string) => {
  if (code === 0) assert.equal(text, "");
  else {assert.match(
      text,
      code === 6
        ? /^error: .*permission "[\w.]+" is missing/m
        : /^error: .*not tenant "acme"|tenant "acme" was not accepted/m,
    );}
};

export const calls: Suite = {
  "the schema is read within the platform's limits, and its operations are commands": (scene) =>
    using(scene, "owner", async (world) => {
      await autocom("schema list -q", { out: /\norders\tquery\tOrderPage\t/ }, world);
      await autocom("schema show orders.processRefund -q", { out: /\namount\tMoney\t--amount\t/ }, world);
      await autocom("call orders --status pending --per-page 1 --fields id,customer.email,items.sku -q", {
        out: /^ID\tCUSTOMER\.EMAIL\tITEMS\.SKU\n[-\w]{36}\t/,
      }, world);
      await autocom("call order --id 00000000-0000-4000-8000-000000000000", {
        code: 7,
        err: /^error: cannot call order/,
      }, world);
    }),
  "WP-33: --query is asked of a whole list, whatever its pages, and of the answers of the raw commands": (scene) =>
    using(scene, "viewer", async (world) => {
      const count = async (...words: string[]) => (await execute([...words, "-q"], world)).out;
      const all = await count("orders", "list", "--meta", "--query", "meta.total_items");
      assert.match(all, /^[1-9]\d+\n$/);
      const pending = await count("orders", "list", "--status", "pending", "--query", "length(@)");
      assert.match(pending, /^[1-9]\d*\n$/);
      assert.equal(await count("orders", "list", "--query", "length(@)"), all);
      for (const pages of [["--per-page", "50"], ["--all"], ["-o", "json"]]) {
        const expression = "length([?status == 'pending'])";
        assert.equal(await count("orders", "list", ...pages, "--query", expression), pending);
      }
      const document = "{ orders(per_page: 2) { data { total } meta { total_items } } }";
      assert.equal(await count("graphql", document, "--query", "data.orders.meta.total_items"), all);
      assert.equal(await count("graphql", document, "--query", "type(data.orders.data[0].total)"), "string\n");
      assert.equal(await count("call", "orders", "--per-page", "100", "--query", "length(@)"), all);
      assert.equal(await count("call", "orders", "--page", "1", "--per-page", "2", "--query", "length(@)"), "2\n");
      assert.equal(await count("api", "/orders?per_page=2", "--query", "length(data)"), "2\n");
    }),
  ...Object.fromEntries(
    Object.entries(GATES).map(([user, [read, cancel, rest]]) =>
      [
        `for ${user} operations, documents and requests run or end with the code of the gate`,
        async (scene) => {
          const id = await orderId(scene);
          await using(scene, user as UserName, async (world) => {
            await autocom(
              "call orders --per-page 1 -q",
              { code: read, out: read === 0 ? /^ID\t/ : "", err: of(read) },
              world,
            );
            await autocom(["graphql", "{ orders(per_page: 1) { data { id } } }"], {
              code: read,
              out: /data|errors/,
              err: of(read),
            }, world);
            await autocom(["api", "/activity-logs", "-q"], { code: rest, out: /logs|message/, err: of(rest) }, world);
            await autocom(["call", "orders.cancel", "--id", id, "--yes", "-q"], {
              code: cancel,
              out: cancel === 0 ? /^ID\tREQUEST\n/ : "",
              err: of(cancel),
            }, world);
          });
        },
      ] satisfies [string, Suite[string]]
    ),
  ),
  "a mutation that was called leaves one audit row under the request that it printed": (scene) =>
    using(scene, "owner", async (world) => {
      const id = await orderId(scene);
      const { code, out, err } = await execute(
        ["call", "orders_cancel", "--id", id, "--yes", "-q", "-o", "json"],
        world,
      );
      assert.equal(code, 0, err);
      const { request_id } = JSON.parse(out);
      const rows = await scene.control.audit();
      assert.deepEqual(rows.map((row) => [row.request_id, row.result]), [[request_id, "ok"]]);
    }),
  "pages of a document and of a request are one JSON array": (scene) =>
    using(scene, "owner", async (world) => {
      const document =
        "query($page: Int) { products(page: $page, per_page: 100) { data { id } meta { current_page total_pages } } }";
      for (const line of [["graphql", document, "--paginate"], ["api", "/products?per_page=100", "--paginate"]]) {
        const { code, out, err } = await execute(line, world);
        assert.equal(code, 0, err);
        assert.ok(Array.isArray(JSON.parse(out)));
      }
    }),
};
