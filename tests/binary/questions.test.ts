/** Every question to a person, and everything that can happen to it: the terminal is real. */
import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";
import { onTerminal, type Screen, type Tty } from "../support/binary/tty.ts";

const ORDER = "ORD-20260503-1814";

interface Question {
  name: string;
  /** What it looks like. */
  shown: RegExp;
  /** Once, before anything is asked. */
  before?(room: Room): Promise<void>;
  /** To the moment before it appears; `ahead` is typed by then. */
  open(room: Room, screen: Screen, ahead?: string): Promise<Tty>;
  /** What says yes, when it is typed after the question appeared. */
  yes: (room: Room) => string;
  /** How Enter alone ends it; without it the question stays. */
  enter?: { code: number; says: RegExp };
  /** It asks for a paste. */
  pastes?: true;
}

const QUESTIONS: Question[] = [
  {
    name: "yes or no",
    shown: /Change order ORD-\S+ \[y\/N\]/,
    async open(room, screen, ahead = "") {
      const env = { AUTOCOM_TOKEN: room.platform.users.owner.pat, AUTOCOM_TENANT: "acme", ...screen.env };
      const tty = await onTerminal(room, ["orders", "cancel", ORDER], { ...screen, env });
      await tty.type(ahead);
      return tty;
    },
    yes: () => "y\r",
    enter: { code: 1, says: /was not changed: you said no/ },
  },
  {
    name: "which tenant",
    shown: /Which tenant do you want to work in\?/,
    open: (room, screen, ahead = "") => pasted(room, [], screen, ahead),
    yes: () => "\r",
    enter: { code: 0, says: /tenant acme\./ },
  },
  {
    name: "replace the session",
    shown: /agent@example\.test is logged in [^]*Replace the session\S+ Type yes/,
    before: (room) => room.signIn("agent"),
    open: (room, screen, ahead = "") => pasted(room, ["--tenant", "acme"], screen, ahead),
    yes: () => "yes\r",
    enter: { code: 2, says: /error: not logged in: agent@example\.test is logged in/ },
  },
  {
    name: "the redirected address",
    shown: /Waiting for your approval/,
    async open(room, screen, ahead = "") {
      const tty = await onTerminal(room, ["auth", "login", "--no-browser", "--tenant", "acme"], screen);
      await tty.type(ahead);
      return tty;
    },
    yes: () => "http://127.0.0.1:8765/callback?code=x\r",
    pastes: true,
  },
  {
    name: "the token",
    shown: /Paste the personal access token/,
    async open(room, screen, ahead = "") {
      const tty = await onTerminal(room, ["auth", "login", "--token-stdin", "--tenant", "acme"], screen);
      await tty.type(ahead);
      return tty;
    },
    yes: (room) => `${room.platform.users.owner.pat}\r`,
    pastes: true,
  },
  {
    name: "the browser's answer",
    shown: /Waiting for your approval/,
    async open(room, screen, ahead = "") {
      const env = { DISPLAY: ":0", ...screen.env };
      const tty = await onTerminal(room, ["auth", "login", "--tenant", "acme"], { ...screen, env });
      await tty.type(ahead);
      return tty;
    },
    yes: () => "http://127.0.0.1:8765/callback?code=x\r",
    pastes: true,
  },
];

/** A login whose redirected address was pasted, and right after it `ahead`. */
async function pasted(room: Room, args: string[], screen: Screen, ahead: string): Promise<Tty> {
  const tty = await onTerminal(room, ["auth", "login", "--no-browser", ...args], screen);
  const [, url] = await tty.until(/^ {2}(http:\S+)\r$/m);
  const callback = await room.approve(url!);
  await tty.type(`${callback}\r${ahead}`);
  return tty;
}

/** What a question could change: the order, the session and the settings on this machine, tokens at the server. */
async function state(room: Room): Promise<unknown> {
  const env = { AUTOCOM_TOKEN: room.platform.users.owner.pat, AUTOCOM_TENANT: "acme" };
  const { out } = await room.run(["orders", "get", ORDER, "-o", "json"], { env });
  const files = await room.shell(
    'find "$HOME/.autocom" -type f ! -name "*.lock" -exec sha256sum {} + 2>/dev/null || true',
  );
  return [JSON.parse(out).status, files, await room.errand("alive")];
}

/** It is there, and the terminal is in raw mode. */
async function appeared(tty: Tty, { shown }: Question): Promise<void> {
  await tty.until(shown);
  await tty.raw();
}

async function ends(tty: Tty, code: number, says: RegExp, about: string): Promise<string> {
  const ended = await tty.end();
  assert.equal(ended.code, code, `${about}\n${ended.screen}`);
  assert.match(stripVTControlCharacters(ended.screen), says, about);
  const pasteMode = ended.screen.split("\x1b[?2004").slice(1);
  assert.ok(pasteMode.length === 0 || pasteMode.at(-1)!.startsWith("l"), about);
  return ended.screen;
}

