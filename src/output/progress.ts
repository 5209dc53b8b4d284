/**
 * One line on the terminal that says how far something is. Loaded when it may be shown.
 *
 * @module
 */

import type { System } from "../system/mod.ts";
import { grouped } from "./amounts.ts";
import { type Format, isMachine } from "./format.ts";
import type { Waiting } from "./patience.ts";
import { turns } from "./turn.ts";

/** Milliseconds until it is shown, and between two of its states. */
const [PATIENCE, PACE] = [1_000, 200];

/** From where the cursor stands, which is where the line begins: all of it, however many lines a narrower window made. */
const CLEAR = "\r\x1b[J";

/** What is under way, on which screen. */
export interface UnderWay {
  system: Pick<System, "io" | "clock" | "env" | "host" | "files" | "signals">;
  globals: { quiet: boolean; debug: boolean };
  format: Format;
  /** Takes the line away when it aborts. */
  signal: AbortSignal;
  /** Begins the line: `Exporting orders`. */
  what: string;
  /** What is counted: `orders`, `pages`; `bytes` are told in MB; of `seconds` the line itself knows how many. */
  unit: string;
  /** It writes to stdout meanwhile. */
  writes: boolean;
  /** When it began, where it took its second already. Such a line gives way to one that counts. */
  since?: number;
}

export interface Progress {
  /** Begins to count the time. */
  begin(): void;
  /** So many of so many, where that is known; `bytes`: what they take. */
  tell(done: number, of?: number, bytes?: number): void;
  /** Takes the line away for good. */
  end(): Promise<void>;
}

/**
 * The line, once it took a second; undefined where nobody can see it: no terminal, or one that cannot move its cursor,
 * `--quiet`, a machine's format, between the lines of `--debug`, and where rows may come to the same screen. To know that
 * it has to be asked for before the permission to read is given up. Nothing is drawn while this is a job in the background:
 * the terminal is somebody else's then.
 *
 * The cursor waits at its beginning, seen as ever: so whatever the size of the window became it is taken away whole, and
 * a run that is killed leaves the terminal as it was.
 */
export async function progress(under: UnderWay): Promise<Progress | undefined> {
  const { system: { io: { stderr }, signals, clock, env, host }, globals, signal, writes, since } = under;
  const canMove = env.TERM === undefined ? host.os === "windows" : env.TERM !== "dumb";
  if (!stderr.isTerminal || !canMove || globals.quiet || globals.debug || isMachine(under.format)) return undefined;
  if (writes && await isSeen(under.system)) return undefined;
  const over = new AbortController();
  const turn = turns(stderr, signals);
  let state: State = { done: 0 };
  let begun = 0, drawn = false;
  /** What is on its way to the terminal: a stopped one (Ctrl-S) gets no more. */
  let writing: Promise<void> | undefined;
  const write = (text: string) => stderr.write(text).catch(() => {}); // it may have gone away
  const draw = () => {
    if (writing || since !== undefined && LINES[0] !== over) return;
    if (!(drawn = turn.isOurs())) return;
    const text = line(under, state, clock.now() - begun, stderr.columns() - 1);
    writing = write(`${CLEAR}${text}\r`).finally(() => writing = undefined);
  };
  const keep = async () => {
    for (let wait = since === undefined ? PATIENCE : 0;; wait = PACE) {
      await clock.sleep(wait, over.signal);
      draw();
    }
  };
  const end = async () => {
    if (LINES.includes(over)) LINES.splice(LINES.indexOf(over), 1);
    signal.removeEventListener("abort", end);
    turn.end();
    over.abort("over");
    await writing;
    const seen = drawn && turn.isOurs();
    drawn = false;
    if (seen) await write(CLEAR);
  };
  return {
    begin() {
      begun = since ?? clock.now();
      if (since === undefined) LINES.unshift(over);
      else LINES.push(over);
      signal.addEventListener("abort", end);
      turn.begin();
      keep().catch(() => {}); // it is over
    },
    tell: (done, of, bytes) => state = { done, of, bytes },
    end,
  };
}

/** Says what is waited for, and how long, `passed` ms of it already; undefined where that cannot be seen. */
export async function waited(to: Waiting, host: string, passed: number): Promise<Progress | undefined> {
  const { system, globals, signal } = to; // not all of it: a run opens what is asked of it
  const since = system.clock.now() - passed;
  const { format } = await to.destination(true);
  const line = await progress({
    system,
    globals,
    signal,
    format,
    what: `Waiting for ${host}`,
    unit: "seconds",
    writes: false,
    since,
  });
  line?.begin();
  return line;
}

/** The lines that there are, at the one terminal that there is: those that count first, of the others one is shown. */
const LINES: object[] = [];

/** Whether what is written to stdout may come to the same screen: it is the terminal, or goes to a program. */
async function isSeen({ io, files }: Pick<System, "io" | "files">): Promise<boolean> {
  if (io.stdout.isTerminal) return true;
  try {
    const { isFifo, isSocket } = await files.stat("/dev/fd/1");
    return isFifo === true || isSocket === true;
  } catch {
    return true; // nobody knows
  }
}

interface State {
  done: number;
  of?: number | undefined;
  bytes?: number | undefined;
}

/** `Waiting for api.example.test: 3 s`, or as much as there is room for. */
function seconds(what: string, elapsed: number, room: number): string {
  const passed = `${Math.floor(elapsed / 1_000)} s`;
  const short = what.split(" (")[0];
  return [`${what}: ${passed}`, `${short}: ${passed}`, passed].find(({ length }) => length <= room) ?? "";
}

/** `Exporting orders: 12,300 of 100,000 rows (12 %), 4.1 MB, 4,100 rows/s, 21 s left`; less of it in a narrow window. */
function line({ what, unit }: UnderWay, { done, of, bytes }: State, elapsed: number, room: number): string {
  if (unit === "seconds") return seconds(what, elapsed, room);
  const isBytes = unit === "bytes";
  const total = of !== undefined && of >= done && of > 0 ? of : undefined;
  const share = total ? ` (${Math.floor(done / total * 100)} %)` : "";
  const counted = isBytes
    ? `${mega(done)}${total ? ` of ${mega(total)}` : ""} MB`
    : `${grouped(done)}${total ? ` of ${grouped(total)}` : ""} ${unit}`;
  const rate = done / Math.max(1, elapsed) * 1_000;
  const speed = isBytes ? `${mega(rate)} MB/s` : `${rate < 10 ? rate.toFixed(1) : grouped(Math.round(rate))} ${unit}/s`;
  const parts = [
    `${what}: ${counted}${`${what}: ${counted}${share}`.length <= room ? share : ""}`,
    ...bytes ? [size(bytes)] : [],
    ...done > 0 ? [speed] : [],
    ...done > 0 && total ? [`${duration((total - done) / rate)} left`] : [],
  ];
  while (parts.length > 1 && parts.join(", ").length > room) parts.pop();
  // Never half a number: it reads as another one.
  const shorter = [parts.join(", "), `${what}: ${isBytes ? mega(done) : grouped(done)}`];
  return shorter.find(({ length }) => length <= room) ?? what.slice(0, Math.max(0, room));
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** `21 s`, `4 min`, `2 h 5 min` */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 100) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `312 bytes`, `56 KB`, `12.3 MB` */
export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} byte${bytes === 1 ? "" : "s"}`;
  return bytes < 999_500 ? `${Math.round(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
