/**
 * All that is said on stderr, and its rules.
 *
 * @module
 */
import { AppError } from "../errors.ts";
import type { Output } from "../system/mod.ts";
import { type Format, isMachine } from "./format.ts";
import { maskTokens, redact } from "./redact.ts";
import { jsonLine, safe } from "./safe.ts";
import { type Style, style as styles } from "./style.ts";

export interface Rules {
  /** With `json` and `yaml` nothing but errors and debug lines is said, so that the last line is the error. */
  format: Format;
  quiet: boolean;
  debug: boolean;
  style: Style;
}

/** Each call prints one line: text is made safe, and tokens in it are masked. */
export interface Messages {
  /** Good to know. `--quiet` silences it. */
  note(text: string): Promise<void>;
  /** What a list left out: said in every format, unless `--quiet`. */
  left(text: string): Promise<void>;
  /** What a person needs to go on, `--quiet` or not: the URL to open, where a secret will be stored. */
  ask(text: string): Promise<void>;
  /** Something is wrong and the command goes on. `--quiet` does not silence it. */
  warn(text: string): Promise<void>;
  /** Only with `--debug`, in every format, with secrets masked ({@link redact}). */
  debug(text: string): Promise<void>;
  /** The end of a failed command: {@link renderError}. */
  error(error: AppError): Promise<void>;
}

export function messages(stderr: Output, { format, quiet, debug, style }: Rules): Messages {
  const human = !isMachine(format);
  const say = async (on: boolean, label: string, text: string) => {
    if (on) await write(stderr, `${label}${line(text)}\n`);
  };
  return {
    note: (text) => say(human && !quiet, "", text),
    left: (text) => say(!quiet, "", text),
    ask: (text) => say(human, "", text),
    warn: (text) => say(human, `${style.yellow("warning:")} `, text),
    async debug(text) {
      if (debug) await say(true, `${style.dim("debug:")} `, redact(text));
    },
    error: (error) => write(stderr, renderError(error, format, style)),
  };
}

/**
 * The failure as stderr shows it, with its line breaks; nothing for `pipe-closed`.
 *
 * For a person `error: …`, the field errors one a line, `hint: …`. With `json` and `yaml` one line
 * `{"error":{"code","exit","message","hint","status","request_id","fields",…}}`, what is absent left out, `more` at the end.
 */
export function renderError(error: AppError, format: Format, style: Style = styles(false)): string {
  const { kind, exit, message, hint, status, requestId, fields, more } = error;
  if (kind === "pipe-closed") return "";
  if (isMachine(format)) {
    return maskTokens(
      jsonLine({ error: { code: kind, exit, message, hint, status, request_id: requestId, fields, ...more } }),
    );
  }
  const request = requestId ? style.dim(` (request ${line(requestId)})`) : "";
  const lines = [`${style.red("error:")} ${line(message)}${request}`];
  for (const [field, texts] of Object.entries(fields ?? {})) {
    for (const text of texts) lines.push(`  ${line(field)}: ${line(text)}`);
  }
  if (hint) lines.push(`${style.bold("hint:")} ${line(hint)}`);
  return lines.map((text) => text + "\n").join("");
}

function line(text: string): string {
  return safe(maskTokens(text));
}

/** What nobody listens to any more does not stop a command. */
async function write(stderr: Output, text: string): Promise<void> {
  try {
    if (text) await stderr.write(text);
  } catch (error) {
    if (!(error instanceof AppError && error.kind === "pipe-closed")) throw error;
  }
}
