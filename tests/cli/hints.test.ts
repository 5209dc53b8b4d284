/** Hints are typed: whatever command stands in a text of the program is one that it understands. */
import assert from "node:assert/strict";
import { parse } from "../../src/cli/mod.ts";
import { NOUNS } from "../../src/commands/mod.ts";
import { words } from "../support/harness.ts";

/** Commands that are put together from what was typed, and are parsed where that is done. */
const MADE = /^autocom \$\{/;

const SOURCE = new URL("../../src/", import.meta.url);
const nouns = NOUNS.map(({ name }) => name);

for await (const path of files("")) {
  const text = await Deno.readTextFile(new URL(path, SOURCE));
  const commands = literals(text).flatMap(commandsIn).filter((command) => !MADE.test(command));
  if (commands.length === 0) continue;
  Deno.test(`${path}: each command that it names can be typed, to its end`, async () => {
    for (const command of commands) {
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

Deno.test("a command in a text can be pasted: what a shell would read otherwise stands in quotes", async () => {
  for await (const path of files("")) {
    const commands = literals(await Deno.readTextFile(new URL(path, SOURCE))).flatMap(commandsIn);
    for (const command of commands) {
      const bare = command.replaceAll(/\$\{[^}]*\}+|\$\{.*$/g, "x1").replaceAll(/'[^']*'/g, "");
      assert.doesNotMatch(bare.replace(/\?$/, ""), /[?*&()#$!{}~]/, `${path}: ${command}`);
    }
  }
});

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
