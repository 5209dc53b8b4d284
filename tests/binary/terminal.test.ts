import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";
import { onTerminal, type Screen, type Tty } from "../support/binary/tty.ts";

/** A login on a terminal that waits for a paste; gives the address to paste. */
async function waiting(room: Room, args: string[] = [], options = {}): Promise<{ tty: Tty; callback: string }> {
  const tty = await onTerminal(room, ["auth", "login", "--no-browser", ...args], options);
  const [, url] = await tty.until(/^ {2}(http:\S+)\r$/m);
  const callback = await room.approve(url!);
  return { tty, callback };
}

/** The same, to the question for the tenant. */
async function asked(room: Room, options: Screen = {}, args: string[] = [], shown = /to choose/): Promise<Tty> {
  const { tty, callback } = await waiting(room, args, options);
  await tty.type(`${callback}\r`);
  await tty.until(shown);
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

binaryTest("FT-15: at a terminal the address can be pasted though a browser was opened, unseen", async (room) => {
  const tty = await onTerminal(room, ["auth", "login", "--tenant", "acme"], { env: { DISPLAY: ":0" } });
  const [, url] = await tty.until(/^ {2}(http:\S+)\r$/m);
  const callback = await room.approve(url!);
  await tty.until(/Waiting for your approval/);
  await tty.type(`${callback}\r`);
  const { code, screen } = await tty.end();
  assert.equal(code, 0, screen);
  assert.ok(!screen.includes(new URL(callback).searchParams.get("code")!), screen);
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
  await tty.until(/❯ globex/);
  await tty.type("\r");
  const { code, screen } = await tty.end();
  assert.equal(code, 0, screen);
  assert.match(screen, /Owner Example <owner@example\.test>, tenant globex\./);
  const { out } = await room.run(["config", "get", "tenant"]);
  assert.equal(out, "globex\n");
}, ["script"]);

for (const [key, name] of [["\x03", "Ctrl-C"], ["\x1b", "Escape"]] as const) {
  binaryTest(
    `${name} at the choice of a tenant ends with 130, stores nothing and leaves the terminal as it was`,
    async (room) => {
      const tty = await asked(room);
      await tty.type(key);
      const { code, screen } = await tty.end();
      assert.equal(code, 130, screen);
      assert.ok(!screen.includes("\x1b[?25l"), "the cursor is hidden");
      assert.ok(screen.lastIndexOf("\x1b[?7h") > screen.lastIndexOf("\x1b[?7l"), "lines are cut still");
      assert.equal(await room.shell('find "$HOME" -name credentials'), "");
    },
    ["script"],
  );
}

for (
  const [about, colour, args, env] of [
    ["NO_COLOR", false, [], { NO_COLOR: "1" }],
    ["--color never", false, ["--color", "never"], {}],
    ["FORCE_COLOR=0", false, [], { FORCE_COLOR: "0" }],
    ["no setting", true, [], {}],
    ["--color always", true, ["--color", "always"], { NO_COLOR: "1" }],
  ] as [string, boolean, string[], Record<string, string>][]
) {
  binaryTest(`FT-48: with ${about} a question is ${colour ? "" : "not "}coloured`, async (room) => {
    const tty = await asked(room, { env }, args);
    await tty.type("\r");
    const { code, screen } = await tty.end();
    assert.equal(code, 0, screen);
    const question = screen.slice(screen.indexOf("characters received"), screen.lastIndexOf("to choose"));
    const sequences = question.split("\x1b[").slice(1);
    assert.equal(sequences.some((rest) => /^[\d;]*m/.test(rest)), colour, JSON.stringify(question));
  }, ["script"]);
}

binaryTest("FT-48: on a terminal of five lines the marked tenant is always shown", async (room) => {
  const tty = await asked(room, { rows: 5, env: { NO_COLOR: "1" } });
  await tty.until(/❯ acme[^]*1 of 3/);
  await tty.type("\x1b[B\x1b[B");
  await tty.until(/❯ initech[^]*3 of 3/);
  await tty.type("\x1b[A\r");
  const { code, screen } = await tty.end();
  assert.equal(code, 0, screen);
  assert.match(screen, /tenant globex\./);
}, ["script"]);

binaryTest("FT-48: in a window of 20 columns each line of the question ends with … where it is cut", async (room) => {
  const tty = await asked(
    room,
    { columns: 20, env: { NO_COLOR: "1" } },
    [],
    /Which tenant do yo…\s+❯ acme {2}.*…\s[^]*↑ ↓ to move, Enter…/,
  );
  await tty.type("\r");
  const { code, screen } = await tty.end();
  assert.equal(code, 0, screen);
}, ["script"]);

binaryTest("FT-48: where a cursor cannot be moved a tenant is chosen by its number or its name", async (room) => {
  for (
    const [answers, tenant] of [["7\r", "2\r", "globex"], ["g\r", "acme\r", "acme"]].map((
      a,
    ) => [a.slice(0, -1), a.at(-1)!]) as [string[], string][]
  ) {
    const tty = await asked(room, { env: { TERM: "dumb" } }, [], /Type a number from 1 to 3/);
    for (const answer of answers) {
      await tty.type(answer);
      if (answer !== answers.at(-1)) await tty.until(/That is not one of them/);
    }
    const { code, screen } = await tty.end();
    assert.equal(code, 0, screen);
    assert.match(screen, new RegExp(`tenant ${tenant}\\.`));
    assert.ok(!screen.includes("\x1b"), JSON.stringify(screen));
    await room.run(["auth", "logout"]);
    await room.run(["config", "unset", "tenant"]);
  }
}, ["script"]);

binaryTest("FT-3: single letters choose nothing in a list", async (room) => {
  const tty = await asked(room, { env: { NO_COLOR: "1" } });
  await tty.type("jjl k2y");
  await tty.type("\r");
  const { code, screen } = await tty.end();
  assert.equal(code, 0, screen);
  assert.match(screen, /tenant acme\./);
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

for (const background of [false, true]) {
  binaryTest(
    `WP-95: what is waited for is ${background ? "not drawn by a job in the background" : "drawn in the foreground"}`,
    async (room) => {
      await room.errand("latency", 60_000);
      const env = { AUTOCOM_TOKEN: room.platform.users.owner.pat, AUTOCOM_TENANT: "acme" };
      const words = ["-c", `set -m; "$0" "$@" ${background ? "& wait" : ""}`, room.binary];
      const tty = await onTerminal(room, [...words, "orders", "list", "--timeout", "3"], { env, program: "sh" });
      const { screen } = await tty.end();
      assert.match(screen, /did not answer within 3 s/);
      assert.equal(/Waiting for/.test(screen), !background, screen);
    },
    ["script"],
  );
}
