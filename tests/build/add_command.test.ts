/** CONTRIBUTING's "How to add a command", followed in a copy: one file, its line in the noun's map, its test, and all know it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { deno, denoDir } from "../../build/process.ts";
import { copyProject, copyTests, ROOT } from "../support/build/tree.ts";

const TAGGED = `import { member } from "../../api/mod.ts";
import { filter } from "../../cli/mod.ts";
import { fields, selection } from "../../fields/mod.ts";
import { listing } from "../../kinds/mod.ts";

const ROW = fields({
  id: { is: "text", column: "ID", key: true },
  first_name: { is: "text", column: "NAME" },
});

const DOCUMENT = \`query Tagged($page: Int, $per_page: Int, $tags: [String!]) {
  customers(page: $page, per_page: $per_page, tags: $tags) {
    data { \${selection(ROW)} }
    meta { current_page total_pages total_items }
  }
}\`;

export const tagged = listing({
  name: "tagged",
  aliases: [],
  documents: { Tagged: DOCUMENT },
  examples: ["autocom customers tagged --tag vip", "autocom customers tagged -o json"],
  summary: "list customers with a tag",
  does: "List the customers that have a tag.",
  permission: "customers.view",
  of: ROW,
  plural: "customers",
  action: "list customers with a tag",
  standard: 20,
  options: { tag: { about: "only customers with this tag", value: filter("tag") } },
  filters: ({ tag }) => ({ tags: tag === undefined ? undefined : [tag] }),
  open: (api, variables) => ({
    ask: async (page) =>
      member(await api.query(DOCUMENT, { page, ...variables }, "list customers with a tag"), "customers"),
  }),
});
`;

const TEST = `import { autocom, loggedIn } from "../support/harness.ts";

Deno.test("customers tagged lists the customers with a tag", async () => {
  await using w = await loggedIn();
  await autocom("customers tagged --tag vip", { out: /^ID\\tNAME\\n\\S/ }, w);
});
`;

/** What looks at every command there is. */
const OF_EVERY_COMMAND = [
  "cli/describe",
  "cli/hints",
  "commands/commands",
  "commands/doctor_platform",
  "commands/help",
  "commands/permissions",
  "man",
];

/** What those tests say; they all have to succeed. */
async function tested(paths: readonly string[], cwd: string, env: Record<string, string>): Promise<string> {
  const args = ["test", "-A", "--parallel", "--no-check", "--lock=deno.lock", "--frozen", ...paths];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd, env, stdin: "null" })
    .output();
  const said = new TextDecoder().decode(stdout);
  assert.ok(success, said + new TextDecoder().decode(stderr));
  return said;
}

Deno.test("FT-59: a command is one file, its line in the noun's map and its test: help, completion, the list of commands and the tests of all commands know it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "autocom-add-" });
  try {
    const copy = join(folder, "copy");
    await copyProject(copy);
    const noun = join(copy, "src", "commands", "customers");
    await Deno.writeTextFile(join(noun, "tagged.ts"), TAGGED);
    const map = await Deno.readTextFile(join(noun, "mod.ts"));
    const added = map.replace("[list, get,", "[list, get, tagged,");
    assert.notEqual(added, map);
    await Deno.writeTextFile(join(noun, "mod.ts"), `import { tagged } from "./tagged.ts";\n${added}`);

    await deno(["check", "--lock=deno.lock", "--frozen", "main.ts"], copy);
    await deno(["lint", "src/commands/customers"], copy);
    const places = { HOME: folder, DENO_DIR: await denoDir(ROOT), NO_COLOR: "1" };
    const run = (...words: string[]) =>
      deno(["run", "-A", "--lock=deno.lock", "--frozen", "main.ts", ...words], copy, places);
    assert.match(await run("customers", "--help"), /^ {2}tagged +list customers with a tag$/m);
    assert.match(await run("customers", "tagged", "--help"), /--tag <tag> +only customers with this tag$/m);
    assert.match(await run("__complete", "fish", "autocom", "customers", "t"), /^tagged\b/m);
    const commands: { command: string }[] = JSON.parse(await run("commands", "-o", "json"));
    assert.ok(commands.some(({ command }) => command === "customers tagged"));
    assert.match(await run("help", "permissions"), /^customers tagged\t/m);

    await copyTests(copy);
    await Deno.writeTextFile(join(copy, "tests", "commands", "customers_tagged.test.ts"), TEST);
    const tests = [...OF_EVERY_COMMAND, "commands/customers_tagged"].map((name) => `tests/${name}.test.ts`);
    const said = await tested(tests, copy, places);
    for (const name of ["customers tagged lists the customers with a tag", "the examples of customers tagged work"]) {
      assert.match(said, new RegExp(`${name}.* ok `));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
