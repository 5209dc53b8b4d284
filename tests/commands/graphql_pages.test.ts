/** The pages of a document: `--paginate`. */
import assert from "node:assert/strict";
import { behind, gateway } from "../support/gateway.ts";
import { autocom, execute } from "../support/harness.ts";
import { json, scripted } from "../support/scripted.ts";

const SDL = `
  type Meta { current_page: Int, total_pages: Int } type P { data: [Int], meta: Meta }
  type Query { n: Int, page(page: Int): P } type Mutation { touch: Int }
`;
const shop = () =>
  gateway(SDL, { page: ({ page = 1 }) => ({ data: [page], meta: { current_page: page, total_pages: 3 } }) });

Deno.test("WP-24: --paginate needs a document that uses $page, before anything is sent", async () => {
  await using of = await behind(scripted());
  for (const document of ["{n}", "query($page:Int){n}", "query($page:Int=1){page{data}}"]) {
    await autocom(["graphql", document, "--paginate"], { code: 2, err: /does not use a variable \$page/ }, of);
  }
  await autocom(
    ["graphql", "mutation($page:Int){touch}", "--paginate"],
    { code: 2, err: /a mutation has no pages/ },
    of,
  );
});

const PAGED = "query($page:Int){page(page:$page){data meta{current_page total_pages}}}";
const page = (current_page: number, total_pages = 5) =>
  json({ data: { page: { data: [current_page], meta: { current_page, total_pages } } } });

Deno.test("--paginate gives every page as one JSON array of the server's answers", async () => {
  await using of = await behind(shop());
  const { out } = await execute(["graphql", PAGED, "--paginate"], of);
  assert.deepEqual(JSON.parse(out).map((one: { data: { page: { data: number[] } } }) => one.data.page.data), [
    [1],
    [2],
    [3],
  ]);
  const { out: later } = await execute(["graphql", PAGED, "--paginate", "-F", "page=3"], of);
  assert.equal(JSON.parse(later).length, 1);
  await autocom(["graphql", "query($page:Int){page(page:$page){data}}", "--paginate"], {
    code: 2,
    err: /does not say which page it is\nhint: ask for meta \{ current_page total_pages \}/,
  }, of);
});

Deno.test("WP-24: a server that sends page 1 for ever is stopped with 11", async () => {
  await using of = await behind(scripted(page(1), page(1)));
  await autocom(["graphql", PAGED, "--paginate"], {
    code: 11,
    out: (text) => assert.equal(JSON.parse(text).length, 1),
    err: /sent page 1 when asked for 2/,
  }, of);
});

Deno.test("WP-25: when page 3 of 5 has errors, pages 1 and 2 are one valid document and the error says where to go on", async () => {
  const third = json({
    data: { page: { data: null } },
    errors: [{ message: "no", path: ["page", "data"], extensions: { code: "FORBIDDEN", permission: "x" } }],
  });
  await using of = await behind(scripted(page(1), page(2), third));
  const { code, out, err } = await execute(["graphql", PAGED, "--paginate", "-o", "json"], of);
  assert.equal(code, 6);
  assert.equal(JSON.parse(out).length, 2);
  const { error } = JSON.parse(err.trim().split("\n").at(-1)!);
  assert.deepEqual([error.next_page, error.pages, error.code], [3, 2, "forbidden"]);
});

Deno.test("--paginate goes on to the end of the longest of several lists", async () => {
  const list = (page: number, pages: number) => ({ data: [page], meta: { current_page: page, total_pages: pages } });
  for (const names of [["a", "b"], ["b", "a"]]) {
    const answer = (page: number) =>
      json({ data: Object.fromEntries(names.map((name) => [name, list(page, name === "a" ? 2 : 3)])) });
    await using of = await behind(scripted(answer(1), answer(2), answer(3)));
    const { code, out, err } = await execute(["graphql", PAGED, "--paginate"], of);
    assert.deepEqual([code, JSON.parse(out).length], [0, 3], err);
  }
});

Deno.test("--paginate begins with the page of the document, needs none that must be given, and takes no text for one", async () => {
  const pages = async (document: string, ...more: string[]) => {
    const server = shop();
    await using of = await behind(server);
    const { code, err } = await execute(["graphql", document, "--paginate", ...more], of);
    return [code, server.asked.map(({ variables }) => variables.page), err] as const;
  };
  const body = "{page(page:$page){data meta{current_page total_pages}}}";
  assert.deepEqual(await pages(`query($page:Int=2)${body}`), [0, [2, 3], ""]);
  assert.deepEqual(await pages(`query($page:Int=2)${body}`, "-F", "page=3"), [0, [3], ""]);
  assert.deepEqual((await pages(`query($page:Int!)${body}`))[1], [1, 2, 3]);
  for (
    const [given, said] of [
      [["-f", "page=2"], /\$page is declared as Int, and --raw-field sends text\nhint: write: -F page=2\n/],
      [["-F", "page=null"], /\$page is not a whole number\nhint: give the first page: -F page=1\n/],
    ] as const
  ) {
    const [code, asked, err] = await pages(`query($page:Int)${body}`, ...given);
    assert.deepEqual([code, asked], [2, []]);
    assert.match(err, said);
  }
});

Deno.test("--paginate follows the list that takes $page, whatever stands still beside it", async () => {
  const list = (current_page: number, total_pages: number) => ({
    data: [current_page],
    meta: { current_page, total_pages },
  });
  for (const [moving, still] of [[3, [1, 9]], [2, [1, 1]], [1, [1, 9]], [3, [2, 9]], [3, [5, 9]]] as const) {
    const server = gateway(SDL, {
      page: ({ page = 1 }) => page > 0 ? list(page, moving) : list(still[0], still[1]),
    });
    await using of = await behind(server);
    const document = "query($page:Int){still:page(page:0){meta{current_page total_pages}} " +
      "page(page:$page){data meta{current_page total_pages}}}";
    const { code, out, err } = await execute(["graphql", document, "--paginate"], of);
    assert.deepEqual([code, err], [0, ""], `${moving} ${still}`);
    const pages = JSON.parse(out).map(({ data }: { data: { page: { data: number[] } } }) => data.page.data[0]);
    assert.deepEqual(pages, Array.from({ length: moving }, (_, at) => at + 1));
  }
});

Deno.test("--paginate finds what an answer says of its page however deep it stands", async () => {
  const deep = (current_page: number) => {
    let body: object = { data: [current_page], meta: { current_page, total_pages: 2 } };
    for (let level = 0; level < 12; level++) body = { inner: body };
    return json({ data: body });
  };
  await using of = await behind(scripted(deep(1), deep(2)));
  const { code, out, err } = await execute(["graphql", PAGED, "--paginate"], of);
  assert.deepEqual([code, JSON.parse(out).length], [0, 2], err);
});
