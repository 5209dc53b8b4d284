import assert from "node:assert/strict";
import { binaryTest } from "../support/binary/driver.ts";

const login = ["auth", "login", "--token-stdin", "--store", "file", "--tenant", "acme"];

binaryTest(
  "FT-44: without a home, or with one that is none, two paths are enough: the lock is beside the credentials",
  async (room) => {
    const stdin = room.platform.users.owner.pat;
    for (const [turn, home] of ["", "/", "/dev/null", "/nonexistent/home"].entries()) {
      const folder = `${room.folder}/own-${turn}`;
      await Deno.mkdir(folder, { mode: 0o700 });
      const env = { HOME: home, AUTOCOM_CONFIG: `${folder}/c.toml`, AUTOCOM_CREDENTIALS_FILE: `${folder}/secret` };
      const entered = await room.run(login, { env, stdin });
      assert.deepEqual([entered.code, entered.out], [0, ""], `HOME=${home}: ${entered.err}`);
      assert.match((await room.run(["orders", "list"], { env })).out, /^ORDER\t.*\nORD-/);
      const names = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
      assert.deepEqual(names, [".c.toml.lock", ".secret.lock", "c.toml", "secret"]);
      assert.equal((await room.run(["auth", "logout"], { env })).code, 0);
      await assert.rejects(Deno.stat(`${folder}/secret`), Deno.errors.NotFound);
    }
    await assert.rejects(Deno.stat("/.autocom"), Deno.errors.NotFound);
  },
);

binaryTest(
  "FT-44: where nothing can be saved, what needs no file works, and saving is exit 3 with the way out",
  async (room) => {
    const token = { AUTOCOM_TOKEN: room.platform.users.owner.pat, AUTOCOM_TENANT: "acme" };
    const homes: [home: string, why: RegExp][] = [
      ["", /HOME is not set/],
      ["/", /HOME is the root folder/],
      ["/dev/null", /HOME is \/dev\/null/],
      ["/etc/passwd", /\/etc\/passwd\/\.autocom\/.*: a part of the path is not a folder \(ENOTDIR\)/],
    ];
    for (const [HOME, why] of homes) {
      const list = await room.run(["orders", "list", "-q", "--per-page", "1", "-q"], { env: { HOME, ...token } });
      assert.deepEqual([list.code, list.err], [0, ""]);
      assert.equal((await room.run(["config", "list"], { env: { HOME } })).code, 0);
      const path = await room.run(["config", "path"], { env: { HOME } });
      assert.equal(
        path.code,
        why.source.includes("HOME is") ? 3 : 0,
        "a path is named, whether anything can be there or not",
      );
      const set = await room.run(["config", "set", "ring", "edge"], { env: { HOME } });
      assert.deepEqual([set.code, set.out], [3, ""]);
      assert.match(set.err, why);
      assert.match(set.err, /\nhint: set HOME.*AUTOCOM_CONFIG to the full path of a file\n$/);
    }
    await assert.rejects(Deno.stat("/.autocom"), Deno.errors.NotFound);
  },
);

binaryTest("AUTOCOM_CONFIG=/dev/null is no file: nothing is read, and saving is exit 3 that says so", async (room) => {
  const token = { AUTOCOM_TOKEN: room.platform.users.owner.pat, AUTOCOM_TENANT: "acme" };
  await Deno.symlink("/dev/null", `${room.folder}/link.toml`);
  for (const AUTOCOM_CONFIG of ["/dev/null", "/dev/../dev/null", `${room.folder}/link.toml`]) {
    const list = await room.run(["orders", "list", "-q", "--per-page", "1"], { env: { AUTOCOM_CONFIG, ...token } });
    assert.deepEqual([list.code, list.err], [0, ""]);
    assert.equal((await room.run(["config", "list"], { env: { AUTOCOM_CONFIG } })).code, 0);
    for (const args of [["config", "set", "ring", "edge"], ["config", "unset", "ring"]]) {
      const { code, out, err } = await room.run(args, { env: { AUTOCOM_CONFIG } });
      assert.deepEqual([code, out], [3, ""]);
      assert.match(
        err,
        /^error: refusing to use \S+: it is a device, not a regular file\nhint: set AUTOCOM_CONFIG .*\n$/,
      );
    }
  }
  for (const path of ["/dev/zero", "/dev/full", "/dev/tty", "/dev/nothing", "/proc/none"]) {
    const { code, err } = await room.run(["config", "set", "ring", "edge"], { env: { AUTOCOM_CONFIG: path } });
    assert.deepEqual([code, /^error: .*\nhint: set AUTOCOM_CONFIG to the full path.*\n$/.test(err)], [3, true], err);
  }
  assert.ok((await Deno.lstat("/dev/null")).isCharDevice, "and the device is what it was");
});

for (const error of ["ENOLCK", "EOPNOTSUPP", "EIO", "ENOSYS", "EINVAL", "ESTALE"]) {
  binaryTest(
    `FT-22: a home without file locks (${error}) is exit 3 in words, and nothing was changed`,
    async (room) => {
      const shell = `exec strace -f -qq -o /dev/null -e inject=flock:error=${error} "$@"`;
      for (const args of [["config", "set", "tenant", "acme"], login]) {
        const { code, out, err } = await room.run(args, { shell, stdin: room.platform.users.owner.pat });
        assert.deepEqual([code, out], [3, ""], err);
        assert.match(
          err,
          /^error: cannot lock \S+: .+\nhint: keep it on a disk that has file locks: set (HOME|AUTOCOM_CONFIG)\n$/,
        );
      }
      for (const name of ["config.toml", "credentials"]) {
        await assert.rejects(Deno.stat(`${room.home}/.autocom/${name}`), Deno.errors.NotFound);
      }
    },
    ["strace"],
  );
}

binaryTest("FT-28: paths and streams that cannot be read are exit 3 or 2 in words", async (room) => {
  const strange = ["/proc/self/environ", "/proc/self/mem", "/proc/kmsg", "/proc/1/root", "/dev/stdin", "/sys/kernel"];
  for (const path of strange) {
    for (
      const [name, args] of [["AUTOCOM_CONFIG", ["config", "list"]], ["AUTOCOM_CREDENTIALS_FILE", ["auth", "status"]], [
        "AUTOCOM_TOKEN_FILE",
        ["auth", "token"],
      ]] as [string, string[]][]
    ) {
      const { code, out, err } = await room.run(args, { env: { [name]: path } });
      assert.ok(code === 3 || code === 2, `${name}=${path}: ${code} ${out}${err}`);
      assert.match(err, /^error: .*\nhint: .*\n$/);
    }
  }
  for (const folder of ["/tmp", "/"]) {
    const { code, err } = await room.run(login, { shell: `exec "$@" <${folder}` });
    assert.deepEqual([code, err], [2, "error: cannot read stdin: it is a folder\nhint: give it a file or a pipe\n"]);
  }
});
