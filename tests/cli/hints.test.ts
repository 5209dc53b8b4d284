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
/** What acts in no tenant, or would save it. */
const TENANTLESS = [...LOCAL, "auth", "tenants", "login", "logout", "whoami"];

/** Commands that are put together from what was typed, and are parsed where that is done. */
const MADE = /^autocom \$\{/;

const SOURCE = new URL("../../src/", import.meta.url);
const nouns = NOUNS.map(({ name }) => name);

for await (const path of files("")) {
  const text = await Deno.readTextFile(new URL(path, SOURCE));
  const texts = literals(text).filter((one) => commandsIn(one).some((command) => !MADE.test(command)));
  if (texts.length === 0) continue;
  Deno.test(`${path}: each command that it names can be typed, to its end`, async () => {
    const sent = texts.map((one) => addressed(one, ELSEWHERE, {}, "globex"));
    for (const command of sent.flatMap(commandsIn)) {
      const [, noun = ""] = /^autocom ([a-z]+)/.exec(command)!;
      if (LOCAL.includes(noun) || MADE.test(command) || / --help\b/.test(command)) continue;
      assert.match(command, / --api-url /, "it stands where it is found");
      if (!TENANTLESS.includes(noun)) assert.match(command, / --tenant /, "it stands where it is found");
    }
    for (const command of [...texts, ...sent].flatMap(commandsIn).filter((command) => !MADE.test(command))) {
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

Deno.test("a command of a server, and no other, is named with the address and the tenant that this run was given", async () => {
  for (const noun of NOUNS) {
    const verbs = await noun.verbs();
    const all = "run" in verbs || noun.find ? [noun.name] : verbs.map(({ name }) => `${noun.name} ${name}`);
    for (const command of all) {
      const own = LOCAL.includes(noun.name) ? "" : ` --api-url ${ELSEWHERE}`;
      assert.equal(addressed(`see: autocom ${command}`, ELSEWHERE), `see: autocom ${command}${own}`);
      const within = TENANTLESS.includes(noun.name) ? "" : " --tenant globex";
      const both = addressed(`see: autocom ${command}`, ELSEWHERE, {}, "globex");
      assert.equal(both, `see: autocom ${command}${own}${within}`);
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
    "a: autocom auth login --force; or: autocom tenants use acme",
    ELSEWHERE,
    "a: autocom auth login " +
    `--api-url ${ELSEWHERE} --force; or: autocom tenants use --api-url ${ELSEWHERE} acme`,
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
  ["an address with a query", "autocom whoami", "https://x.example/?t=1", "autocom whoami"],
  ["an address in clear text", "autocom whoami", "http://x.example", "autocom whoami"],
  ["what is no address", "autocom whoami", "$(id)", "autocom whoami"],
  ["capitals", "autocom whoami", "HTTP://127.0.0.1:9/API/", "autocom whoami --api-url http://127.0.0.1:9/API"],
  ["no slashes", "autocom whoami", " https:x.example/v1 ", "autocom whoami --api-url https://x.example/v1"],
  ["backslashes", "autocom whoami", "https:\\\\x.example", "autocom whoami --api-url https://x.example"],
  ["an @ in the path", "autocom whoami", "https://x.example/@v1", "autocom whoami --api-url https://x.example/@v1"],
  ["a space", "autocom whoami", "https://x.example/a b", "autocom whoami --api-url https://x.example/a%20b"],
  ["an apostrophe", "autocom whoami", "https://x.example/a'b", "autocom whoami --api-url 'https://x.example/a'\\''b'"],
  [
    "where it is from",
    "is it up? check the address: autocom config get api_url",
    ELSEWHERE,
    "is it up? check --api-url",
  ],
  ["where it is from", "is it one? autocom config get api_url", ELSEWHERE, "is it one? check --api-url"],
  ["a word before it", "--reason=autocom doctor", ELSEWHERE, "--reason=autocom doctor"],
  [
    "names in brackets",
    "one of (a): autocom call, b): autocom call x",
    ELSEWHERE,
    "one of (a): autocom call, b): autocom call" +
    ` --api-url ${ELSEWHERE} x`,
  ],
  ...['"see: autocom doctor"', '"a\\": autocom doctor"', "'see: autocom doctor'", "'a'\\''; b: autocom doctor'"]
    .flatMap((word): [string, string, string, string][] => [
      [
        `the word ${word}`,
        `is it ${word}? autocom whoami`,
        ELSEWHERE,
        `is it ${word}? autocom whoami --api-url ${ELSEWHERE}`,
      ],
      [
        `the option's value ${word}`,
        `write: autocom api --input ${word} x`,
        ELSEWHERE,
        `write: autocom api --api-url ${ELSEWHERE} --input ${word} x`,
      ],
    ]),
  [
    "the option as a word",
    "autocom orders cancel 7 --reason '--api-url'",
    ELSEWHERE,
    `autocom orders cancel --api-url ${ELSEWHERE} 7 --reason '--api-url'`,
  ],
];
for (const [about, text, address, expected] of ADDRESSED) {
  Deno.test(`a hint with the address of this run: ${about}`, () => assert.equal(addressed(text, address), expected));
}

const WITHIN: [about: string, text: string, tenant: string, expected: string][] = [
  ["a command", "see: autocom orders list", "globex", "see: autocom orders list --tenant globex"],
  ["spaces around it", "autocom orders list", " globex ", "autocom orders list --tenant globex"],
  ["one that has it", "autocom schema import F --tenant acme", "globex", "autocom schema import F --tenant acme"],
  ["one that has it with a sign", "autocom orders get --tenant=acme 7", "globex", "autocom orders get --tenant=acme 7"],
  ["what is no slug", "autocom orders list", "$(id)", "autocom orders list"],
  ["a login, which would save it", "autocom auth login --store file", "globex", "autocom auth login --store file"],
  ["what is of this machine", "autocom upgrade, autocom doctor", "globex", "autocom upgrade, autocom doctor"],
];
for (const [about, text, tenant, expected] of WITHIN) {
  Deno.test(`a hint with the tenant of this run: ${about}`, () =>
    assert.equal(addressed(text, undefined, {}, tenant), expected));
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
