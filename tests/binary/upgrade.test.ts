/** The compiled program replaces itself: files, processes and signals. */
import assert from "node:assert/strict";
import { sha256 } from "../../build/pinned.ts";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { FULL } from "../support/binary/scene.ts";
import { barOf } from "../support/build/tree.ts";
import { missing } from "../support/programs.ts";
import { upgrade as verb } from "../../src/commands/upgrade/mod.ts";
import { NEW, OLD } from "../support/upgrade/built.ts";
import { isOneOf, upgradeTest } from "../support/upgrade/upgrade_test.ts";
import { givenUp } from "../support/given_up.ts";

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
    const bar = await barOf(await Deno.readFile(machine.built.program(NEW)));
    assert.ok(received <= bar, `${received} bytes, bar ${bar}`);
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

upgradeTest("SU2-17: in a Cellar --check says what is to be typed, and what that needs first", async (machine) => {
  const keg = join(machine.folder, "Cellar", "autocom", OLD!, "libexec");
  await Deno.mkdir(keg, { recursive: true });
  const program = join(keg, "autocom");
  await Deno.copyFile(machine.path, program);
  await Deno.writeTextFile(join(keg, "autocom.managed"), "brew upgrade autocom\n");
  const said = `autocom ${NEW} is available (you're on ${OLD}) (`;
  const checked = await machine.run(["upgrade", "--check"], { program });
  assert.deepEqual([checked.code, checked.err.startsWith(said)], [0, true], checked.err);
  assert.match(checked.err, /\), with the new autocom\.rb in your tap: brew upgrade autocom\n$/);
  const { command, first } = JSON.parse((await machine.run(["upgrade", "--check", "-o", "json"], { program })).out);
  assert.deepEqual([command, first], ["brew upgrade autocom", undefined]);
  assert.equal((await machine.run(["upgrade"], { program })).code, 3);
  assert.equal((await machine.run(["upgrade", "--allow-homebrew"], { program })).code, 0);
  assert.equal(await machine.version(program), NEW);
});

