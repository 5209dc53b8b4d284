/**
 * The two streams that are written to.
 *
 * @module
 */

import { AppError, isSystemError } from "../errors.ts";
import { askedBefore } from "./inherited.ts";
import type { Output } from "./mod.ts";

type Stream = typeof Deno.stdout;

/** The longest write to a pipe that is carried out as a whole or not at all (`PIPE_BUF`). */
const ATOMIC = Deno.build.os === "linux" ? 4_096 : 512;

/** The runtime's buffer of a line that is not yet complete. */
const LINE_BUFFER = 1_024;

const [NEWLINE, LONGEST_WAIT] = [10, 64];

export function stdout(): Output {
  const refused = isReadOnly() ? "it is open for reading only" : undefined;
  const waits = canWait();
  return output(Deno.stdout, refused, async (text) => {
    for (let rest = text; rest.length > 0;) {
      const written = waits
        ? await writePiece(piece(rest, askedBefore()?.nonblocking ?? false))
        : Deno.stdout.writeSync(rest);
      rest = rest.subarray(written);
    }
  });
}

export function stderr(): Output {
  const made = output(Deno.stderr, undefined, async (text) => {
    for (let rest = text; rest.length > 0;) rest = rest.subarray(await patient(() => Deno.stderr.write(rest)));
  });
  return Object.assign(made, { isOurs: () => askedBefore()?.isOurs?.() });
}

/** `refused`: why nothing can be written at all. */
function output(stream: Stream, refused: string | undefined, write: (text: Uint8Array) => Promise<void>) {
  const encoder = new TextEncoder();
  const fails = (why: string) => new AppError("failure", `cannot write the output: ${why}`);
  const made = {
    isTerminal: stream.isTerminal(),
    begun: false,
    columns() {
      try {
        return Deno.consoleSize().columns || 80;
      } catch {
        return 80;
      }
    },
    async write(data: string | Uint8Array) {
      made.begun = true;
      if (refused && data.length > 0) throw fails(refused);
      try {
        await write(typeof data === "string" ? encoder.encode(data) : data);
      } catch (error) {
        // A socket that was reset has no reader either.
        if (["BrokenPipe", "ConnectionReset"].some((name) => isSystemError(error, name))) {
          throw new AppError("pipe-closed", "the reader of the output went away");
        }
        throw fails((error as Error).message.replace(/ \(os error \d+\)$/, ""));
      }
    },
  };
  return made;
}

/** `1</etc/passwd`: the runtime takes the system's refusal for success. How a descriptor is open shows on Linux only. */
function isReadOnly(): boolean {
  try {
    return Deno.build.os === "linux" && (Deno.lstatSync("/proc/self/fd/1").mode! & 0o200) === 0;
  } catch {
    return false;
  }
}

/**
 * Whether stdout may have to wait for a reader. A file, or a device that is no terminal, takes all at once: there a write
 * is not handed to another thread, which costs as much as to make what is written.
 */
function canWait(): boolean {
  try {
    const { isFile, isCharDevice } = Deno.statSync("/proc/self/fd/1");
    return !isFile && (!isCharDevice || Deno.stdout.isTerminal());
  } catch {
    return true;
  }
}

/**
 * What is written at once. The runtime's stdout has a buffer, and a write that would block says nothing of how much it
 * took. So that this is known, a piece is one that a pipe takes whole, up to the end of a line; where stdout does not
 * block, what follows the last line's end and fits into the buffer, or a line's end alone.
 */
function piece(rest: Uint8Array, nonblocking: boolean): Uint8Array {
  if (nonblocking) {
    const end = rest.indexOf(NEWLINE);
    const line = end < 0 ? rest.length : Math.max(end, 1);
    return rest.subarray(0, Math.min(line, LINE_BUFFER - 1));
  }
  const whole = rest.subarray(0, ATOMIC);
  return whole.subarray(0, whole.lastIndexOf(NEWLINE) + 1 || whole.length);
}

/** Returns how much of it was written. */
async function writePiece(part: Uint8Array): Promise<number> {
  if (part.length >= LINE_BUFFER || part.includes(NEWLINE)) return await patient(() => Deno.stdout.write(part));
  // It is in the buffer, whatever happens: after a refusal only the buffer is written on.
  let next = part;
  await patient(() => {
    const now = next;
    next = part.subarray(0, 0);
    return Deno.stdout.write(now);
  });
  return part.length;
}

/** A stream that does not block (some set up by others are so) is waited for. */
async function patient(write: () => Promise<number>): Promise<number> {
  for (let wait = 1;; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    try {
      return await write();
    } catch (error) {
      if (!isSystemError(error, "WouldBlock")) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
