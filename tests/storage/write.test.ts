import assert from "node:assert/strict";
import { readPrivate, removePrivate, writePrivate, type Writer } from "../../src/storage/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { Files } from "../../src/system/mod.ts";
import { inFolder, modeOf, names } from "../support/storage/folder.ts";
import { refuses } from "../support/storage/refuses.ts";

const system = denoSystem();
const secret = { secret: true };

/** The system, but for one call of its files. */
function replacing<N extends keyof Files>(name: N, replacement: Files[N]): Writer {
  return { ...system, files: { ...Deno, [name]: replacement } };
}

Deno.test(
  "a file is made in a folder of its own, 0600 in 0700, and replaced with nothing left beside it",
  inFolder(async (folder) => {
    const path = `${folder}/.autocom/f`;
    await writePrivate(system, path, "one", secret);
    await writePrivate(system, path, "two", secret);
    assert.equal(await Deno.readTextFile(path), "two");
    assert.equal(modeOf(path), "600");
    assert.equal(modeOf(`${folder}/.autocom`), "700");
    assert.deepEqual(await names(`${folder}/.autocom`), ["f"]);
  }),
);

Deno.test(
  "a folder whose parent is not there is not made: it may be a slip of the pen",
  inFolder(async (folder) => {
    await refuses(writePrivate(system, `${folder}/no/such/f`, "x", secret), /no such folder \(ENOENT\)/);
    assert.deepEqual(await names(folder), []);
  }),
);

Deno.test(
  "CF-2: at no moment can anybody else read what is written",
  inFolder(async (folder) => {
    const modes = new Set<string>();
    const look = async () => {
      for (const name of await names(`${folder}/d`)) modes.add(modeOf(`${folder}/d/${name}`));
    };
    const files: Files = {
      ...Deno,
      async mkdir(...args) {
        await Deno.mkdir(...args);
        assert.equal(modeOf(`${folder}/d`), "700");
      },
      async open(...args) {
        const file = await Deno.open(...args);
        await look();
        return file;
      },
      async rename(...args) {
        await look();
        await Deno.rename(...args);
        await look();
      },
    };
    await writePrivate({ ...system, files }, `${folder}/d/f`, "x", secret);
    assert.deepEqual([...modes], ["600"]);
  }),
);

Deno.test(
  "CF-3: a folder that others may change is refused, with the command that mends it, and nothing is written",
  inFolder(async (folder) => {
    const home = `${folder}/a b`;
    for (const mode of [0o777, 0o770, 0o720, 0o1777, 0o702]) {
      await Deno.mkdir(home);
      await Deno.chmod(home, mode);
      await refuses(
        writePrivate(system, `${home}/f`, "x", secret),
        /other users may change the folder/,
        mode & 0o1000
          ? /^set AUTOCOM_CREDENTIALS_FILE to the full path of a file, or unset it$/
          : /^chmod 700 '.*a b'$/,
      );
      assert.deepEqual(await names(home), []);
      await Deno.remove(home);
    }
    const other = { ...system, host: { ...system.host, uid: system.host.uid! + 1 } };
    const hint = /^set AUTOCOM_CREDENTIALS_FILE to the full path of a file, or unset it$/;
    await refuses(writePrivate(other, `${folder}/f`, "x", secret), /folder belongs to another user/, hint);
    assert.deepEqual(await names(folder), []);
  }),
);

