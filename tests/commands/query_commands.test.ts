/** `--query` of commands that list nothing: raw answers, operations of the server's, changes. */
import assert from "node:assert/strict";
import { load } from "js-yaml";
import { behind, gateway } from "../support/gateway.ts";
import { autocom, execute } from "../support/harness.ts";
import { json, refused, scripted, withToken } from "../support/scripted.ts";

Deno.test("graphql and api are asked for their whole answer, and print it in every format, safe", async () => {
  const answer = { data: { n: 9, list: [{ id: "1", t: "10.00" }, { id: "2", t: "9.00" }] } };
  await using w = await withToken("owner", { fetch: scripted(json(answer)) });
  for (const line of [["graphql", "{ n }"], ["api", "/n"]]) {
    await autocom([...line, "--query", "data.n"], { out: "9\n" }, w);
    await autocom([...line, "--query", "data.list[].[id, t]"], { out: "1\t10.00\n2\t9.00\n" }, w);
    await autocom(
      [...line, "--query", "data.list[?id == '2']", "-o", "yaml"],
      { out: '---\n- id: "2"\n  t: "9.00"\n' },
      w,
    );
    await autocom([...line, "--query", "max_by(data.list, &t).id"], { out: "2\n", err: /&to_number\(t\)/ }, w);
  }
  const fault = refused("no", { code: "FORBIDDEN", permission: "x" }, { n: 1 });
  w.fetch = scripted(fault);
  await autocom(["graphql", "{ n }", "--query", "data.n"], { code: 6, err: /"x" is missing/ }, w);
});

Deno.test("a number of an answer keeps its digits, and what is no JSON is exit 11", async () => {
  const text = '{"id":9007199254740993,"total":2999.00,"e":1E2}';
  const answer = (body: string | null, status = 200) => () =>
    new Response(body, { status, headers: { "content-type": "application/json" } });
  await using w = await withToken("owner", { fetch: scripted(answer(text)) });
  await autocom(["api", "/x", "--query", "[id, total, e]"], { out: "9007199254740993\n2999.00\n1E2\n" }, w);
  await autocom(["api", "/x", "--query", "[total > `2998`, total == `2999`]"], { out: "true\ntrue\n" }, w);
  await autocom(["api", "/x", "--query", "@", "-o", "json"], { out: /: 9007199254740993,\n.*: 2999\.00,\n/ }, w);
  await autocom(["api", "/x", "--query", "total", "-o", "yaml"], { out: "---\n2999.00\n" }, w);
  w.fetch = scripted(answer('{"e":1E2,"small":-1.5e-9,"large":1e400,"exact":1.10}'));
  const yaml = await execute(["api", "/x", "--query", "@", "-o", "yaml"], w);
  assert.deepEqual(load(yaml.out), { e: 100, small: -1.5e-9, large: "1e400", exact: 1.1 });
  assert.match(yaml.out, /^exact: 1\.10$/m);
  assert.doesNotMatch(yaml.out, /!/, "no reader knows a tag of ours");
  w.fetch = scripted(answer(text));
  await autocom(["api", "/x", "-i", "--query", "@"], { code: 2, err: /--include/ }, w);
  w.fetch = scripted(answer(null, 204));
  await autocom(["api", "/x", "--query", "@"], {}, w);
  w.fetch = scripted(answer("nothing"));
  await autocom(["api", "/x", "--query", "@"], { code: 11, err: /that is not JSON/ }, w);
  w.fetch = scripted(answer(`[0.${"1".repeat(1_000_000)}]`));
  await autocom(["api", "/x", "--query", "[0]"], { code: 2, err: /a number of more than 1000 characters/ }, w);
  for (const depth of [200, 5_000]) {
    w.fetch = scripted(answer("[".repeat(depth) + "]".repeat(depth)));
    const { code, err } = await execute(["api", "/x", "--query", "@"], w);
    assert.ok(code === 2 || code === 11, err);
  }
});

Deno.test("--paginate is asked for all its pages at once, and refused early where they are too much", async () => {
  await using w = await withToken();
  const line = ["api", "/orders?per_page=100", "--paginate"];
  await autocom([...line, "--query", "length([].data[])"], { out: "2000\n" }, w);
  const fetch = scripted(json({ data: ["x".repeat(400_000)], meta: { current_page: 1, total_pages: 100 } }));
  w.fetch = fetch;
  await autocom([...line, "--query", "length(@)"], {
    code: 2,
    err: "error: cannot use --query over an answer of 41 MB: 33 MB are the most\n" +
      "hint: let jq do it: autocom api '/orders?per_page=100' --paginate | jq .\n",
  }, w);
  assert.equal(fetch.asked.length, 1);
  w.fetch = scripted(json({ data: [1], meta: { current_page: 1, total_pages: 2 } }), json({}, 500));
  await autocom([...line, "--query", "length(@)"], { code: 11, err: /./ }, w);
});

