import type { Ended } from "./running.ts";
import type { Options, Room } from "./room.ts";

/** What a program and all its children asked the system for, one call a line, as `strace` writes them. */
export interface Traced extends Ended {
  calls: string[];
}

/** Runs `autocom args` to its end under strace; `what` is its `trace=`, e.g. `execve`. Arguments are written whole. */
export async function traced(room: Room, what: string, args: string[], options: Options = {}): Promise<Traced> {
  const ended = await room.run(args, { ...options, shell: tracing(room, what) });
  return { ...ended, calls: await callsOf(room) };
}

/** The `shell` of options that traces. */
export function tracing(room: Room, what: string): string {
  return `exec strace -f --seccomp-bpf -qq -v -s 1000000 -e signal=none -e trace=${what} -o '${room.folder}/trace' "$@"`;
}

/** What was traced. */
export async function callsOf(room: Room): Promise<string[]> {
  const text = await Deno.readTextFile(`${room.folder}/trace`);
  return text.trimEnd().split("\n").map((line) => line.replace(/^\d+\s+/, ""));
}

/** The file that a call names; undefined where it names none. */
export function pathOf(call: string): string | undefined {
  return /^(?!chdir|getcwd)\w+\((?:AT_FDCWD, )?"([^"]+)"/.exec(call)?.[1];
}
