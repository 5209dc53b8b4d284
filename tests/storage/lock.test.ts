import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { withLock } from "../../src/storage/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { inFolder, modeOf } from "../support/storage/folder.ts";

const system = denoSystem();
const patient = { timeout: 60_000 };

Deno.test(
  "one at a time holds the lock, whatever the others do",
  inFolder(async (folder) => {
    const path = `${folder}/.autocom/lock`;
    let inside = 0;
    const results = await Promise.all([1, 2, 3, 4, 5].map((number) =>
      withLock(system, path, async () => {
        assert.equal(++inside, 1);
        await Deno.lstat(path);
        inside--;
        return number;
      }, patient)
    ));
    assert.deepEqual(results, [1, 2, 3, 4, 5]);
    assert.deepEqual([modeOf(path), modeOf(`${folder}/.autocom`)], ["600", "700"]);
  }),
);

Deno.test(
  "the lock is given back when the work fails",
  inFolder(async (folder) => {
    const path = `${folder}/lock`;
    await assert.rejects(withLock(system, path, () => Promise.reject(new RangeError("work")), patient), RangeError);
    assert.equal(await withLock(system, path, () => Promise.resolve("free"), { timeout: 0 }), "free");
  }),
);

Deno.test(
  "RF-3: a living holder is waited for, no longer than said, and never robbed; the message names the lock",
  inFolder(async (folder) => {
    const path = `${folder}/lock`;
    let slept = 0;
    const sleep = (ms: number) => Promise.resolve(void (slept += ms));
    const waiting = { ...system, clock: { ...system.clock, sleep } };
    await withLock(system, path, async () => {
      const robbed = withLock(waiting, path, () => assert.fail("two hold the lock"), { timeout: 2_000 });
      await assert.rejects(robbed, (error) => {
        assert.ok(error instanceof AppError && error.exit === 1);
        assert.ok(error.message.includes(path) && error.message.includes("2 s"), error.message);
        assert.ok(error.hint!.includes(path));
        return true;
      });
    }, patient);
    assert.ok(slept >= 2_000 && slept < 2_100, String(slept));
  }),
);

Deno.test(
  "RF-3: the lock of a process that was killed is free, though its file is there",
  inFolder(async (folder) => {
    const path = `${folder}/lock`;
    await Deno.writeTextFile(path, "", { mode: 0o600 });
    const child = new Deno.Command("flock", {
      args: ["--no-fork", path, "sh", "-c", "echo held; exec cat"],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    await assert.rejects(withLock(system, path, () => Promise.resolve(), { timeout: 0 }), AppError);
    child.kill("SIGKILL");
    await Promise.all([child.status, reader.cancel(), child.stdin.close().catch(() => {})]);
    assert.equal(await withLock(system, path, () => Promise.resolve("free"), { timeout: 0 }), "free");
  }),
);

Deno.test(
  "CF-5, CF-11: a lock that is a symlink or a pipe is refused, and the link's target keeps its mode",
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/victim`, "theirs", { mode: 0o644 });
    await Deno.symlink(`${folder}/victim`, `${folder}/link`);
    await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
    for (const name of ["link", "pipe"]) {
      const refused = withLock(system, `${folder}/${name}`, () => assert.fail("locked"), patient);
      await assert.rejects(refused, (error) => error instanceof AppError && error.exit === 3);
    }
    assert.equal(modeOf(`${folder}/victim`), "644");
  }),
);

/** What the runtime throws for what the system refuses: with its code where it has a class for it, without it elsewhere. */
const BROKEN: [error: Error, words: RegExp][] = [
  [new Error("No locks available (os error 37)"), /no locks available \(error 37\)$/],
  [new Error("Function not implemented (os error 38)"), /function not implemented \(error 38\)$/],
  [new TypeError("Operation not supported (os error 95)"), /operation not supported \(error 95\)$/],
  [Object.assign(new Error("x"), { code: "ENOTSUP" }), /the file system does not support that \(ENOTSUP\)$/],
  [Object.assign(new Error("x"), { code: "EIO" }), /the disk failed \(EIO\)$/],
  [Object.assign(new Error("x"), { code: "ESTALE" }), /: ESTALE$/],
];
for (const [error, words] of BROKEN) {
  Deno.test(
    `FT-22: a lock that the file system refuses (${words.source}) is exit 3 in words, and nothing is done`,
    inFolder(async (folder) => {
      const open = async (...given: Parameters<typeof Deno.open>) => {
        const file = await system.files.open(...given);
        file.tryLock = () => Promise.reject(error);
        return file;
      };
      const refusing = { ...system, files: { ...system.files, open } };
      const work = withLock(refusing, `${folder}/lock`, () => assert.fail("the work was done"), patient);
      await assert.rejects(work, (refused) => {
        assert.ok(refused instanceof AppError && refused.exit === 3, String(refused));
        assert.ok(refused.message.startsWith(`cannot lock ${folder}/lock: `));
        assert.match(refused.message, words);
        assert.match(refused.hint!, /^keep it on a disk that has file locks: set HOME$/);
        return true;
      });
    }),
  );
}

Deno.test("on a disk that cannot be written the hint asks for a file elsewhere, not for a disk with locks", async () => {
  const folder = await Deno.makeTempDir();
  const open = () => Promise.reject(Object.assign(new Error("x"), { code: "EROFS" }));
  try {
    for (const [secret, variable] of [[true, "AUTOCOM_CREDENTIALS_FILE"], [false, "AUTOCOM_CONFIG"]] as const) {
      const locking = withLock(
        { ...system, files: { ...system.files, open } },
        `${folder}/lock`,
        () => Promise.resolve(),
        { timeout: 0, secret },
      );
      await assert.rejects(locking, (error: AppError) => {
        assert.equal(error.message, `cannot lock ${folder}/lock: the file system is read-only (EROFS)`);
        assert.equal(error.hint, `set ${variable} to the full path of a file on a disk that can be written`);
        return true;
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
