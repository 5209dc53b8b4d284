/** Documents and requests as a person writes them, and changes that the platform refuses, as it really answers them. */

import assert from "node:assert/strict";
import { autocom, execute, type World } from "../../support/harness.ts";
import type { Scene } from "../scene.ts";
import { tokenHolder } from "../visitor.ts";
import { orderId } from "./actions.ts";
import type { Suite } from "./mod.ts";

const PAGES = `query($page: Int) { orders(page: $page, per_page: 100) {
  data { order_number } meta { current_page total_pages } } }`;

/** A world whose every request to the platform is counted. */
async function counted(scene: Scene, user: "owner" | "viewer" = "owner") {
  const of = await tokenHolder(scene, user);
  const asked: Request[] = [];
  const { fetch } = of;
  of.fetch = (request) => (asked.push(request.clone()), fetch(request));
  return { of, asked, [Symbol.asyncDispose]: () => of[Symbol.asyncDispose]() };
}

function envelope(err: string): Record<string, unknown> {
  return JSON.parse(err.trimEnd().split("\n").at(-1)!).error;
}

async function answered(line: string[], of: World): Promise<Record<string, unknown>> {
  const { code, out, err } = await execute(line, of);
  assert.equal(code, 0, `${line}: ${err}`);
  return JSON.parse(out);
}

