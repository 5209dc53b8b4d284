/** The 25 modules of the sandbox, about 500 operations that the program was never told about. */
import assert from "node:assert/strict";
import { createSandbox } from "../platform/sandbox/mod.ts";
import { autocom, execute, type User, type World } from "../support/harness.ts";
import { printsInEveryFormat } from "../support/output/answers.ts";
import { withToken } from "../support/scripted.ts";

const sandbox = await createSandbox({ modules: "all" });

async function shop(user: User = "owner"): Promise<World> {
  await sandbox.reset();
  return await withToken(user, { sandbox });
}

async function rows(of: World, line: string): Promise<Record<string, unknown>[]> {
  const { code, out, err } = await execute(`${line} -q -o json`, of);
  assert.equal(code, 0, `${line}\n${err}`);
  return JSON.parse(out);
}

Deno.test("500 operations are listed, and none is left out of the schema", async () => {
  await using of = await shop();
  const { out, err } = await execute("schema list -o json", of);
  assert.ok(JSON.parse(out).length > 480, out.slice(0, 100));
  assert.doesNotMatch(err, /left out/);
});

Deno.test("WP-93: the help of every operation ends, in bounded text, with no control character", async () => {
  await using of = await shop();
  const all = await rows(of, "schema list --deprecated");
  // deno-lint-ignore no-control-regex
  const raw = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u202e\u2066]/;
  for (const { name } of all.filter((_, at) => at % 7 === 0 || /lab_/.test(String(all[at]!.name)))) {
    const { code, out } = await execute(["call", String(name), "--help"], of);
    assert.equal(code, 0, String(name));
    assert.match(out, new RegExp(`^Usage: autocom call ${name} \\[options\\]\n`));
    assert.doesNotMatch(out, raw, String(name));
    assert.ok(out.length < 20_000, `${name}: ${out.length}`);
  }
});

/** A word of each kind, for a place that an example leaves open. */
function word({ type, values, name }: { type: string; values?: string[]; name: string }): string {
  if (values?.[0] !== undefined) return values[0];
  if (type === "integer" || type === "number") return "1";
  return { money: "1.50", datetime: "2026-05-01T00:00:00Z", "@file": "{}" }[name] ?? "x";
}

Deno.test("WP-93: the example of every operation works once its places are filled", async () => {
  await using of = await shop();
  await execute("schema refresh -q", of);
  const { out } = await execute("commands -o json", of);
  type Kept = { command: string; examples: string[]; changes: boolean; options: Flag[] };
  type Flag = { flag: string; value?: { type: string; values?: string[]; name: string } };
  const all = (JSON.parse(out) as Kept[]).filter(({ command }) => /^call \w/.test(command));
  assert.ok(all.length > 480, `${all.length}`);
  for (const { command, examples, changes, options } of all) {
    if (command === "call lab_fails") continue; // that is what it is for
    for (const example of examples) {
      const words = example.split(" ").slice(1).map((part, at, line) => {
        const option = part === "…" ? options.find(({ flag }) => flag === line[at - 1]) : undefined;
        return part === "…" ? word(option!.value!) : part;
      });
      const { code, err } = await execute([...words, "-q", "-o", "json"], of);
      // What an example looks for need not be there; what it changes is only shown.
      assert.ok(code === 0 || code === 7 && !changes, `${words.join(" ")}: exit ${code}\n${err}`);
    }
  }
});

Deno.test("WP-6, WP-7, WP-8: names that are flags, alike or properties reach the server as what they are", async () => {
  await using of = await shop();
  const [{ args } = {}] = [
    (await execute(
      "call lab_pair --fooBar 1 --foo_bar 2 --FooBar 3 --foo__bar 4 --foobar 5 -o json",
      of,
    )).out,
  ].map((out) => JSON.parse(out));
  assert.deepEqual(JSON.parse(args), { fooBar: "1", foo_bar: "2", FooBar: "3", foo__bar: "4", foobar: "5" });
  const properties = await execute(
    "call lab_properties --constructor a --to-string b --value-of c --has-own-property --prototype p --then t --length 3 -o json",
    of,
  );
  assert.deepEqual(JSON.parse(JSON.parse(properties.out).args), {
    constructor: "a",
    toString: "b",
    valueOf: "c",
    hasOwnProperty: true,
    prototype: "p",
    then: "t",
    length: 3,
  });
  const reserved = await execute(
    "call lab_reserved --arg-output a --arg_output b --arg-tenant c --arg-help --limit 5 -o json",
    of,
  );
  assert.deepEqual(JSON.parse(JSON.parse(reserved.out).args), {
    output: "a",
    arg_output: "b",
    tenant: "c",
    help: true,
    limit: 5,
  });
});