Deno.test(
  "CF-4: a file that others could read is 0600 once it is written",
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/f`, "old", { mode: 0o644 });
    await writePrivate(system, `${folder}/f`, "new", secret);
    assert.equal(modeOf(`${folder}/f`), "600");
  }),
);

Deno.test(
  "CF-10: whoever had the file open before sees the old text only",
  inFolder(async (folder) => {
    await writePrivate(system, `${folder}/f`, "old", secret);
    using reader = await Deno.open(`${folder}/f`);
    await writePrivate(system, `${folder}/f`, "newer", secret);
    const buffer = new Uint8Array(10);
    assert.equal(new TextDecoder().decode(buffer.subarray(0, (await reader.read(buffer))!)), "old");
  }),
);

Deno.test(
  "CF-17: wherever the system fails, the old file stays byte for byte and no temporary one does",
  inFolder(async (folder) => {
    await writePrivate(system, `${folder}/f`, "old", secret);
    const fail = () => Promise.reject(Object.assign(new Error("raw text"), { code: "EIO" }));
    const broken: Writer[] = [
      replacing("rename", fail),
      replacing("chmod", fail),
      replacing("open", async (...args) => {
        const file = await Deno.open(...args);
        file.write = fail;
        return file;
      }),
      replacing("open", async (...args) => {
        const file = await Deno.open(...args);
        file.sync = fail;
        return file;
      }),
    ];
    for (const each of broken) {
      await refuses(writePrivate(each, `${folder}/f`, "new", secret), /^cannot write .*: the disk failed \(EIO\)$/);
      assert.equal(await Deno.readTextFile(`${folder}/f`), "old");
      assert.deepEqual(await names(folder), ["f"]);
    }
  }),
);

Deno.test(
  "what is not the system's failure is not called one",
  inFolder(async (folder) => {
    const bug = replacing("rename", () => Promise.reject(new TypeError("a bug")));
    await assert.rejects(writePrivate(bug, `${folder}/f`, "x", secret), TypeError);
    assert.deepEqual(await names(folder), []);
  }),
);

Deno.test(
  "CF-18: temporary files of runs that died go with the next write and with the file, and nothing else does",
  inFolder(async (folder) => {
    const kept = [".f.0123456789abcdeg.tmp", ".f.0123456789abcdef.tmpx", ".g.0123456789abcdef.tmp", "f.bak"];
    for (const name of kept) await Deno.writeTextFile(`${folder}/${name}`, "");
    const left = `${folder}/.f.0123456789abcdef.tmp`;
    await Deno.writeTextFile(left, "a secret");
    await writePrivate(system, `${folder}/f`, "x", secret);
    assert.deepEqual(await names(folder), [...kept, "f"].sort());
    await Deno.writeTextFile(left, "a secret");
    await removePrivate(system, `${folder}/f`);
    assert.deepEqual(await names(folder), kept.sort());
  }),
);

Deno.test(
  "a new file that another run takes for a dead one's is written again, for a bounded number of times",
  inFolder(async (folder) => {
    let tries = 0;
    const robbed = (times: number): Writer =>
      replacing("rename", async (from, to) => {
        if (tries++ < times) await Deno.remove(from);
        await Deno.rename(from, to);
      });
    await writePrivate(robbed(3), `${folder}/f`, "x", secret);
    assert.equal(await Deno.readTextFile(`${folder}/f`), "x");
    await refuses(writePrivate(robbed(Infinity), `${folder}/f`, "y", secret), /ENOENT/);
    assert.ok(tries < 50);
    assert.deepEqual(await names(folder), ["f"]);
  }),
);

Deno.test(
  "on Windows a rename that a scanner holds up is tried again, for a bounded time",
  inFolder(async (folder) => {
    let tries = 0;
    const held = (times: number): Writer => ({
      ...replacing("rename", (...args) => tries++ < times ? Promise.reject(denied()) : Deno.rename(...args)),
      host: { ...system.host, os: "windows", uid: null },
      clock: { ...system.clock, sleep: () => Promise.resolve() },
    });
    await writePrivate(held(3), `${folder}/f`, "x", secret);
    assert.equal(await Deno.readTextFile(`${folder}/f`), "x");
    await refuses(writePrivate(held(Infinity), `${folder}/f`, "y", secret), /permission denied/);
    assert.ok(tries < 50);
    tries = 0;
    const linux = { ...held(Infinity), host: system.host };
    await refuses(writePrivate(linux, `${folder}/f`, "y", secret), /permission denied/);
    assert.equal(tries, 1);
    assert.equal(await Deno.readTextFile(`${folder}/f`), "x");
  }),
);

function denied(): Error {
  return Object.assign(new Deno.errors.PermissionDenied("raw text"), { code: "EACCES" });
}

Deno.test(
  "removing says whether there was something, and takes a symlink rather than its target",
  inFolder(async (folder) => {
    await writePrivate(system, `${folder}/f`, "x", secret);
    await Deno.symlink("f", `${folder}/link`);
    assert.equal(await removePrivate(system, `${folder}/link`), true);
    assert.equal(await readPrivate(system, `${folder}/f`, { limit: 10, secret: true }), "x");
    assert.equal(await removePrivate(system, `${folder}/f`), true);
    assert.equal(await removePrivate(system, `${folder}/f`), false);
  }),
);
