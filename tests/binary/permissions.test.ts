import assert from "node:assert/strict";
import { join } from "node:path";
import { bundle, seal } from "../../build/bundle.ts";
import { embed } from "../../build/embed.ts";
import { PERMISSIONS } from "../../build/permissions.ts";
import { HOST, ROOT, RUNTIME } from "../support/build/tree.ts";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";
import { onTerminal } from "../support/binary/tty.ts";

/** Compiles `probe.ts` as the program is compiled. */
async function probe(room: Room): Promise<string> {
  const chunks = join(room.folder, "probe");
  const out = join(room.folder, "probe-of-permissions");
  await bundle(ROOT, join("tests", "support", "binary", "probe.ts"), chunks);
  await seal(chunks);
  await embed({ chunks, entry: "probe.js", target: HOST, permissions: PERMISSIONS, env: RUNTIME!, out });
  return out;
}

binaryTest("RT-3: permissions fall away as a command goes on, and nobody is asked for one", async (room) => {
  await room.signIn();
  const tty = await onTerminal(room, ["orders", "list", "-q", "--per-page", "1"], { program: await probe(room) });
  const { code, screen } = await tty.end();
  assert.equal(code, 0, screen);
  assert.match(screen, /^ORD-/m);
  assert.doesNotMatch(screen, /requests|Allow\?/);
  const can: Record<string, string[]> = JSON.parse(/^\{.*\}/m.exec(screen)![0]);
  const never = ["read a variable", "read any variable", "run a shell", "ask for the host's name"];
  assert.deepEqual(can["look-up"]!.filter((what) => never.includes(what)), []);
  assert.ok(can["look-up"]!.includes("read a file"));
  assert.deepEqual(can.request, ["read a file", "listen"]);
  assert.deepEqual(can.body, ["listen"]);
}, ["script", "secret-tool"]);