/** What happens at a question, and how it goes on. */
const EVENTS: [name: string, happens: (room: Room, question: Question) => Promise<void>][] = [
  ["Ctrl-C", async (room, question) => {
    const tty = await question.open(room, {});
    await appeared(tty, question);
    await tty.type("\x03");
    await ends(tty, 130, /error: interrupted\r\n$/, "Ctrl-C");
  }],
  ["Ctrl-D", async (room, question) => {
    const tty = await question.open(room, {});
    await appeared(tty, question);
    await tty.type("\x04");
    await ends(tty, 130, /error: cancelled\r\n$/, "Ctrl-D");
  }],
  ["Ctrl-\\", async (room, question) => {
    const tty = await question.open(room, {});
    await appeared(tty, question);
    await tty.type("\x1c");
    await ends(tty, 130, /error: interrupted\r\n$/, "Ctrl-\\");
  }],
  ["Ctrl-Z and fg", async (room, question) => {
    const tty = await question.open(room, { jobs: true });
    await appeared(tty, question);
    await tty.type("\x1a");
    await tty.until(/stopped\r\n/);
    const again = question.pastes ? /Still waiting|Paste the personal/ : question.shown;
    await tty.until(new RegExp(`stopped\\r\\n[^]*(${again.source})`));
    await tty.raw();
    await tty.type("unseen\x15");
    await tty.type("\x03");
    const screen = await ends(tty, 130, /error: interrupted\r\n$/, "fg");
    if (question.pastes) assert.ok(!screen.includes("unseen"), screen);
  }],
  ["kill -STOP and -CONT, with the mode of a shell between", async (room, question) => {
    const tty = await question.open(room, {});
    await appeared(tty, question);
    // The one of this room: others run the same program at the same time.
    const own = `grep -lz -- '^HOME=${room.home}$' /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3`;
    const program = `tr '\\0' '\\n' </proc/$p/cmdline 2>/dev/null | head -n 1 | grep -qx -- '${room.binary}'`;
    // An opener of its own is the same program, too, until it becomes another.
    const alone = `until set -- $(for p in $(${own}); do ${program} && echo $p; done); [ $# = 1 ]; do :; done`;
    await room.shell(`${alone}; pid=$1; kill -STOP $pid; stty -F '${tty.device}' icanon echo; kill -CONT $pid`);
    await tty.raw();
    await tty.type("\x03");
    await ends(tty, 130, /error: interrupted\r\n$/, "CONT");
  }],
  ["a closed terminal", async (room, question) => {
    const tty = await question.open(room, {});
    await appeared(tty, question);
    assert.equal(await tty.close(), 129, "closed");
  }],
  ["a closed terminal while SIGHUP is ignored", async (room, question) => {
    const tty = await question.open(room, { nohup: true });
    await appeared(tty, question);
    assert.equal(await tty.close(), 129, "closed, nohup");
  }],
  ["FT-3: keys typed ahead", async (room, question) => {
    const tty = await question.open(room, {}, question.yes(room));
    await appeared(tty, question);
    await tty.type("\x03");
    const screen = await ends(tty, 130, /error: interrupted\r\n$/, "typed ahead");
    // The address before it is what the login was for.
    const received = screen.split("characters received").length - 1;
    assert.equal(received, question.pastes || question.name === "yes or no" ? 0 : 1, screen);
  }],
  ...["\x1b[200~@\x1b[201~", "@"].map((form): typeof EVENTS[number] => [
    `FT-3: a paste of 2,000 characters ${form === "@" ? "without marks" : "in brackets"}`,
    async (room, question) => {
      const tty = await question.open(room, {});
      await appeared(tty, question);
      const text = question.pastes
        ? `${"é \x1b[31m".padEnd(1_998, "x")}\r`
        : question.yes(room).repeat(2_000).slice(0, 2_000);
      await tty.type(form.replace("@", text));
      if (question.name === "the token") {
        await ends(tty, 2, /characters received[^]*error: what stdin holds is not a token/, form);
        return;
      }
      if (question.pastes) await tty.until(/characters received, not accepted/);
      await tty.type("\x03");
      const screen = await ends(tty, 130, /error: interrupted\r\n$/, form);
      assert.ok(!/xxx|(yes){2}|y{2}/.test(screen.slice(screen.search(question.shown))), screen);
    },
  ]),
  ["Enter alone", async (room, question) => {
    const tty = await question.open(room, {});
    await appeared(tty, question);
    await tty.type("\r");
    if (!question.enter) await tty.type("\r\x03");
    const { code, says } = question.enter ?? { code: 130, says: /error: interrupted\r\n$/ };
    await ends(tty, code, says, "Enter");
  }],
  ["TERM=dumb", async (room, question) => {
    const tty = await question.open(room, { env: { TERM: "dumb" } });
    await appeared(tty, question);
    await tty.type("\x03");
    const screen = await ends(tty, 130, /error: interrupted\r\n$/, "dumb");
    assert.ok(!screen.includes("\x1b"), JSON.stringify(screen));
  }],
];

for (const question of QUESTIONS) {
  for (const [name, happens] of EVENTS) {
    const works = name === "Enter alone" && question.enter?.code === 0; // it is an answer there
    const id = name.startsWith("FT-")
      ? ""
      : /Ctrl-Z|STOP|\\/.test(name)
      ? "FT-14: "
      : /Ctrl-D|closed/.test(name)
      ? "FT-4: "
      : "";
    binaryTest(`${id}${name} at the question "${question.name}"`, async (room) => {
      await question.before?.(room);
      const before = await state(room);
      await happens(room, question);
      if (!works) assert.deepEqual(await state(room), before, "what is on this machine and at the server");
    }, ["script"]);
  }
}
