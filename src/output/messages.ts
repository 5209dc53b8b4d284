/**
 * All that is said on stderr, and its rules.
 *
 * @module
 */
import { AppError } from "../errors.ts";
import type { Output } from "../system/mod.ts";
import { clean, COPIED, MESSAGE, more, NAME, SOME } from "./clean.ts";
import { type Format, isMachine } from "./format.ts";
import { maskTokens, redact } from "./redact.ts";
import { jsonLine, safe } from "./safe.ts";
import { Secrets } from "./secrets.ts";
import { type Style, style as styles } from "./style.ts";

export interface Rules {
  /** With `json`, `jsonl` and `yaml` progress and confirmations are silent, and the error is one object, the last line. */
  format: Format;
  quiet: boolean;
  debug: boolean;
  style: Style;
  /** What this run must not show. */
  secrets?: Secrets;
}

/** Each call prints one line of text that is bounded and safe, its secrets masked: whatever of it came from outside. */
export interface Messages {
  /** Good to know: progress, a confirmation. `--quiet` silences it. */
  note(text: string): Promise<void>;
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
  /** The end of a failed command: {@link renderError}. */
  error(error: AppError): Promise<void>;
  /**
   * The text as a message repeats it, for what is said elsewhere (a question): masked, and cut to `most` characters, 1,000
   * unless it says otherwise. Not made {@link safe}: whoever prints it does that.
   */
  clean(text: string, most?: number): string;
}

export function messages(stderr: Output, { format, quiet, debug, style, secrets = new Secrets() }: Rules): Messages {
  const human = !isMachine(format);
  const say = async (on: boolean, label: string, text: string) => {
    if (on) await write(stderr, `${label}${safe(text)}\n`);
  };
  const masked = maskOf(secrets);
  const told = (text: string) => clean(text, COPIED, masked);
  return {
    note: (text) => say(human && !quiet, "", told(text)),
    left: (text) => say(!quiet, "", told(text)),
    ask: (text) => say(human, "", told(text)),
    address: (url) => say(human, "", url),
    warn: (text) => say(true, `${style.yellow("warning:")} `, clean(text, MESSAGE, masked)),
    async debug(text) {
      if (debug) await say(true, `${style.dim("debug:")} `, clean(text, COPIED, (part) => secrets.mask(redact(part))));
    },
    error: (error) => write(stderr, renderError(error, format, style, secrets)),
    clean: (text, most = MESSAGE) => clean(text, most, masked),
  };
}

/**
 * The failure as stderr shows it, with its line breaks; nothing for `pipe-closed`.
 *
 * For a person `error: …`, the field errors one a line, `hint: …`. With `json`, `jsonl` and `yaml` one line
 * `{"error":{"code","exit","message","hint","status","request_id","fields",…}}`, what is absent left out, `more` at the end.
 * Of field errors twenty are shown; `… and 199,980 more` says what was left out, or the member `fields_left_out`.
 */
export function renderError(
  error: AppError,
  format: Format,
  style: Style = styles(false),
  secrets: Secrets = new Secrets(),
): string {
  const { kind, exit, status } = error;
  if (kind === "pipe-closed") return "";
  const masked = maskOf(secrets);
  const part = (text: string | undefined, most: number) => text && clean(text, most, masked);
  const message = clean(error.message, MESSAGE, masked);
  const hint = part(error.hint, COPIED);
  const requestId = part(error.requestId, NAME);
  const { shown, left } = someFields(error.fields, masked);
  if (isMachine(format)) {
    const fields = error.fields && grouped(shown);
    const fields_left_out = left > 0 ? left : undefined;
    const rest = error.more && bounded(error.more, masked) as Record<string, unknown>;
    const said = { code: kind, exit, message, hint, status, request_id: requestId, fields, fields_left_out, ...rest };
    return jsonLine({ error: said });
  }
  const request = requestId ? style.dim(` (request ${safe(requestId)})`) : "";
  const lines = [`${style.red("error:")} ${safe(message)}${request}`];
  for (const [field, text] of shown) lines.push(`  ${safe(field)}: ${safe(text)}`);
  if (left > 0) lines.push(`  ${more(left)}`);
  if (hint) lines.push(`${style.bold("hint:")} ${safe(hint)}`);
  return lines.map((text) => text + "\n").join("");
}

type Mask = (text: string) => string;

function maskOf(secrets: Secrets): Mask {
  return (text) => secrets.mask(maskTokens(text));
}

/** The first field errors as pairs of field and text, and how many are left. */
function someFields(fields: AppError["fields"], mask: Mask): { shown: [string, string][]; left: number } {
  const shown: [string, string][] = [];
  let left = 0;
  for (const [field, texts] of Object.entries(fields ?? {})) {
    const taken = texts.slice(0, SOME - shown.length);
    for (const text of taken) shown.push([clean(field, NAME, mask), clean(text, MESSAGE, mask)]);
    left += texts.length - taken.length;
  }
  return { shown, left };
}

function grouped(pairs: readonly [string, string][]): Record<string, string[]> {
  const byField = Map.groupBy(pairs, ([field]) => field);
  return Object.fromEntries([...byField].map(([field, all]) => [field, all.map(([, text]) => text)]));
}

/** A value for the error object: every text in it cleaned, of every list and object the first members, five deep. */
function bounded(value: unknown, mask: Mask, depth = 5): unknown {
  if (typeof value === "string") return clean(value, MESSAGE, mask);
  if (typeof value !== "object" || value === null || JSON.isRawJSON(value)) return value;
  if (depth === 0) return "…";
  if (Array.isArray(value)) {
    const shown = value.slice(0, SOME).map((one) => bounded(one, mask, depth - 1));
    return value.length > SOME ? [...shown, more(value.length - SOME)] : shown;
  }
  const all = Object.entries(value);
  const shown = all.slice(0, SOME).map(([key, one]) => [clean(key, NAME, mask), bounded(one, mask, depth - 1)]);
  return Object.fromEntries(all.length > SOME ? [...shown, ["…", more(all.length - SOME)]] : shown);
}

/** What nobody listens to any more does not stop a command. */
async function write(stderr: Output, text: string): Promise<void> {
  try {
    if (text) await stderr.write(text);
  } catch (error) {
    if (!(error instanceof AppError && error.kind === "pipe-closed")) throw error;
  }
}
