/**
 * Logins, good and bad, and what the person does in each.
 *
 * @module
 */

import type { Room } from "./room.ts";
import type { Running } from "./running.ts";
import type { Stage } from "./stage.ts";

export interface Login {
  how: string;
  args?: string[];
  env?: Record<string, string>;
  keyring?: true;
  /** The program's own arguments hold a secret, as documented. */
  argv?: true;
  exit: number;
  /** What the person does. */
  act?(
    at: { login: Running; room: Room; stage: Stage; open(decision?: "approve" | "deny"): Promise<URL> },
  ): Promise<void>;
}

const DESKTOP = { DISPLAY: ":0" };
const PROGRAM = ["--no-browser", "-o", "json"];
const follow = async (room: Room, url: URL) => void await room.fetch(new Request(url));

export const LOGINS: Login[] = [
  {
    how: "by the browser",
    env: DESKTOP,
    exit: 0,
    async act({ room, open }) {
      await room.opened();
      await follow(room, await open());
    },
  },
  {
    how: "by the browser, into the keyring",
    env: DESKTOP,
    keyring: true,
    exit: 0,
    async act({ room, open }) {
      await room.opened();
      await follow(room, await open());
    },
  },
  { how: "by a program", args: PROGRAM, exit: 0, act: async ({ room, open }) => await follow(room, await open()) },
  {
    how: "by a pasted address",
    args: PROGRAM,
    exit: 0,
    act: async ({ login, open }) => await login.type(`${await open()}\n`),
  },
  {
    how: "by a pasted address with another state",
    args: ["--no-browser"],
    exit: 4,
    async act({ login, open }) {
      const url = await open();
      url.searchParams.set("state", `${url.searchParams.get("state")}x`);
      await login.type(`${url}\n`);
    },
  },
  {
    how: "that is denied",
    args: PROGRAM,
    exit: 4,
    act: async ({ room, open }) => await follow(room, await open("deny")),
  },
  {
    how: "whose code the server refuses",
    args: PROGRAM,
    exit: 4,
    async act({ room, open }) {
      const url = await open();
      url.searchParams.set("code", `${url.searchParams.get("code")}x`);
      await follow(room, url);
    },
  },
  {
    how: "whose code is sent to a server under maintenance",
    args: PROGRAM,
    exit: 11,
    async act({ room, stage, open }) {
      const url = await open();
      await stage.call("set", { maintenance: "redirect" });
      await follow(room, url);
    },
  },
  {
    how: "that is interrupted",
    args: ["--no-browser"],
    exit: 130,
    async act({ login, room, open }) {
      const url = await open();
      url.searchParams.set("state", "wrong");
      await follow(room, url); // answered, and ignored
      const strace = login.pid;
      const [child] = (await Deno.readTextFile(`/proc/${strace}/task/${strace}/children`)).split(" ");
      Deno.kill(Number(child), "SIGINT");
      await login.ended; // stdin stays open: its end may be heard before the signal
    },
  },
  {
    how: "that takes too long",
    args: ["--no-browser", "--login-timeout", "0.2"],
    exit: 4,
    act: async ({ login }) => void await login.ended, // stdin stays open: at its end nobody could paste any more
  },
  { how: "with a token as an argument", args: ["--with-token", "PAT"], argv: true, exit: 0 },
  { how: "with a token after a flag that does not exist", args: ["--token=PAT"], argv: true, exit: 2 },
  { how: "with a token after a word too many", args: ["PAT"], argv: true, exit: 2 },
  {
    how: "with a token on stdin",
    args: ["--token-stdin"],
    exit: 0,
    act: async ({ login, stage }) => await login.type(`${stage.platform.users.owner.pat}\n`),
  },
  {
    how: "with a token on stdin that is cut in two",
    args: ["--token-stdin"],
    exit: 2,
    act: async ({ login, stage }) => await login.type(stage.platform.users.owner.pat.replace(".", ".\n")),
  },
  {
    how: "with a token on stdin that is unknown",
    args: ["--token-stdin"],
    exit: 4,
    act: async ({ login, stage }) => await login.type(`${stage.platform.users.owner.pat}x`),
  },
];
