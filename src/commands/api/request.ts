import { AppError } from "../../errors.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

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

/** `..`, however it is written, also behind an encoded slash. */
function isDots(segment: string): boolean {
  let plain = segment;
  try {
    plain = decodeURIComponent(segment);
  } catch { /* then it is what it is */ }
  return plain.split(/[\\/]/).some((part) => part === "." || part === ".." || /^(\.|%2e){1,2}$/i.test(part));
}

function refused(text: string, why: string): AppError {
  return new AppError("usage", `cannot ask for "${text.slice(0, 60)}": ${why}`, {
    hint: why.includes("Git Bash")
      ? "write it without the slash: autocom api orders"
      : "write what stands behind api_url: autocom api orders?status=pending",
  });
}

/** A server that takes the method from there would change something that nobody confirmed. */
function overridden(name: string): AppError {
  return new AppError("usage", `the header ${name} says another method than the request`, {
    hint: "write the method: autocom api DELETE /orders/7",
  });
}

/** Ours, or the connection's. */
const KEPT = new Set(
  ("authorization proxy-authorization x-tenant host user-agent accept x-request-id idempotency-key cookie content-length " +
    "transfer-encoding connection upgrade te trailer expect").split(" "),
);

/** `Name: value` lines as headers. Throws `usage` for what is ours, and for what is no header. */
export function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => {
    const [, name = "", value = ""] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/s.exec(line) ?? [];
    if (name === "" || /[^\x20-\x7e\t]/.test(value)) {
      throw new AppError("usage", `--header must be "Name: value" on one line, not "${line.slice(0, 30)}"`, {
        hint: "write, for example: -H 'If-None-Match: W/\"7\"'",
      });
    }
    const key = name.toLowerCase();
    if (/^x-(http-)?method(-override)?$/.test(key)) throw overridden(name);
    if (!KEPT.has(key) && !/^(sec|proxy)-/.test(key)) return [key, value];
    throw new AppError("usage", `the header ${name} is set by autocom, and cannot be replaced`, {
      hint: key === "x-tenant" ? "use --tenant SLUG" : key === "authorization" ? "set AUTOCOM_TOKEN" : "leave it out",
    });
  }));
}