export const raw: Suite = {
  async "WP-21: whatever stands around it, a mutation is confirmed and a query is sent"(scene) {
    const id = await orderId(scene);
    await using of = await tokenHolder(scene, "owner");
    const [query, mutation] = ["{ profile { email } }", `mutation M { orders_cancel(id: "${id}") { id } }`];
    for (
      const document of [
        `# mutation\nquery ${query}`,
        `\ufeff${query}`,
        `fragment F on Profile { email }\nquery Q { profile { ...F } }`,
        'query { orders(search: "mutation { x }", per_page: 1) { meta { total_items } } }',
      ]
    ) {
      assert.ok((await answered(["graphql", document], of)).data, document);
    }
    const refused = { code: 2, err: /must be confirmed/ };
    await autocom(["graphql", `# query\n${mutation}`], refused, of);
    await autocom(["graphql", `query Q ${query} ${mutation}`], { code: 2, err: /--operation/ }, of);
    await autocom(["graphql", `query Q ${query} ${mutation}`, "--operation", "M"], refused, of);
    assert.deepEqual(await scene.control.audit(), []);
    const { data } = await answered(["graphql", `query Q ${query} ${mutation}`, "--operation", "Q"], of);
    assert.deepEqual(data, { profile: { email: scene.platform.descriptor.users.owner.email } });
    await autocom(["graphql", `query Q ${query} ${mutation}`, "--operation", "M", "--yes", "-q"], {
      out: /"orders_cancel"/,
    }, of);
    assert.equal((await scene.control.audit()).length, 1);
  },

  async "WP-23: a variable has the type that the document declares, whatever it looks like"(scene) {
    await using of = await tokenHolder(scene, "owner");
    const document = `query($s: String, $n: Int, $page: Int!, $status: OrderStatus) {
      orders(search: $s, per_page: $n, page: $page, status: $status) { meta { per_page current_page } } }`;
    const typed = ["-F", "s=007", "-F", "n=7", "-F", "page=1", "-F", "status=pending"];
    const { data } = await answered(["graphql", document, ...typed], of);
    assert.deepEqual(data, { orders: { meta: { per_page: 7, current_page: 1 } } });
    await autocom(["graphql", document, "-F", "page=1", "-F", "nope=1"], { code: 2, err: /does not declare/ }, of);
    await autocom(["graphql", document, "-F", "page=x"], { code: 2, err: /page/ }, of);
    // The platform's own types are the platform's to check.
    await autocom(
      ["graphql", document, "-F", "page=1", "-F", "status=nope"],
      { code: 8, out: /errors/, err: /nope/ },
      of,
    );
  },

  async "WP-24: pages of a document end where the platform says so; one that ignores $page is not sent"(scene) {
    await using w = await counted(scene);
    await autocom(["graphql", "query($page: Int) { profile { email } }", "--paginate"], {
      code: 2,
      err: /does not use a variable \$page/,
    }, w.of);
    assert.equal(w.asked.length, 0);
    const { out } = await execute(["graphql", PAGES, "--paginate"], w.of);
    const numbers = JSON.parse(out).flatMap((one: { data: { orders: { data: { order_number: string }[] } } }) =>
      one.data.orders.data.map((row) => row.order_number)
    );
    assert.deepEqual([numbers.length, new Set(numbers).size, w.asked.length], [2000, 2000, 20]);
  },

  async "WP-25: when the third page is refused the first two are one valid document, and it says where to go on"(
    scene,
  ) {
    for (const [line, pages] of [[["graphql", PAGES], 20], [["api", "/orders?per_page=100"], 20]] as const) {
      await scene.control.reset();
      await using of = await tokenHolder(scene, "owner");
      const { fetch } = of;
      let asked = 0;
      of.fetch = async (request) => {
        if (++asked === 3) await scene.control.revoke(scene.pat("owner"));
        return await fetch(request);
      };
      const { code, out, err } = await execute([...line, "--paginate", "-o", "json"], of);
      const { next_page, exit } = envelope(err);
      assert.deepEqual([code, exit, JSON.parse(out).length, next_page], [4, 4, 2, 3], err);
      assert.ok(asked < pages);
    }
  },

  async "WP-26, WP-28: what leads elsewhere, and headers of ours, are refused without a request"(scene) {
    await using w = await counted(scene);
    for (
      const path of [
        "https://evil.test/x",
        "//evil.test",
        "/../../oauth/token",
        "/%2e%2e/%2e%2e/oauth/token",
        "\\\\evil",
        "C:/Program Files/Git/api",
      ]
    ) {
      await autocom(["api", path], { code: 2, err: /^error: .*\nhint: / }, w.of);
    }
    for (const header of ["Authorization: x", "X-Tenant: globex", "Host: x", "x: a\r\nX-Tenant: globex"]) {
      await autocom(["api", "/profile", "-H", header], { code: 2, err: /^error: / }, w.of);
    }
    assert.equal(w.asked.length, 0);
  },

  async "WP-27: a request that changes is asked for, and carried out once"(scene) {
    await using w = await counted(scene);
    await autocom("team invite other@example.test --role agent --yes -q", { out: /other@example\.test/ }, w.of);
    const { invitations } = await answered(["api", "/team/invitations"], w.of);
    const id = String((invitations as { id: number }[])[0]!.id);
    const before = await scene.control.rows("acme");
    w.asked.length = 0;
    await autocom(["api", "-X", "delete", `/team/invitations/${id}`], { code: 2, err: /must be confirmed/ }, w.of);
    assert.deepEqual([w.asked.length, await scene.control.rows("acme")], [0, before]);
    // An empty answer is nothing.
    await autocom(["api", "-X", "delete", `/team/invitations/${id}`, "--yes", "-q"], {}, w.of);
    assert.deepEqual(w.asked.map(({ method }) => method), ["DELETE"]);
    assert.notEqual(await scene.control.rows("acme"), before);
    await autocom(["api", "DELETE", `/team/invitations/${id}`, "--yes"], { code: 7, out: /message/, err: /./ }, w.of);
    await autocom(["api", "POST", "/team/invite", "-f", "email=no", "--yes"], {
      code: 8,
      out: /"errors"/,
      err: /email.*|role_id/,
    }, w.of);
  },

  async "WP-29: maintenance as a page, and a redirect, are 11; what is no answer of an API is no data"(scene) {
    for (const form of ["render", "redirect"] as const) {
      await scene.control.reset();
      await using of = await tokenHolder(scene, "owner");
      await scene.control.down(form);
      await autocom(["graphql", "{ profile { email } }"], { code: 11, err: /^error: / }, of);
      // `api` prints what was refused as it came; a redirect has nothing to print.
      await autocom(["api", "/profile"], { code: 11, out: form === "render" ? /503/ : "", err: /^error: / }, of);
    }
  },

  async "WP-69: a refund that is too much or of another currency is 8 in the platform's words; no amount is 2"(scene) {
    await using w = await counted(scene);
    const id = await orderId(scene, "0007");
    const before = await scene.control.rows("acme");
    const refund = (...more: string[]) => ["orders", "refund", id, ...more, "--yes", "-o", "json"];
    for (const amount of ["1,000.00", "1e3", "0.1+0.2", "-1", ""]) {
      const { code, out, err } = await execute(refund("--amount", amount), w.of);
      assert.deepEqual([code, out, envelope(err).exit], [2, "", 2], amount);
    }
    const sent = w.asked.length;
    const none = await execute(refund("--amount", "0"), w.of);
    assert.deepEqual([none.code, Object.keys(envelope(none.err).fields as object)], [8, ["--amount"]]);
    const much = await execute(refund("--amount", "999999.00"), w.of);
    assert.deepEqual([much.code, Object.keys(envelope(much.err).fields as object)], [8, ["--amount"]], much.err);
    const foreign = await execute([
      "call",
      "orders.processRefund",
      "--id",
      id,
      "--currency",
      "USD",
      "--yes",
      "-o",
      "json",
    ], w.of);
    assert.deepEqual([foreign.code, Object.keys(envelope(foreign.err).fields as object)], [8, ["--currency"]]);
    assert.ok(w.asked.length > sent);
    assert.equal(await scene.control.rows("acme"), before);
    await autocom([...refund("--amount", "0.30"), "-q"], { out: /"amount_refunded": 0\.30/ }, w.of);
    assert.notEqual(await scene.control.rows("acme"), before);
  },
};
