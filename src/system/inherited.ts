/**
 * What the process got from the one that started it and Deno does not tell: asked of libc, once, at the start. On Linux
 * alone: `ffi` is not granted on macOS, and there is nothing of the kind on Windows.
 *
 * @module
 */

/** The signals that were ignored (`nohup`, a job in the background of a script), and whether stdout is non-blocking. */
export interface Inherited {
  ignored: readonly string[];
  nonblocking: boolean;
  /** Whether it has the terminal on stderr, now. */
  isOurs?(): boolean;
}

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 };
const [IGNORED, F_GETFL, O_NONBLOCK] = [1n, 3, 0o4000];
const INT = { struct: ["i32"] } as const;
const OF = { parameters: [INT], result: "i32" } as const;

let known: Inherited | undefined;

/** Costs 0.25 ms, the first time; it must be before the permission for that is given up. */
export function inherited(): Inherited {
  return known ??= ask();
}

/** What is known already. */
export function askedBefore(): Inherited | undefined {
  return known;
}

function ask(): Inherited {
  const nothing = { ignored: [], nonblocking: false };
  if (Deno.build.os !== "linux") return nothing;
  try {
    // A number that travels as a struct of one: in the same register, on both machines that have this libc, and without
    // the trampoline of 0.25 ms that the runtime makes for each function whose parameters are all plain.
    const { symbols } = Deno.dlopen("libc.so.6", {
      sigaction: { parameters: [INT, "pointer", "buffer"], result: "i32" },
      fcntl: { parameters: [INT, "i32"], result: "i32" },
      ...Deno.stderr.isTerminal() && { tcgetpgrp: OF, getpgid: OF },
    });
    const { tcgetpgrp, getpgid } = symbols;
    const int = (number: number) => new Int32Array([number]);
    const old = new BigUint64Array(32); // `struct sigaction` begins with the handler, and is smaller
    const isIgnored = (number: number) => symbols.sigaction(int(number), null, old) === 0 && old[0] === IGNORED;
    const flags = symbols.fcntl(int(1), F_GETFL);
    return {
      ignored: Object.entries(NUMBERS).flatMap(([name, number]) => isIgnored(number) ? [name] : []),
      nonblocking: flags !== -1 && (flags & O_NONBLOCK) !== 0,
      isOurs() {
        const owner = tcgetpgrp?.(int(2)) ?? 0;
        return owner <= 0 || owner === getpgid!(int(0)); // of no session, or of one outside of this container
      },
    };
  } catch {
    return nothing; // another libc
  }
}
