/** Hints are typed: whatever command stands in a text of the program is one that it understands. */
import assert from "node:assert/strict";
import { addressed } from "../../src/address.ts";
import { parse } from "../../src/cli/mod.ts";
import { NOUNS } from "../../src/commands/mod.ts";
import { words } from "../support/harness.ts";

/** Where a run was told to go. */
const ELSEWHERE = "https://elsewhere.example/api/v1";
/** What stays on this machine. */
const LOCAL = ["commands", "completion", "config", "help", "upgrade"];

/** Commands that are put together from what was typed, and are parsed where that is done. */
const MADE = /^autocom \$\{/;

const SOURCE = new URL("../../src/", import.meta.url);
const nouns = NOUNS.map(({ name }) => name);

for await (const path of files("")) {
  const text = await Deno.readTextFile(new URL(path, SOURCE));
  const commands = literals(text).flatMap(commandsIn).filter((command) => !MADE.test(command));
  if (commands.length === 0) continue;
  Deno.test(`${path}: each command that it names can be typed, to its end`, async () => {
    for (const command of commands.flatMap((command) => [command, addressed(command, ELSEWHERE)])) {
      if (command === "check --api-url") continue;
      const typed = words(command.replace(/^autocom /, "").replaceAll(/\$\{[^}]*\}/g, "x1").replaceAll("'", '"'));
      const line = await parse(typed, NOUNS, { suggest: false });
      // A verb that the server names is found with a connection; a value that was put in may be none.
      const why = line.is === "refused" && !line.missing && !/must be|is not|not understood by/.test(line.error.message)
        ? line.error.message
        : undefined;
      assert.equal(why, undefined, command);
    }
  });
}

Deno.test("a command of a server, and no other, is named with the address that this run was given", async () => {
  for (const noun of NOUNS) {
    const verbs = await noun.verbs();
    const all = "run" in verbs || noun.find ? [noun.name] : verbs.map(({ name }) => `${noun.name} ${name}`);
    for (const command of all) {
      const own = LOCAL.includes(noun.name) ? "" : ` --api-url ${ELSEWHERE}`;
      assert.equal(addressed(`see: autocom ${command}`, ELSEWHERE), `see: autocom ${command}${own}`);
    }
  }
});

Deno.test("a command in a text can be pasted: what a shell would read otherwise stands in quotes", async () => {
  for await (const path of files("")) {
    const commands = literals(await Deno.readTextFile(new URL(path, SOURCE))).flatMap(commandsIn);
    for (const command of commands) {
      const bare = command.replaceAll(/\$\{[^}]*\}+|\$\{.*$/g, "x1").replaceAll(/'[^']*'/g, "");
      assert.doesNotMatch(bare.replace(/\?$/, ""), /[?*&()#$!{}~]/, `${path}: ${command}`);
    }
  }
});

const ADDRESSED: [about: string, text: string, address: string, expected: string][] = [
  [
    "each of two",
    "a: autocom auth login --force; or autocom tenants use acme",
    ELSEWHERE,
    "a: autocom auth login " +
    `--api-url ${ELSEWHERE} --force; or autocom tenants use --api-url ${ELSEWHERE} acme`,
  ],
  [
    "one that has it",
    `autocom orders get --api-url ${ELSEWHERE} 7`,
    ELSEWHERE,
    `autocom orders get --api-url ${ELSEWHERE} 7`,
  ],
  ["what a shell reads", "autocom whoami", "http://[::1]:9/api/v1", "autocom whoami --api-url 'http://[::1]:9/api/v1'"],
  ["a help", "see: autocom orders list --help", ELSEWHERE, "see: autocom orders list --help"],
  ["the help of an operation", "autocom call x --help", ELSEWHERE, `autocom call --api-url ${ELSEWHERE} x --help`],
  ["words", "is one of autocom's, and autocom apiary", ELSEWHERE, "is one of autocom's, and autocom apiary"],
  ["an address with a password", "autocom whoami", "https://me:pass@x.example", "autocom whoami"],
  ["what is no address", "autocom whoami", "$(id)", "autocom whoami"],
];
for (const [about, text, address, expected] of ADDRESSED) {
  Deno.test(`a hint with the address of this run: ${about}`, () => assert.equal(addressed(text, address), expected));
}

Deno.test("FT-53: what is wrong with a thing is said in everyday words: it is not a file, never: it is no file", async () => {
  for await (const path of files("")) {
    for (const text of literals(await Deno.readTextFile(new URL(path, SOURCE)))) {
      const odd = text.replaceAll(/there (is|are) no/gi, "");
      assert.doesNotMatch(odd, /\b(is|are) (no|none)\b/, path);
    }
  }
});

/** The texts of a file without its comments: what stands between quotes, line by line. */
function literals(text: string): string[] {
  const code = text.split("\n").filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line)).join("\n");
  return [...code.matchAll(/"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map(([, plain, made]) => plain ?? made ?? "");
}

/** A command that stands alone or behind a colon or a question, to the end of the text, or to where a shell ends it. */
function commandsIn(text: string): string[] {
  const parts = text.split(/(?:^|[:?] )autocom /).slice(1).map((part) =>
    /^(?:(?!\. )[^|>;"\\])*/.exec(part)![0].trim()
  );
  return parts.filter((part) => nouns.includes(/^[a-z]+/.exec(part)?.[0] ?? "") && !/^call \w/.test(part)).map((part) =>
    `autocom ${part}`
  );
}

async function* files(folder: string): AsyncIterable<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, SOURCE))) {
    if (isDirectory) yield* files(`${folder}${name}/`);
    else yield folder + name;
  }
}
