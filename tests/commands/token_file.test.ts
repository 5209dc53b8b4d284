import assert from "node:assert/strict";
import { autocom, execute, pat, type World, world } from "../support/harness.ts";
import { asked, sessionIn } from "../support/kept.ts";

/** A world whose token is in a file, as a container mounts it: a link to a link to a file that others may read. */
async function mounted(text: string): Promise<World> {
  const made = await world({ env: { AUTOCOM_TENANT: "acme" } });
  await Deno.mkdir(`${made.home}/..data`);
  await Deno.writeTextFile(`${made.home}/..data/token`, text, { mode: 0o644 });
  await Deno.symlink("..data/token", `${made.home}/token`);
  made.env.AUTOCOM_TOKEN_FILE = `${made.home}/token`;
  return made;
}

Deno.test("AUTOCOM_TOKEN_FILE names a file that holds the token, whatever its mode, behind links, line breaks around it", async () => {
  await using of = await mounted("");
  await Deno.writeTextFile(of.env.AUTOCOM_TOKEN_FILE!, `\ufeff  ${pat(of.sandbox)}\r\n\n`);
  await autocom("orders list --per-page 1 -q", { out: /^ORDER\t.*\nORD-/ }, of);
  await autocom("whoami -o json", { out: /"email": "owner@example\.test"/ }, of);
  await autocom("auth token", { out: `${pat(of.sandbox)}\n` }, of);
  await autocom("auth status", { out: /\ttoken\tAUTOCOM_TOKEN_FILE\t\tacme\tnot checked\n$/ }, of);
  const { out } = await execute("doctor -o json", of);
  const details = JSON.parse(out).map(({ detail }: { detail: string }) => detail);
  assert.ok(details.includes(`AUTOCOM_TOKEN_FILE, sent to ${of.sandbox.origin}`), out);
  assert.deepEqual(of.keychain.calls, []);
});

Deno.test("AUTOCOM_TOKEN goes before AUTOCOM_TOKEN_FILE, which is not read then", async () => {
  await using of = await mounted("never read\0");
  of.env.AUTOCOM_TOKEN = "some.token";
  await autocom("auth token", { out: "some.token\n" }, of);
});

Deno.test("a token of a file is not renewed, not stored and not logged out of", async () => {
  await using of = await sessionIn("keychain");
  of.env.AUTOCOM_TOKEN_FILE = `${of.home}/token`;
  await Deno.writeTextFile(of.env.AUTOCOM_TOKEN_FILE, "a-token-that-was-revoked");
  await autocom("auth refresh", {
    code: 2,
    err: /^error: cannot renew AUTOCOM_TOKEN_FILE: .*\nhint: unset AUTOCOM_TOKEN_FILE, then/,
  }, of);
  await autocom("auth logout", {
    code: 2,
    err: /^error: cannot log out of AUTOCOM_TOKEN_FILE: .*\nhint: unset AUTOCOM_TOKEN_FILE\n$/,
  }, of);
  await autocom("orders list", { code: 4, err: /hint: put a valid token into AUTOCOM_TOKEN_FILE/ }, of);
  assert.deepEqual(asked(of, "/oauth/token"), []);
});

const BAD: [about: string, bytes: string | Uint8Array, exit: number, err: RegExp][] = [
  ["is empty", " \n", 2, /the file of AUTOCOM_TOKEN_FILE holds no token\nhint: write the token alone into it/],
  ["holds something else", "my SECRET", 2, /the file of AUTOCOM_TOKEN_FILE has characters that a token cannot have/],
  ["holds a long text", "SECRET".repeat(10_000), 2, /the file of AUTOCOM_TOKEN_FILE holds more than 16384 characters/],
  [
    "is not UTF-8",
    Uint8Array.of(0xe9, 0xff),
    2,
    /the file of AUTOCOM_TOKEN_FILE has characters that a token cannot have/,
  ],
  ["is large", "SECRET".repeat(100_000), 3, /cannot read \S+: it is larger than 65536 bytes/],
];
for (const [about, bytes, code, err] of BAD) {
  Deno.test(`a file of AUTOCOM_TOKEN_FILE that ${about} is exit ${code}, and its text is not repeated`, async () => {
    await using of = await mounted("");
    await Deno.writeFile(
      of.env.AUTOCOM_TOKEN_FILE!,
      typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes,
    );
    for (const line of ["orders list", "auth status"]) await autocom(line, { code, err }, of);
    assert.ok(!of.seen.stderr.includes("SECRET"));
  });
}

Deno.test("AUTOCOM_TOKEN_FILE names a regular file by its full path, and nothing else is opened", async () => {
  await using of = await mounted("x");
  await new Deno.Command("mkfifo", { args: [`${of.home}/pipe`] }).output();
  await Deno.symlink("pipe", `${of.home}/link`);
  await Deno.symlink("nowhere", `${of.home}/gone`);
  const paths: [path: string, code: number, err: RegExp][] = [
    [`${of.home}/missing`, 3, /there is no such file\nhint: check AUTOCOM_TOKEN_FILE, or unset it\n$/],
    [of.home, 3, /it is a folder, not a regular file/],
    [`${of.home}/pipe`, 3, /it is a pipe, not a regular file/],
    [`${of.home}/link`, 3, /it is a pipe, not a regular file/],
    ["/dev/zero", 3, /it is a device, not a regular file/],
    [`${of.home}/gone`, 3, /it is a symbolic link to nothing/],
    ["token", 2, /cannot use AUTOCOM_TOKEN_FILE "token": it is not absolute/],
    ["/a\x1b[2Jb", 2, /it holds a control character/],
  ];
  for (const [path, code, err] of paths) {
    of.env.AUTOCOM_TOKEN_FILE = path;
    for (const line of ["orders list", "auth status", "auth token"]) {
      await autocom(line, { code, err }, of);
      // The way out names the variable of this file, and no link of the system's is to be removed.
      if (code === 3) await autocom(line, { code, err: /\nhint: check AUTOCOM_TOKEN_FILE, or unset it\n$/ }, of);
    }
  }
});

Deno.test({
  name: "a pipe of the shell's, which has no name in any folder, is called a pipe and not a link to nothing",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using of = await mounted("x");
    await using holder = new Deno.Command("cat", { stdin: "piped", stdout: "null" }).spawn();
    of.env.AUTOCOM_TOKEN_FILE = `/proc/${holder.pid}/fd/0`; // as `<(…)` and /dev/stdin lead to one
    await autocom("auth status", { code: 3, err: /it is a (pipe|socket), not a regular file\nhint: check / }, of);
    await holder.stdin.close();
  },
});