Deno.test("WP-12: each kind of argument arrives as the server's own type, and defaults are the server's", async () => {
  await using of = await shop();
  const line = [
    "call",
    "lab_kinds",
    "--id",
    "007",
    "--int",
    "5",
    "--float",
    "1.50",
    "--text",
    "t",
    "--flag",
    "--money",
    "10.00",
    "--json",
    '{"a":1}',
  ];
  const more = [
    "--big",
    "123456789012345678901234567890",
    "--size",
    "xl",
    "--sizes",
    "_1",
    "--sizes",
    "huge",
    "--ints",
    "1",
    "--ints",
    "2",
  ];
  const deep = [
    "--matrix",
    "[[1,2],[3]]",
    "--box.name",
    "n",
    "--box.parent.name",
    "m",
    "--boxes.0.name",
    "z",
    "-o",
    "json",
  ];
  const { code, out, err } = await execute([...line, ...more, ...deep], of);
  assert.equal(code, 0, err);
  const args = JSON.parse(JSON.parse(out).args);
  assert.deepEqual([args.id, args.int, args.text, args.flag, args.money, args.json], ["007", 5, "t", true, "10.00", {
    a: 1,
  }]);
  assert.deepEqual([args.size, args.sizes, args.ints, args.matrix], ["XL", ["_1", "huge"], [1, 2], [[1, 2], [3]]]);
  assert.equal(args.box.parent.name, "m");
});

const BOX = "id name size sizes tags matrix price big email meta opened weight labels created_at";

/** What is asked of each, as a person would write it; `data` are the rows of a page. */
const LAB: Record<string, { select?: string; words?: string[]; money?: string[]; texts?: string[] }> = {
  boxes: {
    select: `(per_page: 2) { data { ${BOX} } }`,
    words: ["--per-page", "2"],
    money: ["price"],
    texts: ["sizes", "tags", "labels"],
  },
  unions: {
    select: "{ __typename ... on LabBox { id name } ... on LabNote { id name } ... on LabOwner { id name } }",
  },
  interfaces: { select: "{ __typename id name }" },
  scalar: {},
  money: { money: ["lab_money"] },
  flag: {},
  enum: {},
  enums: {},
  json: {},
  texts: {},
  matrix: {},
  rows: { select: "{ id name constructor toString output text }" },
  empty: { select: "{ id }" },
  no_page: { select: "{ data { id } }" },
  null_text: {},
  only_objects: { select: "{ __typename }" },
  object: { select: "{ id name }" },
  map: { select: "{ size get }" },
};

Deno.test("WP-14: every answer of the lab prints in every format as the server gave it", async () => {
  await using of = await shop();
  for (const [short, { select = "", words = [], ...kinds }] of Object.entries(LAB)) {
    const name = `lab_${short}`;
    const raw = await execute(["graphql", `{ ${name} ${select} }`], of);
    const { [name]: found } = JSON.parse(raw.out).data;
    const isPage = select.includes("{ data");
    const rows = isPage ? found?.data ?? [] : found;
    const isValue = select === "";
    const sent = !isValue ? rows : Array.isArray(rows) ? rows.map((value) => ({ value })) : { [name]: rows };
    await printsInEveryFormat(["call", name, ...words], sent, of, kinds);
  }
  await autocom("call lab_nothing -q", { code: 7, err: /there is no such thing/ }, of);
  await autocom("call lab_hidden", { out: /lab hidden/ }, of);
});

Deno.test("WP-13: what a role may not see is left out of a default selection; by name it ends with 6", async () => {
  await using of = await shop("manager");
  await autocom("call lab_fragiles", {
    out: (text) => assert.doesNotMatch(text.split("\n")[0]!, /SECRET\b/),
    err: /Left out, because it was refused: secret \(.*admin\.system_settings/,
  }, of);
  await autocom("call lab_fragiles --fields secret", { code: 6, err: /"admin\.system_settings" is missing/ }, of);
});

/** Reading a module needs `reports.view`, changing it `reports.create`. */
const GATES: Record<User, [read: number, change: number]> = {
  owner: [0, 0],
  admin: [0, 0],
  manager: [0, 0],
  agent: [0, 6],
  viewer: [0, 6],
  outsider: [5, 5],
  nobody: [5, 5],
};

for (const [user, [read, change]] of Object.entries(GATES)) {
  Deno.test(`the gates decide for ${user}: an operation and a document run or end with the gate's code`, async () => {
    await using of = await shop(user as User);
    const said = (code: number, permission: string) => (text: string) => {
      if (code === 0) return assert.equal(text, "");
      assert.match(text, code === 6 ? new RegExp(`"${permission}" is missing`) : /not a member of tenant/);
    };
    await autocom("call lab_scalar -q", {
      code: read,
      out: read === 0 ? /^LAB_SCALAR\n\d+\n$/ : "",
      err: said(read, "reports.view"),
    }, of);
    await autocom("call lab_flip --on --yes -q", {
      code: change,
      out: change === 0 ? /^LAB_FLIP/ : "",
      err: said(change, "reports.create"),
    }, of);
    await autocom(["graphql", "{ lab_scalar }", "-q"], {
      code: read,
      out: /lab_scalar|errors/,
      err: said(read, "reports.view"),
    }, of);
  });
}
