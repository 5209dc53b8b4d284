/** The server's own operations, by the compiled program: what a help and a Tab open, and the bytes of a raw answer. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";

function environment(room: Room): Record<string, string> {
  return {
    AUTOCOM_TENANT: "acme",
    AUTOCOM_TOKEN: room.platform.users.owner.pat,
    AUTOCOM_API_URL: `${room.platform.url}/api/v1`,
  };
}

binaryTest("WP-20: the help of an operation comes from the cache, and opens no connection", async (room) => {
  const env = environment(room);
  const read = await room.run(["call", "orders", "--per-page", "1", "-q"], { env });
  assert.equal(read.code, 0, read.err);
  const log = join(room.folder, "calls");
  const shell = `exec strace -A -f -qq -e trace=connect,execve -o '${log}' "$@"`;
  const help = await room.run(["call", "orders", "--help"], { env, shell });
  assert.equal(help.code, 0, help.err);
  assert.match(help.out, /^Usage: autocom call orders \[options\]\n[^]*--per-page <number>/);
  const tab = await room.run(["__complete", "zsh", "autocom", "call", "orders", "--per"], { env, shell });
  assert.equal(tab.out, "--per-page\tInt\n");
  const names = await room.run(["__complete", "zsh", "autocom", "call", "orders_up"], { env, shell });
  assert.match(names.out, /^orders_update_status\t.*\n$/);
  const calls = await Deno.readTextFile(log);
  assert.doesNotMatch(calls, /connect\(/);
}, ["strace"]);

binaryTest("a pipe gets the bytes of a raw answer as they are", async (room) => {
  const env = environment(room);
  const { code, out, err } = await room.run(["graphql", "{ orders(per_page: 100) { data { id status } } }"], { env });
  assert.equal(code, 0, err);
  assert.equal(JSON.parse(out).data.orders.data.length, 100);
  assert.equal(out.at(-1), "}");
});
