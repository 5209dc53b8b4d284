/**
 * The compiled program on a terminal of its own: `script` gives one.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Ended, Running } from "./running.ts";
import type { Options, Room } from "./room.ts";

/**
 * A session on a terminal: the mode, the program, its exit code (in the file that CODE names, too: the terminal may be
 * gone), the mode again. With JOBS it is a job: after Ctrl-Z the terminal is as it was before, as shells leave it, and the
 * job goes on in the foreground.
 */
const SESSION =
  `trap : INT QUIT; trap "$HUP" HUP; tty; stty cols "$COLS" rows "$ROWS"; before=$(stty -g); echo "$before"
  [ -z "$JOBS" ] || set -m
  "$@"; code=$?
  while [ $code = 148 ]; do stty "$before"; echo stopped; fg >/dev/null; code=$?; done
  echo "$code" >"$CODE"; echo "exit $code"; stty -g`;

let sessions = 0;

export class Tty {
  constructor(
    private readonly room: Room,
    readonly running: Running,
    readonly device: string,
    private readonly code: string,
  ) {}

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

  /** Takes the terminal away, as when its window is closed; gives the exit code of the program. */
  async close(): Promise<number> {
    this.running.signal("SIGKILL");
    return Number(await this.room.shell(`until [ -s '${this.code}' ]; do :; done; cat '${this.code}'`));
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

export interface Screen extends Pick<Options, "env"> {
  columns?: number;
  rows?: number;
  program?: string;
  /** In a shell with job control. */
  jobs?: boolean;
  /** SIGHUP is ignored, as after `nohup`. */
  nohup?: boolean;
}

/** Starts `autocom args` on a terminal of that size. */
export async function onTerminal(
  room: Room,
  args: string[],
  { columns = 80, rows = 24, env = {}, program = room.binary, jobs, nohup }: Screen = {},
): Promise<Tty> {
  const code = `${room.folder}/code-${++sessions}`;
  const words = ["sh", "-c", SESSION, "sh", program, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const running = room.program(["script", "-qefc", `exec ${words.join(" ")}`, "/dev/null"], {
    env: {
      TERM: "xterm-256color",
      SHELL: "/bin/sh",
      COLS: `${columns}`,
      ROWS: `${rows}`,
      CODE: code,
      JOBS: jobs ? "1" : "",
      HUP: nohup ? "" : ":",
      AUTOCOM_NO_UPGRADE_CHECK: "1", // binary/version_check.test.ts is about it
      ...env,
    },
  });
  const device = (await running.line()).trim();
  await running.line(); // what is typed from here on is shown behind it
  return new Tty(room, running, device, code);
}
