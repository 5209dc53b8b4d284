/** What only a process of its own shows: a umask, a full or read-only disk. A sudden end: `tests/binary/kills.test.ts`. */
import assert from "node:assert/strict";
import { inFolder, modeOf } from "../support/storage/folder.ts";
import { CACHED } from "../support/cached.ts";
import { AS_ROOT, canMount } from "../support/programs.ts";

const WRITER: [string, ...string[]] = [
  Deno.execPath(),
  "run",
  "--no-check",
  ...CACHED,
  "-A",
  `${import.meta.dirname}/../support/storage/writer.ts`,
];
const mounts = await canMount();
if (!mounts) console.warn("SKIPPED: full and read-only disks are not tested, nobody may mount them here");

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
  ignore: !mounts,
  fn: inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/disk`, { mode: 0o700 });
    const script = `
      mount -t tmpfs -o size=64k,mode=700 none "$1/disk" && cd "$1/disk" || exit 1
      (umask 077; printf old > f)
      path="$1/disk/f"; shift
      "$@" "$path" once; ls -A; cat f; echo
      mount -o remount,ro,bind .
      "$@" "$path" once; ls -A; cat f; echo
      mount -o remount,rw,bind . && chmod 500 .
      setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search \
        "$@" "$path" once; ls -A; cat f; echo`;
    const path = `${folder}/disk/f`;
    const expected = [
      "no space left on the disk (ENOSPC)",
      "the file system is read-only (EROFS)",
      "permission denied (EACCES)",
    ].map((why) => `3 cannot write ${path}: ${why}\nf\nold\n`);
    assert.equal(
      await run("unshare", "-m", ...AS_ROOT, "sh", "-c", script, "sh", folder, ...WRITER),
      expected.join(""),
    );
  }),
});
