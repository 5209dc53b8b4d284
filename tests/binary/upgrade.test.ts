/** The compiled program replaces itself: files, users, disks, processes and signals. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { sha256 } from "../../build/pinned.ts";
import { FULL } from "../support/binary/scene.ts";
import { RUNTIME } from "../support/build/tree.ts";
import { missing } from "../support/programs.ts";
import { Built, type Machine, NEW, OLD } from "../support/upgrade/built.ts";

const ignore = !RUNTIME || Deno.build.os !== "linux";
/** With a mount namespace of its own, as root. */
const AS_ROOT = !ignore && Deno.uid() === 0 && missing(["unshare", "mount", "setpriv"]).length === 0;
if (!ignore && !AS_ROOT) console.error("SKIPPED: upgrades on other disks and by other users: this needs root");

let made: Promise<Built> | undefined;
const built = () => made ??= Built.make();

function upgradeTest(name: string, body: (machine: Machine, built: Built) => Promise<void>, without = false): void {
  Deno.test({
    name,
    ignore: ignore || without,
    async fn() {
      const all = await built();
      await using machine = await all.machine();
      await body(machine, all);
    },
    sanitizeResources: false, // the server of all of them
    sanitizeOps: false,
  });
}

const isOneOf = async (machine: Machine) => {
  const hash = await sha256(await Deno.readFile(machine.path));
  const versions = await Promise.all([OLD!, NEW!].map(async (version) => {
    return [await sha256(await Deno.readFile(machine.built.program(version))), version] as const;
  }));
  const found = new Map(versions).get(hash);
  assert.ok(found, "the program is neither the old one nor the new one");
  return found;
};

upgradeTest(
  "the compiled program upgrades itself, and back, and forth: few bytes, little time, little memory",
  async (machine, { server, files }) => {
    const begun = performance.now();
    const { code, out, err } = await machine.run(["upgrade", "-o", "json"], {
      before: ["/usr/bin/time", "-f", "%M KB"],
    });
    const ms = performance.now() - begun;
    assert.equal(code, 0, err);
    assert.equal(JSON.parse(out).action, "upgraded");
    assert.equal(await machine.version(), NEW);
    assert.equal(await machine.version(`${machine.path}.old`), OLD);
    assert.equal(await isOneOf(machine), NEW);
    const received = server.seen.map(({ path }) => files[path.split("/").at(-1)!]?.length ?? 0).reduce(
      (a, b) => a + b,
      0,
    );
    const resident = Number(/(\d+) KB/.exec(err)![1]);
    console.log(
      `  by the pack: ${received} bytes received, ${Math.round(ms)} ms, ${Math.round(resident / 1024)} MB resident`,
    );
    assert.ok(resident < 150 * 1024, `${resident} KB resident`);
    assert.ok(received < 150_000, `${received} bytes`);
    for (const version of [OLD, NEW]) {
      assert.equal((await machine.run(["upgrade", "--rollback"])).code, 0);
      assert.equal(await machine.version(), version);
    }
    assert.deepEqual(await machine.leftovers(), []);
  },
  missing(["time"]).length > 0,
);

upgradeTest("the full download: the exact program, little time, little memory", async (machine, { server }) => {
  server.faults.push((_, url) => url.pathname.endsWith(".pack") ? new Response(null, { status: 404 }) : undefined);
  const begun = performance.now();
  const { code, err } = await machine.run(["upgrade", "-o", "json"], { before: ["/usr/bin/time", "-f", "%M KB"] });
  const ms = performance.now() - begun;
  assert.equal(code, 0, err);
  assert.equal(await isOneOf(machine), NEW);
  const resident = Number(/(\d+) KB/.exec(err)![1]);
  console.log(`  by the archive: ${Math.round(ms)} ms, ${Math.round(resident / 1024)} MB resident`);
  assert.ok(resident < 200 * 1024, `${resident} KB resident`);
}, missing(["time"]).length > 0);

