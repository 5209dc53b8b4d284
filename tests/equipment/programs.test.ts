/** What the tests need of a machine: found where it is, and named where it is not. */
import assert from "node:assert/strict";
import { whyNoRooms } from "../support/binary/room.ts";
import { CACHED } from "../support/cached.ts";
import { searchPath } from "../support/programs.ts";

const linux = Deno.build.os === "linux";

Deno.test({
  name: "FT-55: the administrators' folders are behind those of the PATH, once",
  ignore: Deno.build.os === "windows",
  fn() {
    assert.equal(searchPath("/usr/local/bin:/usr/bin:/bin"), "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
    assert.equal(searchPath("/usr/sbin:/usr/bin"), "/usr/sbin:/usr/bin:/sbin");
    assert.equal(searchPath(""), "/usr/sbin:/sbin");
  },
});

Deno.test({
  name: "FT-55: a PATH without /usr/sbin and /sbin has the rooms that this machine can have",
  ignore: !linux,
  async fn() {
    const room = new URL("../support/binary/room.ts", import.meta.url).href;
    const script = `import { whyNoRooms } from "${room}"; console.log(await whyNoRooms());`;
    const path = (Deno.env.get("PATH") ?? "").split(":").filter((folder) => !folder.endsWith("/sbin")).join(":");
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", ...CACHED, `data:application/typescript,${encodeURIComponent(script)}`],
      env: { PATH: path, NO_COLOR: "1" },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assert.equal(text(stdout), `${await whyNoRooms()}\n`, text(stderr));
  },
});

Deno.test({
  name: "FT-55: what a room is made of and is not installed is named, all of it",
  ignore: !linux,
  async fn() {
    assert.equal(
      await whyNoRooms("/nonexistent"),
      "not installed: unshare, nsenter, ip, mount, chroot, mkfifo, sed, env, sh",
    );
  },
});

Deno.test({
  name: "FT-55: where a room fails, the reason is what the first try said",
  ignore: !linux,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const script = '#!/bin/sh\necho "unshare: Operation not permitted" >&2\nexit 1\n';
      await Deno.writeTextFile(`${folder}/unshare`, script, { mode: 0o755 });
      assert.equal(await whyNoRooms(`${folder}:/usr/bin:/bin:/usr/sbin:/sbin`), "unshare: Operation not permitted");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