upgradeTest("the new program is not started, and nothing else is", async (machine) => {
  const trace = join(machine.folder, "trace");
  const { code, err } = await machine.run(["upgrade"], {
    before: ["strace", "-f", "-qq", "-e", "trace=execve,execveat", "-o", trace],
  });
  assert.equal(code, 0, err);
  const started = (await Deno.readTextFile(trace)).split("\n").filter((line) => /execve(at)?\(/.test(line));
  assert.equal(started.length, 1, started.join("\n"));
}, missing(["strace"]).length > 0);

upgradeTest("SU2-14: the program that runs is never written to: the new one is another file", async (machine) => {
  const before = await Deno.stat(machine.path);
  assert.equal((await machine.run(["upgrade"])).code, 0);
  assert.notEqual((await Deno.stat(machine.path)).ino, before.ino);
  const kept = await Deno.stat(`${machine.path}.old`);
  assert.deepEqual([kept.ino, kept.mtime], [before.ino, before.mtime]);
});

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
      return givenUp(request).catch(() => new Response());
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

upgradeTest("the examples of upgrade work", async (machine) => {
  for (const example of verb.examples) {
    const [, ...words] = example.replaceAll("2.0.1", NEW!).split(" ");
    const args = words.map((word) => word.endsWith(".tar.gz") ? join(machine.built.folder, NEW!, word) : word);
    const { code, err } = await machine.run(args);
    assert.equal(code, 0, `${example}\n${err}`);
  }
});

upgradeTest("--verify: a file of a signed release, and one that is of none", async (machine, { server, files }) => {
  const alone = join(machine.folder, "downloaded");
  await Deno.mkdir(alone);
  const [archive] = Object.keys(files).filter((name) => name.endsWith(".tar.gz"));
  await Deno.writeFile(join(alone, archive!), files[archive!]!);
  const verify = async (...names: string[]) => {
    const { code, out, err } = await machine.run([
      "upgrade",
      "-o",
      "json",
      "--verify",
      ...names.map((name) => join(alone, name)),
    ]);
    return { code, verdicts: JSON.parse(out || "[]"), err };
  };
  const good = await verify(archive!);
  assert.equal(good.code, 0, good.err);
  assert.deepEqual([good.verdicts[0].signed, good.verdicts[0].version, good.verdicts[0].is], [true, NEW, "archive"]);
  await Deno.writeFile(join(alone, "touched"), new Uint8Array([...files[archive!]!, 0]));
  const both = await verify(archive!, "touched");
  assert.equal(both.code, 13);
  assert.deepEqual(both.verdicts.map(({ signed }: { signed: boolean }) => signed), [true, false]);
  assert.match(both.err, /touched/);
  // What is in no manifest is in the sums, and those are.
  const others = ["install.sh", "SHA256SUMS", Object.keys(files).find((name) => name.endsWith(".cdx.json"))!];
  for (const name of others) await Deno.writeFile(join(alone, name), files[name]!);
  const rest = await verify(...others);
  assert.equal(rest.code, 0, rest.err);
  assert.deepEqual(rest.verdicts.map(({ is }: { is: string }) => is), ["other", "sums", "other"]);
  // With the manifest beside it nobody is asked.
  for (const name of ["manifest.json", "manifest.json.minisig"]) await Deno.writeFile(join(alone, name), files[name]!);
  server.seen.length = 0;
  const all = await verify(archive!, "manifest.json", "manifest.json.minisig", ...others);
  assert.equal(all.code, 0, all.err);
  assert.deepEqual(server.seen, []);
  // Sums that were changed with a file say nothing.
  await Deno.writeTextFile(join(alone, "install.sh"), "#!/bin/sh\n");
  const evil = `${await sha256(await Deno.readFile(join(alone, "install.sh")))}  install.sh\n`;
  await Deno.writeTextFile(join(alone, "SHA256SUMS"), evil);
  assert.deepEqual(
    (await verify("install.sh", "SHA256SUMS")).verdicts.map(({ signed }: { signed: boolean }) => signed),
    [
      false,
      false,
    ],
  );
  await Deno.writeTextFile(join(alone, "manifest.json"), " ", { append: true });
  assert.equal((await verify(archive!)).code, 13);
  await Deno.remove(join(alone, "manifest.json.minisig"));
  const pair = await verify("manifest.json");
  assert.equal(pair.code, 13);
  assert.match(pair.err, /cannot tell whether .*put its manifest\.json\.minisig into the same folder/);
  const absent = await verify("absent");
  assert.equal(absent.code, 3);
  assert.match(absent.err, /cannot read .*absent.*: there is no such file","hint":"check the path"/);
  // What cannot be a file of a release is not read at all, and the message says what it is.
  await Deno.mkdir(join(alone, "folder"));
  await Deno.symlink("loop", join(alone, "loop"));
  assert.ok((await new Deno.Command("mkfifo", { args: [join(alone, "pipe")] }).output()).success);
  using huge = await Deno.create(join(alone, "huge"));
  await huge.truncate(64 * 1024 ** 3);
  for (
    const [name, code, why] of [["folder", 3, "it is a folder"], ["pipe", 3, "it is not a regular file"], [
      "loop",
      3,
      "ELOOP|symbolic links",
    ], ["huge", 13, "it is larger than any file of one"]] as const
  ) {
    const odd = await verify(name);
    assert.equal(odd.code, code, odd.err);
    assert.match(odd.err, new RegExp(why));
  }
});

upgradeTest("an upgrade and a way back that cannot be printed say that they were done", async (machine) => {
  for (const [args, done, version] of [[[], "upgraded", NEW], [["--rollback"], "rolled back", OLD]] as const) {
    const { code, err } = await machine.run(["-c", `"$0" upgrade "$@" >/dev/full`, machine.path, ...args], {
      program: "/bin/sh",
    });
    assert.equal(code, 1, err);
    assert.match(err, new RegExp(`cannot write the output: .*; the program was ${done}\\nhint: do not repeat it`));
    assert.equal(await machine.version(), version);
  }
});
