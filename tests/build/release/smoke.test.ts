/** What the workflows ask of a built program on the system that it is for. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { CALLS, smoke } from "../../../build/release/smoke.ts";
import { fileName } from "../../../build/targets.ts";
import { build, CONFIG, HOST, ROOT, RUNTIME } from "../../support/build/tree.ts";

const inFolder = async (body: (folder: string) => Promise<void>) => {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

Deno.test({
  name: "a program as it is built does all of the list, whatever is set here",
  ignore: !RUNTIME,
  fn: () =>
    inFolder(async (folder) => {
      await build(ROOT, ["--out", folder]);
      const before = Deno.env.get("AUTOCOM_TOKEN");
      Deno.env.set("AUTOCOM_TOKEN", "a token of this machine");
      try {
        const program = join(folder, fileName(HOST));
        await smoke(program, CONFIG.version, false);
        await assert.rejects(smoke(program, "9.9.9", false), /^BuildError: "autocom --version" said something/);
        await assert.rejects(
          smoke(program, CONFIG.version, true),
          /^BuildError: "autocom config get client_id" said something/,
        );
      } finally {
        before === undefined ? Deno.env.delete("AUTOCOM_TOKEN") : Deno.env.set("AUTOCOM_TOKEN", before);
      }
    }),
});

Deno.test({
  name: "one that does all but one of the list is refused, and the words and the answer are shown",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const rows = (key: string, count: number) => JSON.stringify(Array.from({ length: count }, () => ({ [key]: 1 })));
      const good: Record<string, string> = {
        "--version": "echo 'autocom 1.2.3'",
        "help": "echo 'Usage: autocom <command>'",
        "commands": `echo '${rows("command", 40)}'`,
        "exit-codes": `echo '${rows("code", 15)}'`,
        "orders": "echo 'not logged in' >&2; exit 4",
        "config": "echo 0198f000-1111-7222-8333-444455556666",
      };
      const path = join(folder, "program");
      const answers = async (changed: Record<string, string>) => {
        const all = { ...good, ...changed };
        const cases = Object.entries(all).map(([word, script]) => `${word}) ${script} ;;`);
        const text = `#!/bin/sh\n[ "$2" = exit-codes ] && shift\ncase $1 in\n${cases.join("\n")}\nesac\n`;
        await Deno.writeTextFile(path, text, { mode: 0o755 });
        await smoke(path, "1.2.3", true);
      };
      await answers({});
      const bad: [string, string, RegExp][] = [
        ["--version", "echo 'autocom 1.2.30'", /"autocom --version" said something else:\nautocom 1\.2\.30\n/],
        ["help", "echo cannot load help.js >&2; exit 70", /"autocom help" ended with 70, not 0:\ncannot load help\.js/],
        ["commands", "echo '[]'", /"autocom commands -o json" said something else/],
        ["commands", "echo '[{'", /"autocom commands -o json" said what cannot be read/],
        ["exit-codes", "echo ok", /"autocom help exit-codes -o yaml" said something else/],
        ["orders", "exit 0", /"autocom orders list .*" ended with 0, not 4/],
        ["orders", "exit 70", /"autocom orders list .*" ended with 70, not 4/],
        ["config", "echo", /"autocom config get client_id" said something else/],
      ];
      assert.equal(new Set(bad.map(([word]) => word)).size, CALLS.length + 1);
      for (const [word, script, why] of bad) await assert.rejects(answers({ [word]: script }), why);
    }),
});
