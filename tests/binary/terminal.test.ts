import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";
import { onTerminal, type Tty } from "../support/binary/tty.ts";

/** A login on a terminal that waits for a paste; gives the address to paste. */
async function waiting(room: Room, args: string[] = [], options = {}): Promise<{ tty: Tty; callback: string }> {
  const tty = await onTerminal(room, ["auth", "login", "--no-browser", ...args], options);
  const [, url] = await tty.until(/^ {2}(http:\S+)\r$/m);
  const callback = await room.approve(url!);
  await tty.raw();
  return { tty, callback };
}

/** The same, to the question for the tenant. */
async function asked(room: Room, options = {}): Promise<Tty> {
  const { tty, callback } = await waiting(room, [], options);
  await tty.type(`${callback}\r`);
  await tty.until(/to navigate/);
  await tty.raw();
  return tty;
}

binaryTest(
  "a pasted address of 5,000 characters passes the terminal, unseen, and its mode comes back",
  async (room) => {
    const { tty, callback } = await waiting(room, ["--tenant", "acme"]);
    await tty.type("http://127.0.0.1:8765/callback?code=x\r");
    await tty.until(/37 characters received, not accepted: it does not belong to this login\./);
    await tty.type(`${callback}&pad=`.padEnd(5_000, "x"));
    await tty.type("\r");
    const { code, screen } = await tty.end();
    assert.equal(code, 0, screen);
    assert.match(screen, /^5000 characters received\.\r$/m);
    assert.ok(!screen.includes(new URL(callback).searchParams.get("code")!) && !screen.includes("xxx"), screen);
  },
  ["script"],
);

binaryTest("a bracketed paste is taken, and Ctrl-U takes back what was typed", async (room) => {
  const { tty, callback } = await waiting(room, ["--tenant", "acme"]);
  await tty.type(`nonsense\x15\x1b[200~${callback}\x1b[201~\r`);
  const { code, screen } = await tty.end();
  assert.equal(code, 0, screen);
}, ["script"]);

binaryTest("OA-30: Ctrl-C at the paste ends with 130, and the terminal's mode comes back", async (room) => {
  const { tty } = await waiting(room);
  await tty.type("http://127\x03");
  const { code, screen } = await tty.end();
  assert.equal(code, 130, screen);
  assert.equal(await room.errand("answers", "127.0.0.1", 8765), false);
}, ["script"]);

binaryTest("one order is shown as a table, which is loaded after the permissions are gone", async (room) => {
  const env = { AUTOCOM_TOKEN: room.platform.users.owner.pat, AUTOCOM_TENANT: "acme" };
  const tty = await onTerminal(room, ["orders", "get", "ORD-20260503-1814"], { env });
  const { code, screen } = await tty.end();
  assert.equal(code, 0, screen);
  assert.match(stripVTControlCharacters(screen), /^FIELD +VALUE\r\n─+ +─+\r\nORDER +ORD-20260503-1814\r$/m);
}, ["script"]);

binaryTest("LK-9: a token is pasted unseen", async (room) => {
  const tty = await onTerminal(room, ["auth", "login", "--token-stdin", "--tenant", "acme"]);
  await tty.until(/Paste the personal access token/);
  await tty.raw();
  const { pat } = room.platform.users.owner;
  await tty.type(`${pat}\r`);
  const { code, screen } = await tty.end();
  assert.equal(code, 0, screen);
  assert.ok(!screen.includes(pat.slice(0, 20)), screen);
}, ["script"]);

binaryTest("the tenant is chosen with the arrow keys", async (room) => {
  const tty = await asked(room);
  await tty.type("\x1b[B");
  await tty.until(/●\S* globex/);
  await tty.type("\r");
  const { code, screen } = await tty.end();
  assert.equal(code, 0, screen);
  assert.match(screen, /Owner Example <owner@example\.test>, tenant globex\./);
  const { out } = await room.run(["config", "get", "tenant"]);
  assert.equal(out, "globex\n");
}, ["script"]);

for (const [key, name] of [["\x03", "Ctrl-C"], ["\x1b", "Escape"]] as const) {
  binaryTest(`${name} at the choice of a tenant ends with 130, stores nothing and shows the cursor`, async (room) => {
    const tty = await asked(room);
    await tty.type(key);
    const { code, screen } = await tty.end();
    assert.equal(code, 130, screen);
    assert.ok(screen.lastIndexOf("\x1b[?25h") > screen.lastIndexOf("\x1b[?25l"), "the cursor stays hidden");
    assert.equal(await room.shell('find "$HOME" -name credentials'), "");
  }, ["script"]);
}

binaryTest("with NO_COLOR nothing is coloured, not even a question", async (room) => {
  const tty = await asked(room, { env: { NO_COLOR: "1" } });
  await tty.type("\r");
  const { code, screen } = await tty.end();
  assert.equal(code, 0, screen);
  const sequences = screen.split("\x1b[").slice(1);
  assert.ok(sequences.length > 0 && !sequences.some((rest) => /^[\d;]*m/.test(rest)), JSON.stringify(screen));
}, ["script"]);

const SHOWN: [columns: number, shown: RegExp][] = [
  [40, /^ORD-\d{8}-\d{4} +[\w…]+ +\d+\.\d\d$/],
  [60, /^ORD-\d{8}-\d{4} +\w+ +\d+\.\d\d +INR$/],
  [80, /^ORD-\d{8}-\d{4} +\w+ +\d+\.\d\d +INR +\S+Z$/],
  [200, /^ORD-\d{8}-\d{4} +\w+ +\d+\.\d\d +INR +\S+Z$/],
];
for (const [columns, shown] of SHOWN) {
  binaryTest(`FT-47: a table keeps to a terminal of ${columns} columns, its order numbers whole`, async (room) => {
    await room.signIn();
    const tty = await onTerminal(room, ["orders", "list", "--per-page", "5", "-q"], { columns });
    const { code, screen } = await tty.end();
    assert.equal(code, 0, screen);
    const lines = stripVTControlCharacters(screen).trimEnd().split("\r\n");
    const [head, rule, ...rows] = lines;
    assert.match(head!, /^ORDER +STATUS/);
    assert.match(rule!, /^─+( +─+)+$/);
    assert.equal(rows.length, 5, screen);
    for (const line of lines) assert.ok(line.length <= columns, `"${line}" has ${line.length} cells`);
    for (const line of rows) assert.match(line, shown, screen);
  }, ["script"]);
}

binaryTest(
  "FT-60: on a terminal statuses have colours and headings are bold; with --color never nothing has",
  async (room) => {
    await room.signIn();
    const line = ["orders", "list", "--per-page", "20", "-q"];
    const coloured = await (await onTerminal(room, line)).end();
    const [head] = coloured.screen.split("\r\n");
    assert.ok(head!.startsWith("\x1b[1mORDER"), coloured.screen);
    assert.ok(coloured.screen.includes("\x1b[2mcancelled\x1b[22m"), coloured.screen);
    const plain = await (await onTerminal(room, [...line, "--color", "never"])).end();
    assert.ok(!plain.screen.includes("\x1b["), plain.screen);
    assert.equal(stripVTControlCharacters(coloured.screen), plain.screen);
  },
  ["script"],
);