Deno.test("WP-36: call knows money by the schema, and is asked of what it prints", async () => {
  const server = gateway(
    "scalar Money type T { id: ID, price: Money } type Meta { current_page: Int, total_pages: Int, total_items: Int } " +
      "type P { data: [T!]!, meta: Meta! } type Query { things: P, thing: T, count: Int, texts: [String] } type Mutation { make: T, do: Int }",
    {
      things: {
        data: [{ id: "a", price: "100.00" }, { id: "b", price: "9.00" }],
        meta: { current_page: 1, total_pages: 1 },
      },
      thing: { id: "a", price: "100.00" },
      count: 3,
      texts: ["x", "y"],
      make: { id: "m", price: "1.00" },
      do: 5,
    },
  );
  await using of = await behind(server);
  await autocom("call things --query max_by(@,&price).id", { out: "b\n", err: /&to_number\(price\)/ }, of);
  await autocom("call things --query max_by(@,&to_number(price)).id", { out: "a\n" }, of);
  await autocom("call thing --query price -o json", { out: '"100.00"\n' }, of);
  await autocom("call count --query count", { out: "3\n" }, of);
  await autocom("call texts --query [].value", { out: "x\ny\n" }, of);
  const sent = server.asked.length;
  await autocom("call make --yes --query nothing(@)", { code: 2, err: /no function nothing/ }, of);
  await autocom("call make --dry-run --query operation", { out: "make\n", err: /dry run/ }, of);
  assert.equal(server.asked.length, sent, "nothing was sent");
  await autocom("call make --yes --query id", { out: "m\n", err: /was carried out/ }, of);
  await autocom("call do --yes --query do", { out: "5\n", err: /was carried out/ }, of);
  await autocom("call make --yes --query abs(id)", {
    code: 2,
    err:
      /; the change was carried out \(request ([-\w]{36})\)\nhint: do not repeat it, see: autocom audit list --request-id \1\n/,
  }, of);
});

Deno.test("a dry run of graphql and of api is asked with --query like every other", async () => {
  await using of = await behind(gateway("type Query { one: Int } type Mutation { make: Int }", {}));
  await autocom(["graphql", "mutation($n: Int) { make }", "-F", "n=1", "--dry-run", "--query", "[kind, variables.n]"], {
    out: "mutation\n1\n",
    err: /dry run/,
  }, of);
  await autocom("api DELETE /orders/7 --dry-run --query path", { out: "/orders/7\n", err: /dry run/ }, of);
});

Deno.test("WP-33: call is asked of all pages of an operation that has them, unless --page or --limit says which", async () => {
  const all = Array.from({ length: 7 }, (_, at) => ({ id: `${at}`, price: `${at}.50` }));
  const things = ({ page = 1, per_page = 3 }: { page?: number; per_page?: number }) => ({
    data: all.slice((page - 1) * per_page, page * per_page),
    meta: { current_page: page, total_pages: Math.ceil(all.length / per_page), total_items: all.length },
  });
  const server = gateway(
    "scalar Money type T { id: ID, price: Money } type Meta { current_page: Int, total_pages: Int, total_items: Int } " +
      "type P { data: [T!]!, meta: Meta! } type Query { things(page: Int, per_page: Int = 3): P }",
    { things },
  );
  await using of = await behind(server);
  for (const pages of ["", " --per-page 1", " --per-page 2", " --all"]) {
    for (const format of ["tsv", "json", "csv"]) {
      await autocom(`call things${pages} --query length(@) -o ${format}`, { out: /^7\r?\n$/ }, of);
    }
    await autocom(`call things${pages} --query [?to_number(price)>\`4\`].id`, { out: "4\n5\n6\n" }, of);
  }
  await autocom("call things --page 2 --query [].id -q", { out: "3\n4\n5\n" }, of);
  await autocom("call things --limit 4 --query [].id -q", { out: "0\n1\n2\n3\n" }, of);
  await autocom("call things --meta --query [meta.total_items,length(data)]", { out: "7\n7\n" }, of);
  await autocom("call things --fields price --query [-1]", { out: "PRICE\n6.50\n".toLowerCase() }, of);
});

Deno.test("a change is asked for what it prints; what fails then does not pass for a refusal of it", async () => {
  await using w = await withToken();
  await autocom("orders update-status ORD-20260101-0001 processing --yes --query [status,length(request_id)]", {
    out: "processing\n36\n",
    err: /is processing\. Request/,
  }, w);
  await autocom("orders update-status ORD-20260101-0001 shipped --yes -q --query abs(status)", {
    code: 2,
    err: /abs\(\) takes a number, not text, at character 1, .*; the change was carried out/,
  }, w);
  await autocom("orders get ORD-20260101-0001 --query status", { out: "shipped\n" }, w);
  await autocom("orders cancel ORD-20260101-0001 --dry-run -q --query after.status", { out: "cancelled\n" }, w);
});