upgradeTest(
  "a list of 30 releases with 25 links each is at most 40 KB, gzip as served",
  async (machine, { server }) => {
    for (let minor = 0; minor < 29; minor++) {
      const entry = server.publish(`0.${minor}.0`, {}, { description: "0123456789abcdef".repeat(4) });
      for (let link = 0; link < 25; link++) {
        const name = `autocom_0.${minor}.0_${link}.tar.gz`;
        const url = server.fileUrl(`0.${minor}.0`, name);
        entry.assets.links.push({ id: 1_000 * minor + link, name, url, direct_asset_url: url, link_type: "package" });
      }
    }
    const list = await (await fetch(`${server.project}/releases?per_page=100`)).text();
    const served = gzipSync(list).length;
    console.log(`  the list: ${list.length} bytes, ${served} as served`);
    assert.ok(served <= 40 * 1024, `${served} bytes`);
    assert.equal((await machine.run(["upgrade", "--check"])).code, 0);
  },
);

upgradeTest("the new program is not started, and nothing else is", async (machine) => {
  const trace = join(machine.folder, "trace");
  const { code, err } = await machine.run(["upgrade"], {
    before: ["strace", "-f", "-qq", "-e", "trace=execve,execveat", "-o", trace],
  });
  assert.equal(code, 0, err);
  const started = (await Deno.readTextFile(trace)).split("\n").filter((line) => /execve(at)?\(/.test(line));
  assert.equal(started.length, 1, started.join("\n"));
}, missing(["strace"]).length > 0);

upgradeTest("SU2-16: through a link the target is replaced and the link kept", async (machine) => {
  const link = join(machine.folder, "link");
  await Deno.symlink("bin/autocom", link);
  assert.equal((await machine.run(["upgrade"], { program: link })).code, 0);
  assert.equal(await Deno.readLink(link), "bin/autocom");
  assert.equal(await machine.version(link), NEW);
});

upgradeTest(
  "SU-17, SU2-26: of two upgrades at once one wins, the other is exit 1, and the program is whole",
  async (machine, { server }) => {
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    server.faults.push((_, url) => {
      if (!url.pathname.endsWith(".pack")) return undefined;
      asked.resolve();
      return go.promise.then(() => new Response(machine.built.files[url.pathname.split("/").at(-1)!]));
    });
    const first = machine.start(["upgrade"]);
    await asked.promise;
    const second = await machine.run(["upgrade"]);
    assert.equal(second.code, 1, second.err);
    assert.match(second.err, /another autocom is upgrading/);
    go.resolve();
    assert.equal((await first.end()).code, 0);
    assert.equal(await machine.version(), NEW);
  },
);

upgradeTest("Ctrl-C in the middle of a download: exit 130, nothing is left", async (machine, { server }) => {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    const asked = Promise.withResolvers<void>();
    server.faults.splice(0, 1, (request, url) => {
      if (!url.pathname.endsWith(".pack")) return undefined;
      asked.resolve();
      return new Promise((resolve) => request.signal.addEventListener("abort", () => resolve(new Response())));
    });
    const running = machine.start(["upgrade"]);
    await asked.promise;
    running.signal(signal);
    const ended = await running.end();
    assert.equal(ended.code, code, ended.err);
    assert.deepEqual(await machine.leftovers(), []);
    assert.equal(await machine.version(), OLD);
  }
});

upgradeTest(
  "SU-10: while somebody exchanges the temporary file in a loop, what is installed is what was verified",
  async (machine) => {
    const evil = join(machine.folder, "evil");
    await Deno.writeTextFile(evil, "#!/bin/sh\necho evil\n", { mode: 0o755 });
    const loop =
      `while :; do for f in ${machine.bin}/.autocom.*.new; do cp ${evil} ${machine.folder}/e && mv -f ${machine.folder}/e "$f"; done; done`;
    const attacker = new Deno.Command("sh", { args: ["-c", loop], stdout: "null", stderr: "null" }).spawn();
    try {
      for (let time = 0; time < 5; time++) {
        const { code, err } = await machine.run(["upgrade"]);
        assert.ok([0, 13].includes(code), err);
        const found = await isOneOf(machine);
        assert.equal(found, code === 0 ? NEW : OLD);
        await machine.install();
      }
    } finally {
      attacker.kill("SIGKILL");
      await attacker.status;
    }
  },
);

/** Kills of each kind: 300 together in full. */
const KILLS = FULL ? 150 : 15;

