import assert from "node:assert/strict";
import { join } from "node:path";
import { bundle, seal } from "../../build/bundle.ts";
import { embed } from "../../build/embed.ts";
import { PERMISSIONS } from "../../build/permissions.ts";
import { HOST, ROOT, RUNTIME } from "../support/build/tree.ts";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";

/** Compiles `crashes.ts` as the program is compiled. */
async function compile(room: Room): Promise<string> {
  const chunks = join(room.folder, "crashes");
  const out = join(room.folder, "program-that-crashes");
  await bundle(ROOT, join("tests", "support", "binary", "crashes.ts"), chunks);
  await seal(chunks);
  await embed({ chunks, entry: "crashes.js", target: HOST, permissions: PERMISSIONS, env: RUNTIME!, out });
  return out;
}

const FAULTS = [
  ..."throws at once|rejects|rejects with a text|rejects with nothing|forgets a rejection|throws in a timer".split("|"),
  ..."throws in a listener|reports an error|overflows the stack|overflows the stack in a timer".split("|"),
  ..."cannot load a part|never ends".split("|"),
].map((fault) => ["alone", fault]);
const WITHIN = "the environment|the clock|a timer|the files|files that never answer".split("|");

binaryTest(
  "FT-2: whatever escapes every catch ends with 70 and one sentence, without a trace and a secret",
  async (room) => {
    const program = await compile(room);
    await room.signIn();
    const said = /^(\S*error: autocom failed unexpectedly\nhint: run it again with --debug and report it .*\n)$/;
    const lines = [...FAULTS, ...WITHIN.map((fault) => ["within", fault, "auth", "status"])];
    await Promise.all([0, 1].map(async (turn) => {
      for (const line of lines.filter((_, at) => at % 2 === turn)) {
        const { code, out, err } = await room.program([program, ...line]).end();
        assert.deepEqual([code, out], [70, ""], `${line}: ${err}`);
        assert.match(err, said, String(line));
      }
    }));
    const mute = await room.program([program, "within", "every way out", "auth", "status"]).end();
    assert.deepEqual([mute.code, mute.out, mute.err], [70, "", ""]);
    const object = await room.program([program, "within", "the files", "auth", "status", "-o", "json"]).end();
    assert.deepEqual([object.code, JSON.parse(object.err).error.code], [70, "bug"]);
  },
);

/** Starts the program with a variable whose value is a byte that no UTF-8 has. */
const foreign = (name: string) => `export ${name}="$(printf 'fr\\351')"; exec "$@"`;

binaryTest("FT-2: a variable that is not UTF-8 keeps nothing from being done", async (room) => {
  await room.signIn();
  for (const name of ["LANG", "PATH", "TERM", "NO_COLOR", "DISPLAY", "SSH_CONNECTION", "XDG_RUNTIME_DIR", "FOREIGN"]) {
    const shell = foreign(name);
    const orders = await room.run(["orders", "list", "-q", "--per-page", "1"], { shell });
    assert.deepEqual([orders.code, orders.err.includes("error")], [0, false], `${name}: ${orders.err}`);
    assert.match(orders.out, /^ORDER\t.*\nORD-/);
    const value = `ring-${name.toLowerCase().replaceAll("_", "-")}`;
    assert.equal((await room.run(["config", "set", "ring", value], { shell })).code, 0);
    assert.equal((await room.run(["config", "get", "ring"])).out, `${value}\n`);
  }
  const name = `exec env "$(printf 'N\\351ME=1')" "$@"`;
  assert.match((await room.run(["orders", "list"], { shell: name })).out, /^ORDER\t.*\nORD-/);
});

binaryTest("FT-2: a setting that is not UTF-8 is refused by its name, and never replaced by another", async (room) => {
  await room.signIn();
  const refused: [name: string, args: string[], code: number, err: RegExp][] = [
    ["AUTOCOM_TENANT", ["orders", "list"], 2, /cannot use AUTOCOM_TENANT /],
    ["AUTOCOM_API_URL", ["orders", "list"], 2, /cannot use AUTOCOM_API_URL /],
    ["AUTOCOM_TOKEN", ["orders", "list"], 2, /AUTOCOM_TOKEN has characters that a token cannot have/],
    ["AUTOCOM_TOKEN_FILE", ["orders", "list"], 2, /cannot use AUTOCOM_TOKEN_FILE .*: it is not UTF-8 text/],
    ["AUTOCOM_CONFIG", ["orders", "list"], 2, /cannot use AUTOCOM_CONFIG .*: it is not UTF-8 text/],
    ["AUTOCOM_CREDENTIALS_FILE", ["auth", "status"], 2, /cannot use AUTOCOM_CREDENTIALS_FILE .*: it is not UTF-8 text/],
    ["HOME", ["auth", "status"], 3, /there is no place for credentials: HOME is not UTF-8 text/],
    ["AUTOCOM_OUTPUT", ["config", "get", "tenant", "-o", "json"], 0, /^$/],
  ];
  for (const [name, args, code, err] of refused) {
    const ended = await room.run(args, { shell: foreign(name) });
    assert.equal(ended.code, code, `${name}: ${ended.err}`);
    assert.match(ended.err, err);
    assert.ok(!ended.err.includes("xE9") && !ended.err.includes("Unicode"), ended.err);
  }
});
