/** Numbers with more digits than a number of the program's holds, in whatever an API answers with. */
import assert from "node:assert/strict";
import { type Script, scripted, withToken } from "../support/scripted.ts";
import { autocom, execute } from "../support/harness.ts";

const [ONE, OTHER] = ["9007199254740992", "9007199254740993"];

/** An answer whose digits no writer of ours has touched. */
const text = (body: string) => () => new Response(body, { headers: { "Content-Type": "application/json" } });

const asked = async (fetch: Script, at: number) => (await fetch.asked[at]!.text());

Deno.test("invitations whose ids differ in the sixteenth digit are two, with their digits, in every format", async () => {
  const one = (id: string) => `{"id":${id},"email":"a${id}@x.test","role":${id},"invited_by":{"id":${id}}}`;
  const fetch = () => Promise.resolve(text(`{"invitations":[${one(ONE)},${one(OTHER)},${one("7")}]}`)());
  await using w = await withToken("owner", { fetch });
  for (const size of ["", " --per-page 1"]) {
    const { code, out, err } = await execute(`team invitations --all --fields id,role,invited_by${size}`, w);
    assert.equal(code, 0, err);
    assert.equal(out, `ID\tROLE\tINVITED BY\n${[ONE, OTHER, "7"].map((id) => `${id}\t${id}\t${id}\n`).join("")}`);
    for (const format of ["json", "yaml", "jsonl", "csv"]) {
      const { out } = await execute(`team invitations --all --fields id -o ${format}${size}`, w);
      assert.deepEqual(out.match(/\d+/g), [ONE, OTHER, "7"], out);
    }
  }
  await autocom(`team invitations --query "[?id == \`${OTHER}\`].email"`, { out: `a${OTHER}@x.test\n` }, w);
});

const PROFILE = (id: string) => `{"id":${id},"name":"Me","email":"me@x.test","current_tenant":null}`;

Deno.test("the audit log of REST drops no change for an id that is nearly the same, and takes nobody for another", async () => {
  const row = (id: string, user: string) => `{"id":${id},"user_id":${user},"operation":"x","variables":{"id":${id}}}`;
  const logs = (...rows: string[]) => text(`{"logs":[${rows}],"pagination":{"last_page":2,"total":4}}`);
  const none = text('{"errors":[{"message":"Cannot query field \\"audit_log\\" on type \\"Query\\"."}]}');
  const fetch = scripted(
    none,
    logs(row(ONE, `"${ONE}"`), row("5", "3")),
    text(PROFILE(ONE)),
    logs(row(OTHER, OTHER), row("6", `"${OTHER}"`)),
  );
  await using w = await withToken("owner", { fetch });
  await autocom("audit list --all --fields id,user_id,user,subject_id -q", {
    out: "ID\tUSER_ID\tUSER\tSUBJECT\n" +
      `${ONE}\t${ONE}\tme@x.test\t${ONE}\n5\t3\t3\t5\n${OTHER}\t${OTHER}\t${OTHER}\t${OTHER}\n6\t${OTHER}\t${OTHER}\t6\n`,
  }, w);
});

Deno.test("the audit log is asked for a user by all digits of the number, typed or one's own", async () => {
  const page = text('{"data":{"audit_log":{"data":[],"meta":{"total_pages":1}}}}');
  const fetch = scripted(page, text(PROFILE(OTHER)), page, page);
  await using w = await withToken("owner", { fetch });
  await autocom(`audit list --user ${OTHER} -q -o jsonl`, {}, w);
  await autocom("audit list --user me@x.test -q -o jsonl", {}, w);
  await autocom("audit list --user 007 -q -o jsonl", {}, w);
  for (const [at, user] of [[0, OTHER], [2, OTHER], [3, "7"]] as const) {
    assert.ok((await asked(fetch, at)).includes(`"user_id":${user}}`));
  }
});

Deno.test("a number of GraphQL's keeps its digits in what is printed, shown before a change and compared", async () => {
  const product = (stock: string) =>
    `{"id":"9d794c60-1508-5e53-a3ef-a8198e43d9e1","sku":"MUG","name":"Mug","description":null,"status":"active",` +
    `"price":"1.00","compare_at_price":null,"track_inventory":true,"stock_quantity":${stock},"source_module":"x",` +
    `"created_at":"2026-05-03T10:14:22Z","updated_at":"2026-05-03T10:14:22Z"}`;
  const list = text(`{"data":{"products":{"data":[${product(OTHER)}],"meta":{"total_pages":1,"total_items":1}}}}`);
  const one = text(`{"data":{"product":${product(OTHER)}}}`);
  await using w = await withToken("owner", { fetch: scripted(list) });
  for (const format of ["tsv", "csv", "json", "jsonl", "yaml", "table"]) {
    const { out } = await execute(`products list --fields sku,stock_quantity -o ${format}`, w);
    assert.deepEqual(out.match(/\d{9,}/g), [OTHER], out);
  }
  const line = "products update 9d794c60-1508-5e53-a3ef-a8198e43d9e1";
  w.fetch = scripted(one, text(`{"data":{"products_update":${product("5")}}}`));
  await autocom(`${line} --stock 5 --yes`, {
    out: /\t5\t/,
    err: new RegExp(`stock_quantity: ${OTHER} → 5\n`),
  }, w);
  for (const [stock, err] of [[ONE, /→/], [OTHER, /already so: nothing was sent/]] as const) {
    w.stdin = `{"stock_quantity":${stock}}`;
    w.fetch = scripted(one);
    await autocom(`${line} --input - --dry-run -o tsv`, { out: /MUG/, err: stock === ONE ? /dry run/ : err }, w);
  }
});
