import assert from "node:assert/strict";
import { basename, dirname } from "node:path";
import { CONFIG } from "../support/build/tree.ts";
import { binaryTest } from "../support/binary/driver.ts";
import { pathOf, traced } from "../support/binary/trace.ts";

binaryTest("the version is told with nothing in the environment and no place to be", async (room) => {
  const { code, out, err } = await room.run(["--version"], { shell: `exec env -i "$@"` });
  assert.deepEqual({ code, out, err }, { code: 0, out: `autocom ${CONFIG.version}\n`, err: "" });
});

binaryTest("RT-1 RT-2: no code cache and no library is looked for in a temporary folder", async (room) => {
  const temporary = `${room.folder}/tmp`;
  await Deno.mkdir(temporary);
  // What another user could plant where the runtime would look by itself.
  for (const name of [basename(room.binary), "autocom"]) {
    await Deno.writeTextFile(`${temporary}/deno-compile-${name}.cache`, "planted");
  }
  const env = { TMPDIR: temporary, AUTOCOM_TOKEN: room.platform.users.owner.pat, AUTOCOM_TENANT: "acme" };
  const { code, calls } = await traced(room, "%file", ["orders", "list"], { env });
  assert.equal(code, 0);
  const paths = calls.map(pathOf).filter((path) => path !== undefined);
  assert.ok(paths.includes(`${room.home}/.autocom/config.toml`), "strace saw no look at the config file");
  assert.deepEqual(paths.filter((path) => /deno-compile|\.node$/.test(path)), []);
  const strange = (path: string) =>
    /^(\/var)?\/tmp\//.test(path) && !path.startsWith(room.home) && path !== room.binary;
  assert.deepEqual(paths.filter(strange), []);
}, ["strace"]);

binaryTest("CF-22: nothing in a hostile working folder is read or run", async (room) => {
  const hostile = `${room.folder}/hostile`;
  const evil = "http://127.0.0.1:9/api/v1";
  const files: Record<string, string> = {
    ".env": `AUTOCOM_API_URL=${evil}\nAUTOCOM_TOKEN=evil\n`,
    "deno.json": `{"imports": {"commander": "./evil.js"}, "unstable": ["x"]}`,
    "package.json": `{"type": "module", "imports": {"#x": "./evil.js"}}`,
    ".npmrc": "registry=http://127.0.0.1:9",
    "config.toml": `api_url = "${evil}"\n`,
    ".autocom/config.toml": `api_url = "${evil}"\n`,
    "node_modules/commander/package.json": `{"main": "index.js"}`,
    "node_modules/commander/index.js": `throw new Error("evil")`,
    "secret-tool": "#!/bin/sh\ntouch ran\n",
    "libsecret-1.so.0": "evil",
  };
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(dirname(`${hostile}/${name}`), { recursive: true });
    await Deno.writeTextFile(`${hostile}/${name}`, text, { mode: 0o755 });
  }
  const login = ["auth", "login", "--token-stdin", "--tenant", "acme"];
  const stdin = room.platform.users.owner.pat;
  for (const args of [login, ["whoami"], ["orders", "list"], ["config", "list"], ["--help"]]) {
    const { code, err, calls } = await traced(room, "%file", args, { cwd: hostile, stdin });
    assert.equal(code, 0, err);
    const paths = calls.map(pathOf).filter((path) => path !== undefined);
    assert.deepEqual(paths.filter((path) => path.startsWith(hostile) || !path.startsWith("/")), []);
    const run = calls.filter((call) => call.startsWith("execve(")).map(pathOf);
    assert.deepEqual(run.filter((path) => path !== room.binary && path !== "/usr/bin/secret-tool"), []);
  }
}, ["strace"]);