upgradeTest(
  `SU-12: after ${KILLS} × kill -9 during upgrade and ${KILLS} × during --rollback there is a program that works, and one leftover at most`,
  async (machine) => {
    const seen = new Map<string, number>();
    let [begun, took] = [performance.now(), 400];
    for (let kill = 0; kill < 2 * KILLS; kill++) {
      const back = kill % 2 === 1;
      if (back && !await Deno.stat(`${machine.path}.old`).then(() => true, () => false)) {
        await machine.install();
        assert.equal((await machine.run(["upgrade"])).code, 0);
      }
      if (!back && await machine.version() === NEW) await machine.install();
      begun = performance.now();
      const running = machine.start(back ? ["upgrade", "--rollback"] : ["upgrade"]);
      const moment = (kill * 0.618 % 1) * (back ? 150 : took) * 1.1;
      const timer = setTimeout(() => running.signal("SIGKILL"), moment);
      const { code } = await running.ended;
      clearTimeout(timer);
      if (!back && code === 0) took = performance.now() - begun;
      const version = await machine.version();
      assert.ok([OLD, NEW].includes(version), version);
      const left = await machine.leftovers();
      assert.ok(left.length <= 1, left.join()); // the run that was killed removed its predecessor's
      const what = `${back ? "rollback" : "upgrade"}: ${code === 0 ? "finished" : "killed"}, then ${version}${
        left.length ? ", one leftover" : ""
      }`;
      seen.set(what, (seen.get(what) ?? 0) + 1);
    }
    console.log([...seen].sort().map(([what, count]) => `  ${count} × ${what}`).join("\n"));
    await machine.install();
    assert.equal((await machine.run(["upgrade"])).code, 0);
    assert.deepEqual(await machine.leftovers(), []);
    assert.equal(await isOneOf(machine), NEW);
  },
);

/** Calls of an upgrade in their order: the program is killed when it is about to make the first of them. */
for (const call of ["fsync", "fdatasync", "link,linkat", "rename,renameat,renameat2", "chmod,fchmodat"]) {
  upgradeTest(
    `SU-12: killed before its ${call}, the program works, and the next upgrade cleans up`,
    async (machine) => {
      const before = [
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "signal=none",
        "-e",
        `trace=${call}`,
        "-e",
        `inject=${call}:signal=KILL`,
      ];
      const { code } = await machine.run(["upgrade"], { before, env: { AUTOCOM_NO_UPGRADE_CHECK: "1" } });
      assert.ok([0, 137].includes(code), `${code}`);
      assert.equal(await isOneOf(machine), code === 0 ? NEW : OLD);
      assert.equal((await machine.run(["upgrade"])).code, 0);
      assert.equal(await machine.version(), NEW);
      assert.deepEqual(await machine.leftovers(), []);
    },
    missing(["strace"]).length > 0,
  );
}

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
      assert.match(err, /hint: sudo autocom upgrade, or install your own/);
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
  "SU2-47: a program that is moved or replaced while it upgrades is left alone: exit 1",
  async (machine, { server }) => {
    for (
      const act of [
        () => Deno.rename(machine.path, `${machine.path}.moved`),
        () => machine.install(NEW),
      ]
    ) {
      await machine.install();
      const asked = Promise.withResolvers<void>();
      const go = Promise.withResolvers<undefined>();
      server.faults.splice(0, 1, (_, url) => {
        if (!url.pathname.endsWith("/manifest.json")) return undefined;
        asked.resolve();
        return go.promise.then(() => new Response(machine.built.files["manifest.json"]));
      });
      const running = machine.start(["upgrade"]);
      await asked.promise;
      await act();
      go.resolve(undefined);
      const { code, err } = await running.end();
      assert.equal(code, 1, err);
      assert.match(err, /another program has just replaced .*\nhint: see what is there: autocom --version\n$/);
      assert.deepEqual((await machine.leftovers()).filter((name) => name !== "autocom.moved"), []);
    }
    assert.equal(await machine.version(), NEW);
  },
);

Deno.test({
  name: "the server of the upgrades is closed",
  ignore,
  sanitizeResources: false,
  sanitizeOps: false,
  async fn() {
    await (await made)?.[Symbol.asyncDispose]();
  },
});
