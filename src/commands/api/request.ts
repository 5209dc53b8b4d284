import { AppError } from "../../errors.ts";
import { safe } from "../../output/mod.ts";
import { shellQuote } from "../../storage/mod.ts";

export const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** The method in upper case. Throws `usage`. */
export function methodOf(text: string): string {
  const method = text.toUpperCase();
  if (METHODS.includes(method)) return method;
  throw new AppError("usage", `"${text.slice(0, 20)}" is not a method that is sent`, {
    hint: `use ${METHODS.join(", ")}`,
  });
}

/** Whether a word can be nothing else: a path in capitals is none of the platform's. */
export function isMethod(text: string): boolean {
  return METHODS.includes(text);
}

/** Whether a method changes nothing. */
export function isSafe(method: string): boolean {
  return ["GET", "HEAD", "OPTIONS"].includes(method);
}

/** A path below `api_url`, which it cannot leave. Throws `usage`: neither the request nor the token goes anywhere else. */
export function pathOf(text: string, apiUrl: string): string {
  const path = text.startsWith("/") ? text : `/${text}`;
  const [place = "", query] = path.split(/\?(.*)/s);
  const why = /^\/?[a-z]:[\\/]/i.test(text)
    ? "it is a path of this machine: Git Bash made one of it"
    : /^[a-z][a-z\d+.-]*:/i.test(text) || text.startsWith("//") || /^[\\/]{2}/.test(text)
    ? "it is an address of its own"
    // deno-lint-ignore no-control-regex
    : /[\x00-\x20\x7f\\]/.test(text)
    ? "it holds a space, a backslash or a control character"
    // Behind it PHP reads no further, and what is checked here would be another path.
    : /%(25)*00/.test(path)
    ? "it holds a NUL"
    : text.includes("#")
    ? "what stands behind # is not sent"
    : place.split("/").some((segment) => isDots(segment))
    ? "it leads out of the API"
    : undefined;
  if (why) throw refused(text, why);
  const base = new URL(apiUrl);
  const url = new URL(`${apiUrl}${path}`);
  const below = url.origin === base.origin && url.pathname.startsWith(`${base.pathname.replace(/\/$/, "")}/`);
  if (!below || url.username || url.password) throw refused(text, "it leads out of the API");
  return query === undefined ? place : `${place}?${query}`;
}

/** Whether the platform's gateway is asked. */
export function isGateway(path: string): boolean {
  return /^\/graphql\/*$/i.test(decoded(path.split("?")[0]!) ?? "");
}

/**
 * Refuses a mutation in the address of a gateway: GraphQL over HTTP knows none, and what has no body the runtime sends twice.
 * Which member of the query a server takes for the document is its own affair (PHP makes `query` of ` query` and of
 * `query[]`), so the word may stand in none.
 */
export function refuseMutation(method: string, path: string): void {
  const [place = "", query = ""] = path.split(/\?(.*)/s);
  const text = decoded(query.replaceAll("+", " "));
  if (!/\bgraphql\b/i.test(decoded(place) ?? "") || text !== undefined && !/\bmutation\b/i.test(text)) return;
  const [[name, document] = [], ...more] = new URLSearchParams(query);
  const isPlain = name === "query" && more.length === 0 && document!.length <= 1_000 && safe(document!) === document;
  const given = isPlain ? shellQuote(document!) : "--input FILE";
  throw new AppError("usage", `cannot ${method} ${place}: a mutation is sent by POST, not in an address`, {
    hint: `send the document: autocom graphql ${given}`,
  });
}

/** The pages' number among the members of a query, as PHP reads their names. */
export function isPage(name: string): boolean {
  return /^ *page(\0|\[|$)/.test(name);
}

/** `..`, however it is written and how often it is encoded, also behind an encoded slash, whatever else stands there. */
function isDots(segment: string): boolean {
  const plain = decoded(segment);
  return plain === undefined || plain.split(/[\\/]/).some((part) => part === "." || part === "..");
}

/** Its ASCII, however often it is encoded; undefined for more often than anybody means. */
function decoded(text: string): string | undefined {
  for (let times = 0; times < 8; times++) {
    const once = text.replace(/%[0-7][0-9a-f]/gi, decodeURIComponent);
    if (once === text) return text;
    text = once;
  }
  return undefined;
}

function refused(text: string, why: string): AppError {
  return new AppError("usage", `cannot ask for "${text.slice(0, 60)}": ${why}`, {
    hint: why.includes("Git Bash")
      ? "write it without the slash: autocom api orders"
      : "write what stands behind api_url: autocom api 'orders?status=pending'",
  });
}

/** A server that takes the method from there would change something that nobody confirmed. */
function overridden(name: string, value: string, path: string): AppError {
  const method = value.toUpperCase();
  return new AppError("usage", `the header ${name} says another method than the request`, {
    hint: isMethod(method) ? `write the method: autocom api ${method} ${asTyped(path)}` : "leave it out",
  });
}

/** The method is given as a word and as an option: the first that is one stands before the path. */
export function twice(word: string, option: string, path: string): AppError {
  const method = isMethod(word.toUpperCase()) ? word.toUpperCase() : methodOf(option);
  return new AppError("usage", "the method is given twice", {
    hint: `give it once: autocom api ${method} ${asTyped(path)}`,
  });
}

/** The path as it can be typed again. */
export function asTyped(path: string): string {
  return safe(path) === path ? shellQuote(path) : "PATH";
}

/** Ours, or the connection's. */
const KEPT = new Set(
  ("authorization proxy-authorization x-tenant host user-agent accept x-request-id idempotency-key cookie content-length " +
    "transfer-encoding connection upgrade te trailer expect").split(" "),
);

/** `Name: value` lines as headers. Throws `usage` for what is ours, and for what is no header; `path`: what they are sent to. */
export function headersOf(lines: readonly string[], path: string): Record<string, string> {
  const given = lines.map((line): [string, string] => {
    const [, name = "", value = ""] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/s.exec(line) ?? [];
    if (name === "" || /[^\x20-\x7e\t]/.test(value)) {
      // The value is what may be secret, and without a colon nobody can tell where it begins.
      const about = line.includes(":") ? `, not "${line.split(":")[0]!.slice(0, 30)}: …"` : "";
      throw new AppError("usage", `--header must be "Name: value" on one line${about}`, {
        hint: "write, for example: -H 'If-None-Match: W/\"7\"'",
      });
    }
    // Behind PHP both signs are one.
    const key = name.toLowerCase().replaceAll("_", "-");
    if (/^x-(http-)?method(-override)?$/.test(key)) throw overridden(name, value, path);
    if (!KEPT.has(key) && !/^(sec|proxy)-/.test(key)) return [name.toLowerCase(), value];
    throw new AppError("usage", `the header ${name} is set by autocom, and cannot be replaced`, {
      hint: key === "x-tenant" ? "use --tenant SLUG" : key === "authorization" ? "set AUTOCOM_TOKEN" : "leave it out",
    });
  });
  const twice = given.find(([name], at) => given.some(([other], before) => before < at && other === name));
  if (!twice) return Object.fromEntries(given);
  throw new AppError("usage", `the header ${twice[0]} is given twice`, {
    hint: "write its values into one, with commas",
  });
}
