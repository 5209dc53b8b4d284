import { AppError } from "../errors.ts";
import { FORMATS, type Kind, STORED_FORMATS } from "../settings.ts";

/** Text of a person to a value. `from` says where it stood: a flag, a variable, a key of the file. */
export type Check<T> = (text: string, from: string) => T;

export type Format = (typeof FORMATS)[number];

const LONGEST_URL = 2_000;
const LONGEST_TIMEOUT = 3_600;

/**
 * The address as it is used: parsed, without a slash at the end. `https:` only; `http:` to the literals 127.0.0.1 and
 * [::1], compared after parsing, because a name (`localhost` too) can resolve elsewhere.
 *
 * @throws {AppError} `usage`
 */
export function checkApiUrl(text: string, from = "api_url"): string {
  const refuse = (why: string, hint = `write, for example: ${given(from, "https://api.example.com/api/v1")}`) =>
    new AppError("usage", `cannot use ${from} ${quote(withoutSecrets(text))}: ${why}`, { hint });
  // Before any pattern looks at it.
  if (text.length > LONGEST_URL) throw refuse(`it is longer than ${LONGEST_URL} characters`);
  const trimmed = withoutSpaces(text);
  // The parser would drop tabs and newlines silently.
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f-\x9f]/.test(trimmed)) throw refuse("it holds a control character");
  const url = URL.parse(trimmed);
  if (!url) throw refuse("it is not an address");
  if (url.protocol === "http:" && url.hostname !== "127.0.0.1" && url.hostname !== "[::1]") {
    if (url.hostname !== "localhost") {
      throw refuse(
        "plain http is only for 127.0.0.1 and [::1]",
        `write: ${given(from, `https://${url.host}${url.pathname}`)}`,
      );
    }
    const literal = `http://127.0.0.1${url.port && `:${url.port}`}${url.pathname}`;
    throw refuse(
      "a name can lead elsewhere, plain http is only for 127.0.0.1 and [::1]",
      `write: ${given(from, literal)}`,
    );
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuse("only https is accepted");
  if (url.username || url.password) {
    throw refuse("it holds a user name or a password", "leave out what is before the @");
  }
  if (/[?#]/.test(trimmed)) throw refuse("it holds a query or a fragment", "leave out what follows the ? or #");
  if (!/^([a-z0-9._-]+|\[[0-9a-f:]+\])$/.test(url.hostname)) throw refuse("that is not the name of a host");
  let path = url.pathname;
  while (path.endsWith("/")) path = path.slice(0, -1);
  if (/\/graphql$/i.test(path)) {
    throw refuse(
      "it must not end in /graphql",
      `write: ${given(from, url.origin + path.slice(0, -"/graphql".length))}`,
    );
  }
  return url.origin + path;
}

/** A tenant's slug as it goes into the header `X-Tenant`. @throws {AppError} `usage` */
export function checkTenant(text: string, from = "tenant"): string {
  return checkSlug(text, from);
}

/** A name of letters, digits, `.`, `_` and `-`, at most 63 characters. @throws {AppError} `usage` */
export function checkSlug(text: string, from: string): string {
  const trimmed = text.trim();
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(trimmed)) return trimmed;
  throw new AppError("usage", `cannot use ${from} ${quote(text)}: it is not a slug`, {
    hint: `use letters, digits, "-", "_" and ".", at most 63, like acme`,
  });
}

/** One of these, in any case. */
const formatOf = (values: readonly Format[]): Check<Format> => (text, from) => {
  const format = FORMATS.find((one) => one === text.trim().toLowerCase());
  if (format && values.includes(format)) return format;
  const of = values.join(", ");
  const [what, why, hint] = format
    ? [`"${format}"`, `the config file takes ${of}`, `use --output ${format}, or AUTOCOM_OUTPUT=${format}`]
    : [quote(text), "there is no such format", `use one of ${of}`];
  throw new AppError("usage", `cannot use ${from} ${what}: ${why}`, { hint });
};

const ON = ["true", "1", "yes", "on"];
const OFF = ["false", "0", "no", "off"];

/** A switch as a person saves it: what is neither on nor off is refused. */
const checkSwitch: Check<boolean> = (text, from) => {
  const word = text.trim().toLowerCase();
  if (ON.includes(word)) return true;
  if (OFF.includes(word)) return false;
  throw new AppError("usage", `cannot use ${from} ${quote(text)}: it is neither true nor false`, {
    hint: "use true or false",
  });
};

/** A switch in the environment: nothing, `0`, `false`, `no` and `off` are off, anything else is on. */
export function isOn(text: string | undefined): boolean {
  const word = text?.trim().toLowerCase();
  return word !== undefined && word !== "" && !OFF.includes(word);
}

/** Seconds, fractions allowed. */
const checkTimeout: Check<number> = (text, from) => {
  const seconds = /^\d{1,9}(\.\d{1,9})?$/.test(text.trim()) ? Number(text) : 0;
  if (seconds > 0 && seconds <= LONGEST_TIMEOUT) return seconds;
  throw new AppError(
    "usage",
    `cannot use ${from} ${quote(text)}: it must be a number of seconds, more than 0 and at most ${LONGEST_TIMEOUT}`,
    {
      hint: `write, for example: ${given(from, "30")}`,
    },
  );
};

/** A value as it is given there: behind a flag, to a variable, or alone. */
function given(from: string, value: string): string {
  return from.startsWith("--") ? `${from} ${value}` : /^[A-Z_]+$/.test(from) ? `${from}=${value}` : value;
}

/** Spaces alone: any other blank is refused. */
function withoutSpaces(text: string): string {
  let [start, end] = [0, text.length];
  while (text[start] === " ") start++;
  while (end > start && text[end - 1] === " ") end--;
  return text.slice(start, end);
}

/** An address may hold a password before the `@` and a token after the `?`. */
function withoutSecrets(text: string): string {
  return text.includes("@") ? "…" : text.split(/[?#]/, 1).join();
}

export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** The check of each kind of value that is met often; `rare.ts` has the others. */
export const CHECKS = {
  "address": checkApiUrl,
  "slug": checkSlug,
  "format": formatOf(FORMATS),
  "switch": checkSwitch,
  "seconds": checkTimeout,
} satisfies Partial<Record<Kind, Check<unknown>>>;

/** What the file takes, and `config set`, where that is less than what flag and environment take. */
export const STORED_CHECKS: Partial<Record<Kind, Check<unknown>>> = { format: formatOf(STORED_FORMATS) };

/** What a variable takes, where that is more. */
export const VARIABLE_CHECKS: Partial<Record<Kind, Check<unknown>>> = { switch: isOn };

export async function checkOf(kind: Kind): Promise<Check<unknown>> {
  const known: Partial<Record<Kind, Check<unknown>>> = CHECKS;
  return known[kind] ?? (await import("./rare.ts")).RARE[kind as keyof typeof import("./rare.ts").RARE];
}
