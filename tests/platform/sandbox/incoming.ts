/**
 * A request as Laravel hands it to the application: PHP's parameters, trimmed, empty texts turned into null.
 *
 * @module
 */

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Input = { [key: string]: Value };

export interface Incoming {
  readonly method: string;
  readonly url: URL;
  /** Without the leading slash, decoded: `api/v1/orders`. */
  readonly path: string;
  readonly headers: Headers;
  readonly query: Input;
  /** The body's parameters: a form, or JSON when the content type says so. */
  readonly form: Input;
  /** The content type says JSON, and the body is no object or list. */
  readonly malformed: boolean;
  /** Both; the body wins. */
  readonly input: Input;
  readonly cookies: ReadonlyMap<string, string>;
  /** The client prefers JSON: `Accept` decides. */
  readonly wantsJson: boolean;
  /** The caller's `X-Request-Id` when it is harmless, else one of ours. */
  readonly requestId: string;
  /** It changes something: a mutation, or REST by another method than GET. */
  changes: boolean;
  /** What middleware adds to the answer, whoever makes it. */
  readonly added: [name: string, value: string][];
}

/** Reads a request; `body` is its text. */
export function incoming(request: Request, body: string): Incoming {
  const url = new URL(request.url);
  const type = request.headers.get("content-type") ?? "";
  const query = clean(parsePhp(url.search.slice(1)));
  const parsed = /[/+]json/.test(type)
    ? jsonObject(body)
    : type.startsWith("application/x-www-form-urlencoded")
    ? parsePhp(body)
    : {};
  const form = clean(parsed ?? {});
  const override = String(form._method ?? request.headers.get("x-http-method-override") ?? "").toUpperCase();
  const id = request.headers.get("x-request-id") ?? "";
  return {
    method: request.method === "POST" && override ? override : request.method,
    url,
    path: decode(url.pathname).replace(/^\/+|\/+$/g, ""),
    headers: request.headers,
    query,
    form,
    malformed: parsed === null,
    input: { ...query, ...form },
    cookies: parseCookies(request.headers.get("cookie") ?? ""),
    wantsJson: wantsJson(request.headers),
    requestId: /^[A-Za-z0-9._-]{8,64}$/.test(id) ? id : crypto.randomUUID(),
    added: [],
    changes: false,
  };
}

function wantsJson(headers: Headers): boolean {
  const accepted = (headers.get("accept") ?? "").split(",").map((part) => {
    const [type = "", ...parameters] = part.trim().split(/\s*;\s*/);
    return { type, q: Number(parameters.find((p) => p.startsWith("q="))?.slice(2) ?? 1) };
  }).sort((a, b) => b.q - a.q);
  const first = accepted[0]?.type ?? "";
  const ajax = headers.get("x-requested-with") === "XMLHttpRequest" && ["", "*/*", "*"].includes(first);
  return ajax || /[/+]json/.test(first);
}

/** `a=1&b[]=2&c[d]=3` as PHP reads it. */
export function parsePhp(text: string): Input {
  const result: Input = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const [head = "", ...keys] = name.replace(/\]/g, "").split("[");
    let place: { [key: string]: Value } = result;
    const path = [head.replace(/[ .]/g, "_"), ...keys];
    path.forEach((part, index) => {
      const key = part === "" && index > 0 ? String(Object.keys(place).length) : part;
      if (index === path.length - 1) place[key] = value;
      else place = (isObject(place[key]) ? place[key] : place[key] = {}) as { [key: string]: Value };
    });
  }
  return result;
}

function jsonObject(text: string): Input | null {
  if (text === "") return {};
  try {
    const value: Value = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } as Input : null;
  } catch {
    return null;
  }
}

export const isObject = (value: Value | undefined): value is { [key: string]: Value } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Laravel's list; it takes joiners, soft hyphens and Hangul fillers for white space. */
const INVISIBLE = String
  .raw`[\s\p{Z}\0\x85\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u206f\u2800\u3164\ufeff\uffa0\u{1d159}\u{1d173}-\u{1d17a}\u{e0020}]+`;
const EDGES = new RegExp(`^${INVISIBLE}|${INVISIBLE}$`, "gu");

/** Laravel's TrimStrings (not for a password at the top) and ConvertEmptyStringsToNull, all the way down. */
const clean = (input: Input): Input =>
  Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      PASSWORDS.includes(name) && typeof value === "string" ? value || null : cleaned(value),
    ]),
  );

const PASSWORDS = ["password", "current_password", "password_confirmation"];

function cleaned(value: Value): Value {
  if (typeof value === "string") return value.replace(EDGES, "") || null;
  if (Array.isArray(value)) return value.map(cleaned);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, cleaned(part)]));
}

function parseCookies(header: string): Map<string, string> {
  return new Map(
    header.split(/;\s*/).flatMap((pair) => {
      const at = pair.indexOf("=");
      return at > 0 ? [[pair.slice(0, at), decode(pair.slice(at + 1))] as const] : [];
    }),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
