/** What only a process of its own shows: a umask, a full or read-only disk, a sudden end. */
import assert from "node:assert/strict";
import { readPrivate, writePrivate } from "../../src/storage/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { inFolder, modeOf, names } from "./folder.ts";
import { NEW, OLD } from "./writer.ts";

const WRITER: [string, ...string[]] = [
  Deno.execPath(),
  "run",
  "--no-check",
  "-A",
  `${import.meta.dirname}/writer.ts`,
];
const root = Deno.uid() === 0;
if (!root) console.warn("SKIPPED: full and read-only disks are not tested, only root can mount them");

async function run(...[command, ...args]: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command!, { args }).output();
  const decoder = new TextDecoder();
  assert.ok(success, decoder.decode(stderr));
  return decoder.decode(stdout);
}

Deno.test(
  "CF-1: the file is 0600 and its folder 0700 under every umask",
  inFolder(async (folder) => {
    for (const umask of ["000", "022", "077", "777"]) {
      const path = `${folder}/${umask}/f`;
      assert.equal(await run(...WRITER, path, "once", umask), "");
      assert.equal(await run(...WRITER, path, "once", umask), "");
      assert.deepEqual([modeOf(path), modeOf(`${folder}/${umask}`)], ["600", "700"], umask);
    }
  }),
);

Deno.test({
  name: "CF-17: a full, a read-only and a forbidden disk leave the old file byte for byte, and nothing beside it",
  ignore: !root,
  fn: inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/disk`, { mode: 0o700 });
    const script = `
      mount -t tmpfs -o size=64k,mode=700 none "$1/disk" && cd "$1/disk" || exit 1
      (umask 077; printf old > f)
      path="$1/disk/f"; shift
      "$@" "$path" once; ls -A; cat f; echo
      mount -o remount,ro .
      "$@" "$path" once; ls -A; cat f; echo
      mount -o remount,rw . && chmod 500 .
      setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search \
        "$@" "$path" once; ls -A; cat f; echo`;
    const path = `${folder}/disk/f`;
    const expected = [
      "no space left on the disk (ENOSPC)",
      "the file system is read-only (EROFS)",
      "permission denied (EACCES)",
    ].map((why) => `3 cannot write ${path}: ${why}\nf\nold\n`);
    assert.equal(await run("unshare", "-m", "sh", "-c", script, "sh", folder, ...WRITER), expected.join(""));
  }),
});

Deno.test(
  "CF-18: killed at 200 random moments of a write, the file is the old one or the new one, and later all is clean",
  inFolder(async (folder) => {
    const system = denoSystem();
    const seen = new Set<string>();
    let left = 0;
    const killOften = async (path: string) => {
      await writePrivate(system, path, OLD, { secret: true });
      for (let times = 0; times < 50; times++) {
        await killWhileWriting(path);
        const text = await readPrivate(system, path, { limit: 200_000, secret: true });
        assert.ok(text === OLD || text === NEW, `neither the old text nor the new one: ${text?.length} characters`);
        seen.add(text);
      }
      left += (await names(path.slice(0, -2))).length - 1;
      await writePrivate(system, path, OLD, { secret: true });
      assert.deepEqual(await names(path.slice(0, -2)), ["f"]);
    };
    await Promise.all(["a", "b", "c", "d"].map((name) => killOften(`${folder}/${name}/f`)));
    assert.equal(seen.size, 2);
    assert.ok(left > 0, "no kill met a write");
  }),
);

async function killWhileWriting(path: string): Promise<void> {
  const [command, ...args] = WRITER;
  const child = new Deno.Command(command, {
    args: [...args, path, "forever"],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
  child.kill("SIGKILL");
  await Promise.all([child.status, reader.cancel()]);
}
