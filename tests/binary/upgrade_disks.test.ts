/** The compiled program replaces itself where the disk, or its owner, does not let it: in mount namespaces, as root. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { missing } from "../support/programs.ts";
import { type Machine, NEW, OLD } from "../support/upgrade/built.ts";
import { AS_ROOT, upgradeTest } from "../support/upgrade/upgrade_test.ts";

/** In a mount namespace: `prepare` there, then the program of the machine, which is at its own path. */
async function mounted(machine: Machine, prepare: string, args: string[]) {
  const script = `${prepare}\nshift\nexec "$@"`;
  return await machine.run(args, { before: ["unshare", "--mount", "sh", "-ec", script, "sh", "-"] });
}

upgradeTest(
  "SU2-23: a full disk at any point: exit 3 says the bytes, the old program works, nothing is left",
  async (machine) => {
    for (const megabytes of [98, 105, 130, 180, 195]) {
      const check =
        `mount -t tmpfs -o size=${megabytes}m,mode=755 none ${machine.bin} && cp ${
          machine.built.program(OLD!)
        } ${machine.path} && ` +
        `{ ${machine.path} upgrade; code=$?; ${machine.path} --version; ls -A ${machine.bin}; exit $code; }`;
      const { code, out, err } = await machine.run([], {
        before: ["unshare", "--mount", "sh", "-c", check],
        program: "-",
      });
      if (code === 0) {
        assert.match(out, new RegExp(`^autocom ${NEW}$`, "m"));
        continue;
      }
      assert.equal(code, 3, err);
      assert.match(err, /the disk is full\nhint: .* needs \d+ MB free \(\d+ bytes\)/);
      assert.match(out, new RegExp(`^autocom ${OLD}$`, "m"));
      assert.doesNotMatch(out, /\.new|\.old/);
    }
  },
  !AS_ROOT,
);

