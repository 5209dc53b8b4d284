/**
 * All that is said on stderr, and its rules.
 *
 * @module
 */
import { AppError } from "../errors.ts";
import type { Output } from "../system/mod.ts";
import { clean, COPIED, MESSAGE } from "./clean.ts";
import { type Format, isMachine } from "./format.ts";
import { maskTokens, redact } from "./redact.ts";
import { safe } from "./safe.ts";
import { Secrets } from "./secrets.ts";
import type { Style } from "./style.ts";

export interface Rules {
  /** With `json`, `jsonl` and `yaml` progress and confirmations are silent, and the error is one object, the last line. */
  format: Format;
  quiet: boolean;
  debug: boolean;
  style: Style;
  /** What this run must not show. */
  secrets?: Secrets;
  /** The options': a command that a note names is typed with them. */
  apiUrl?: string | undefined;
  tenant?: string | undefined;
}

/** Each call prints one line of text that is bounded and safe, its secrets masked: whatever of it came from outside. */
export interface Messages {
  /**
   * Good to know: progress, a confirmation. `--quiet` silences it. `command`: one of the program's own, which stands
   * behind the text as it is typed in this run; the text itself is said as it is.
   */
  note(text: string, command?: string): Promise<void>;
  /** What a list left out: said in every format, unless `--quiet`. */
  left(text: string): Promise<void>;
  /** What a person needs to go on, `--quiet` or not: what is asked of them, where a secret will be stored. */
  ask(text: string): Promise<void>;
  /** As `ask`, for an address that a person must open: shown whole, with the secret that may be part of it. */
  address(url: string): Promise<void>;
  /** Something is wrong and the command goes on: said in every format, `--quiet` or not. */
  warn(text: string): Promise<void>;
  /** Only with `--debug`, in every format, with more masked ({@link redact}). */
  debug(text: string): Promise<void>;
  /** The end of a failed command: see `failing.ts`. `apiUrl` and `tenant`: the options'. */
  error(error: AppError, apiUrl?: string, env?: Readonly<Record<string, string>>, tenant?: string): Promise<void>;
  /**
   * The text as a message repeats it, for what is said elsewhere (a question): masked, and cut to `most` characters, 1,000
   * unless it says otherwise. Not made {@link safe}: whoever prints it does that.
   */
  clean(text: string, most?: number): string;
}

export function messages(
  stderr: Output,
  { format, quiet, debug, style, secrets = new Secrets(), apiUrl, tenant }: Rules,
): Messages {
  const human = !isMachine(format);
  const cells = stderr.isTerminal ? stderr.columns() : USUAL;
  const room = cells < USUAL ? cells : Infinity;
  const say = async (on: boolean, label: string, text: string, most = Infinity) => {
    if (!on) return;
    const line = safe(text);
    await write(
      stderr,
      `${label}${line.length > most ? await (await import("./broken.ts")).brokenAt(line, most) : line}\n`,
    );
  };
  const masked = maskOf(secrets);
  const told = (text: string) => clean(text, COPIED, masked);
  return {
    async note(text, command) {
      if (command) text += `: ${(await import("../address.ts")).addressed(command, apiUrl, {}, tenant)}`;
      await say(human && !quiet, "", told(text), room);
    },
    left: (text) => say(!quiet, "", told(text), room),
    ask: (text) => say(human, "", told(text), room),
    address: (url) => say(human, "", url),
    warn: (text) => say(true, `${style.yellow("warning:")} `, clean(text, MESSAGE, masked), room - WARNING),
    async debug(text) {
      if (debug) await say(true, `${style.dim("debug:")} `, clean(text, COPIED, (part) => secrets.mask(redact(part))));
    },
    async error(error, ...given) {
      const { failing } = await import("./failing.ts");
      await write(stderr, await failing(error, format, style, secrets, room, ...given));
    },
    clean: (text, most = MESSAGE) => clean(text, most, masked),
  };
}

/** Cells of a terminal that has room: there a line is left to it, and can be copied whole. */
const USUAL = 80;
/** Cells of `warning: `. */
const WARNING = 9;

/** What masks a message's text. */
export type Mask = (text: string) => string;

export function maskOf(secrets: Secrets): Mask {
  return (text) => secrets.mask(maskTokens(text));
}

/** What cannot be said stops no command, and changes nothing of how it ends: it may have changed something already. */
async function write(stderr: Output, text: string): Promise<void> {
  try {
    if (text) await stderr.write(text);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}
