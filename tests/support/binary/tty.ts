/**
 * The compiled program on a terminal of its own: `script` gives one.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Ended, Running } from "./running.ts";
import type { Options, Room } from "./room.ts";

/** A session on a terminal: the mode, the program, its exit code, the mode again. */
const SESSION = `trap : INT; tty; stty cols "$COLS" rows 24; stty -g; "$@"; echo "exit $?"; stty -g`;

export class Tty {
  constructor(private readonly room: Room, readonly running: Running, readonly device: string) {}

  /** Waits until it is shown. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    return await this.running.until("out", pattern);
  }

  async type(keys: string): Promise<void> {
    await this.running.type(keys);
  }

  /** Waits until keys are read one by one, without echo. */
  async raw(): Promise<void> {
    await this.room.shell(`until stty -F ${this.device} -a | grep -q -- "-icanon.* -echo "; do :; done`);
  }

  /** Waits for the end; holds the terminal to the mode that it had before. */
  async end(): Promise<{ code: number; screen: string }> {
    const { out }: Ended = await this.running.ended;
    const [, before, screen, code, after] = /^\S+\r\n(.*)\r\n([^]*)exit (\d+)\r\n(.*)\r\n$/.exec(out) ?? [];
    assert.ok(after, out);
    assert.equal(after, before, "the terminal's mode after the program");
    return { code: Number(code), screen: screen! };
  }
}

/** Starts `autocom args` on a terminal of that width. */
export async function onTerminal(
  room: Room,
  args: string[],
  { columns = 80, env = {}, program = room.binary }: Pick<Options, "env"> & { columns?: number; program?: string } = {},
): Promise<Tty> {
  const words = ["sh", "-c", SESSION, "sh", program, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const running = room.program(["script", "-qefc", `exec ${words.join(" ")}`, "/dev/null"], {
    env: { TERM: "xterm-256color", SHELL: "/bin/sh", COLS: `${columns}`, ...env },
  });
  return new Tty(room, running, (await running.line()).trim());
}