upgradeTest("SU2-23, SU2-19: a read-only disk: exit 3, nothing downloaded", async (machine, { server }) => {
  const { code, err } = await mounted(
    machine,
    `mount --bind ${machine.bin} ${machine.bin} && mount -o remount,bind,ro ${machine.bin}`,
    ["upgrade"],
  );
  assert.equal(code, 3, err);
  assert.match(err, /cannot be written \(the file system is read-only/);
  assert.ok(!server.seen.some(({ path }) => /\.(pack|gz)$/.test(path)));
}, !AS_ROOT);

for (const error of ["ENOLCK", "EBADF", "EOPNOTSUPP"]) {
  upgradeTest(
    `FT-22: a disk without file locks (${error}) is exit 3 in words, the program as it was`,
    async (machine) => {
      const before = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", `inject=flock:error=${error}`];
      const { code, err } = await machine.run(["upgrade"], { before });
      assert.equal(code, 3, err);
      assert.match(
        err,
        /^error: cannot lock \S+\/\.autocom\.lock: .+\nhint: the disk has no file locks: install it in a folder on another one\n$/,
      );
      assert.equal(await machine.version(), OLD);
      assert.deepEqual(await machine.leftovers(), []);
    },
    missing(["strace"]).length > 0,
  );
}

upgradeTest("SU2-24: on an overlay, as in a container's image, the program is replaced", async (machine) => {
  const [upper, work] = [join(machine.folder, "layers"), join(machine.folder, "layers")];
  const prepare = `mkdir ${upper} && mount -t tmpfs none ${upper} && mkdir ${upper}/upper ${work}/work && ` +
    `mount -t overlay overlay -o lowerdir=${machine.bin},upperdir=${upper}/upper,workdir=${work}/work ${machine.bin}`;
  const script =
    `${prepare} || exit 77; ${machine.path} upgrade && ${machine.path} --version && ${machine.path} upgrade --rollback && ${machine.path} --version`;
  const { code, out, err } = await machine.run([], {
    before: ["unshare", "--mount", "sh", "-c", script],
    program: "-",
  });
  if (code === 77) return console.error(`SKIPPED: no overlay here (${err.trim()})`);
  assert.equal(code, 0, err);
  assert.match(out, new RegExp(`autocom ${NEW}\n[^]*autocom ${OLD}\n`));
  assert.equal(await machine.version(), OLD, "the layer below is as it was");
}, !AS_ROOT);

const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

upgradeTest(
  "SU-11, SU2-19, SU2-20: another user's folder or file: exit 3 names sudo, nothing downloaded",
  async (machine, { server, folder }) => {
    await Deno.chmod(folder, 0o755);
    await Deno.chmod(machine.folder, 0o755);
    await Deno.chown(machine.home, 65534, 65534);
    const run = () => machine.run(["upgrade"], { before: NOBODY });
    const refused = async (message: RegExp) => {
      const { code, err } = await run();
      assert.equal(code, 3, err);
      assert.match(err, message);
      assert.match(err, /hint: install your own in .*, or: sudo autocom upgrade\n/);
      assert.ok(!server.seen.some(({ path }) => /\.(pack|gz)$/.test(path)));
      assert.equal(await machine.version(), OLD);
    };
    await refused(/belongs to another user \(uid 0\)/);
    await Deno.chown(machine.path, 65534, 65534); // the file can be written, the folder not
    await refused(/cannot be written \(permission denied/);
    await Deno.chown(machine.bin, 65534, 65534);
    const { code, err } = await run();
    assert.equal(code, 0, err);
    assert.equal(await machine.version(), NEW);
    assert.equal((await Deno.stat(machine.path)).uid, 65534);
  },
  !AS_ROOT,
);

upgradeTest(
  "SU-16, SU2-22: root in a user's folder is refused; nothing is written into another user's home",
  async (machine) => {
    await Deno.chown(machine.bin, 1000, 1000);
    const refused = await machine.run(["upgrade"]);
    assert.equal(refused.code, 3, refused.err);
    assert.match(refused.err, /root would start it from .*another user's \(uid 1000\)/);
    await Deno.chown(machine.bin, 0, 0);
    const theirs = join(machine.home, ".autocom");
    await Deno.remove(theirs, { recursive: true });
    await Deno.mkdir(theirs, { mode: 0o700 });
    await Deno.chown(theirs, 1000, 1000);
    const { code, err } = await machine.run(["upgrade"]);
    assert.equal(code, 0, err);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(theirs)), []);
  },
  !AS_ROOT,
);

upgradeTest("SU2-32: an immutable file is exit 3, and stays", async (machine) => {
  const immutable = async (sign: string) =>
    (await new Deno.Command("chattr", { args: [`${sign}i`, machine.path], stderr: "null" }).output()).success;
  if (!await immutable("+")) return console.error("SKIPPED: no immutable files on this disk");
  try {
    const { code, err } = await machine.run(["upgrade"]);
    assert.equal(code, 3, err);
    assert.equal(await machine.version(), OLD);
  } finally {
    await immutable("-");
  }
  assert.deepEqual(await machine.leftovers(), []);
}, !AS_ROOT || missing(["chattr"]).length > 0);

upgradeTest(
  "root with another user's HOME, as sudo -E leaves it, makes nothing there: that user's next command works",
  async (machine) => {
    for (const folder of [machine.built.folder, machine.folder]) await Deno.chmod(folder, 0o755);
    await Deno.chown(machine.home, 4242, 4242); // 65534 is nobody, also of a user namespace
    for (const args of [["upgrade", "--check"], ["upgrade"], ["upgrade", "--rollback"]]) {
      const { code, err } = await machine.run(args);
      assert.equal(code, 0, err);
    }
    assert.deepEqual(await Array.fromAsync(Deno.readDir(machine.home)), []);
    const { code, err } = await machine.run(["config", "set", "tenant", "acme"], {
      before: ["setpriv", "--reuid=4242", "--regid=4242", "--clear-groups"],
    });
    assert.equal(code, 0, err);
    assert.equal((await Deno.stat(join(machine.home, ".autocom"))).uid, 4242);
  },
  !AS_ROOT,
);
