/** The file of an export on real disks, by the compiled program behind its permissions. */
import assert from "node:assert/strict";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";

const token = (room: Room) => ({ AUTOCOM_TOKEN: room.platform.users.owner.pat, AUTOCOM_TENANT: "acme" });

binaryTest("WP-48: an export is whole in its file, and its owner alone can read it", async (room) => {
  const env = token(room);
  const { out } = await room.run(["orders", "export"], { env });
  const path = `${room.folder}/a.csv`;
  const { code, err } = await room.run(["orders", "export", "--output-file", path], { env });
  assert.equal(code, 0, err);
  assert.equal(await Deno.readTextFile(path), out);
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
});

binaryTest(
  "WP-48: a full disk in the middle of an export is exit 3, with nothing under the name and nothing beside it",
  async (room) => {
    const disk = `${room.folder}/disk`;
    await room.shell(`mkdir '${disk}' && mount -t tmpfs -o size=100k room '${disk}'`);
    for (const more of [[], ["--force"]]) {
      const { code, out, err } = await room.run(["orders", "export", ...more, "--output-file", `${disk}/a.csv`], {
        env: token(room),
      });
      assert.deepEqual([code, out, await room.shell(`ls -A '${disk}'`)], [3, "", ""], err);
      assert.match(err, /^error: cannot write ".*\/a\.csv": no space left on the disk \(ENOSPC\)\nhint: .+\n$/);
    }
  },
);

binaryTest("WP-48: a read-only folder is refused before any request, and so is every device", async (room) => {
  const folder = `${room.folder}/ro`;
  await room.shell(`mkdir '${folder}' && mount --bind '${folder}' '${folder}' && mount -o remount,ro,bind '${folder}'`);
  // Nobody listens there: a request would be exit 10.
  const env = { ...token(room), AUTOCOM_API_URL: "http://127.0.0.1:9/api/v1" };
  for (const path of [`${folder}/a.csv`, "/dev/full", "/dev/null", "/dev/stdout", "/proc/self/fd/1", "/dev/fd/1"]) {
    const { code, out, err } = await room.run(["orders", "export", "--force", "--output-file", path], { env });
    assert.deepEqual([code, out], [3, ""], err);
    assert.match(err, /^error: cannot write ".*": .+\nhint: .+\n$/);
  }
});
