/** A refusal says only what it proves: a tenant that has answered is not suspected. */
import assert from "node:assert/strict";
import { behind, gateway } from "../support/gateway.ts";
import { full, page as exported, writing } from "../support/exports.ts";
import { autocom } from "../support/harness.ts";
import { json, order, page, scripted, withToken } from "../support/scripted.ts";

const FAILED = json({ message: "Server Error" }, 500);

const LINES: [line: string, hint: string][] = [
  ["orders list --all", "to go on, add to the same command: --page 2"],
  [
    "orders list --limit 150",
    "to go on, put into the same command, in place of its --limit: --page 2 --per-page 100 --limit 149",
  ],
];
for (const [line, hint] of LINES) {
  Deno.test(`autocom ${line}: a page that fails behind others is not blamed on the tenant`, async () => {
    await using w = await withToken("owner", { fetch: scripted(page([order(1)], 2), FAILED) });
    await autocom(line, { code: 11, out: /ORD-/, err: new RegExp(`\nhint: try again later; ${hint}\n$`) }, w);
  });
}

Deno.test("an export whose second page fails is not blamed on the tenant", async () => {
  await using w = await writing("owner", { fetch: scripted(exported([full(1)], 2), FAILED) });
  await autocom(`orders export --output-file ${w.folder}/e.csv`, {
    code: 11,
    err: /\nhint: try again later; run it again from the beginning\n$/,
  }, w);
});

Deno.test("call --all: a page that fails behind others is not blamed on the tenant", async () => {
  const server = gateway(
    `type Meta { current_page: Int!, total_pages: Int!, total_items: Int! } type T { id: ID! } type P { data: [T!]!, meta: Meta! }
     type Query { things(page: Int = 1): P }`,
    {
      things: ({ page = 1 }: { page?: number }) => ({
        data: [{ id: `${page}` }],
        meta: { current_page: page, total_pages: 2, total_items: 2 },
      }),
    },
  );
  await using w = await behind(server);
  const real = w.fetch;
  w.fetch = async (request) => /"page":2/.test(await request.clone().text()) ? FAILED() : await real(request);
  await autocom("call things --all", { code: 11, out: "ID\n1\n", err: /\nhint: try again later; to go on, add / }, w);
});

Deno.test("a 500 to the first that is asked still has the question, with a tenant and without one", async () => {
  await using w = await withToken("owner", { fetch: scripted(FAILED) });
  await autocom("orders list --all", { code: 11, err: /\nhint: try again; if it stays, is "acme" one of / }, w);
  delete w.env.AUTOCOM_TENANT;
  await autocom("orders list", { code: 11, err: /\nhint: no tenant was named, which may be the cause; / }, w);
  assert.equal((w.fetch as ReturnType<typeof scripted>).asked.length, 2);
});
