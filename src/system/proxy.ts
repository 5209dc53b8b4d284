/**
 * Which proxy a request goes through: the one rule, for the transport and for doctor. The runtime's own is switched off
 * (its NO_PROXY knows no `*.corp.test`, and its HTTP_PROXY took the bearer of http://127.0.0.1: measured on 2.7.11).
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { System } from "./mod.ts";

/** The first one counts. */
const VARIABLES = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const SCHEMES = ["http:", "https:", "socks5:", "socks5h:"];

export interface Proxy {
  variable: string;
  /** With name and password, where it has them: never shown. */
  url: URL;
  /** The same without them, for people: `http://proxy.corp.test:3128`. */
  shown: string;
}

/** A request that failed on its way through a proxy; the runtime's error is its `cause`. */
export class ThroughProxy extends Error {
  override name = "ThroughProxy";
  constructor(readonly proxy: Proxy, cause: unknown) {
    super("", { cause });
  }
}

/** The proxy that is set. Undefined: none is. Throws `network` when the variable holds no address; it is never quoted. */
export function proxyOf(env: System["env"]): Proxy | undefined {
  const variable = VARIABLES.find((name) => env[name]);
  if (!variable) return undefined;
  const text = env[variable]!.trim();
  const url = URL.parse(text.includes("://") ? text : `http://${text}`);
  // `user:1#pw@host`: the parser takes `user` for the host, and what follows is a part of a password.
  const torn = text.includes("@") && !url?.username && !url?.password;
  const host = url?.hostname && URL.parse(`http://${url.hostname}/`)?.hostname;
  if (!url || !host || torn || !SCHEMES.includes(url.protocol)) {
    throw new AppError("network", `${variable} is not the address of a proxy`, {
      hint: `set it to http://HOST:PORT (special characters of a password as %23 and so on), or unset ${variable}`,
    });
  }
  url.hostname = host; // as the runtime takes it: the parser leaves the names of some schemes as they are
  const shown = `${url.protocol}//${url.host}`;
  const login = url.protocol.startsWith("socks") && loginOf(url);
  if (login && Object.values(login).some((part) => !isField(part))) {
    throw new AppError(
      "network",
      `the proxy ${shown} (from ${variable}) cannot be asked: SOCKS takes a name and a password of 1 to 255 bytes each`,
      { hint: `set it to ${url.protocol}//NAME:PASSWORD@${url.host}, or unset ${variable}` },
    );
  }
  return { variable, url, shown };
}

/** RFC 1929, section 2. */
function isField(text: string): boolean {
  const { length } = new TextEncoder().encode(text);
  return length > 0 && length < 256;
}

/** The name and the password of a proxy's address, one of which may be empty; undefined when it has neither. */
export function loginOf({ username, password }: URL): { username: string; password: string } | undefined {
  return username || password ? { username: decoded(username), password: decoded(password) } : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The proxy for that address; undefined when none is set, when NO_PROXY names the host, and for this machine itself: then
 * a variable that holds no address stops nobody.
 */
export function proxyFor(env: System["env"], target: URL): Proxy | undefined {
  return isExempt(env.NO_PROXY ?? env.no_proxy ?? "", target) ? undefined : proxyOf(env);
}

/**
 * Whether a list of the usual forms names the address: `*`, `corp.test` (with all below it), `.corp.test`, `*.corp.test`,
 * `host:port`, `10.1.2.3`, `10.0.0.0/8`, `::1`, `[fd00::1]:8443`, `fd00::/8`; with commas or spaces between. Loopback always is.
 */
export function isExempt(list: string, target: URL): boolean {
  const host = target.hostname.replace(/^\[|\]$|\.$/g, "");
  const port = target.port || (target.protocol === "http:" ? "80" : "443");
  const entries = ["localhost", "127.0.0.0/8", "::1", ...list.split(/[\s,]+/)];
  return entries.some((entry) => entry !== "" && names(entry.toLowerCase(), host, port));
}

function names(entry: string, host: string, port: string): boolean {
  const text = entry.replace(/^[a-z][\w+.-]*:\/\//, "").replace(/\/$/, "");
  const [, bracketed, plain, wanted] = /^(?:\[([\da-f:.]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(text) ?? [, undefined, text];
  const name = bracketed ?? plain ?? "";
  if (wanted !== undefined && wanted !== port) return false;
  if (name === "*") return true;
  const [network = "", length] = name.split("/");
  const [address, bits] = [bitsOf(host), bitsOf(network)];
  if (address !== undefined && bits !== undefined) {
    const prefix = length === undefined ? bits.length : /^\d{1,3}$/.test(length) ? Number(length) : Infinity;
    return address.length === bits.length && prefix <= bits.length && address.startsWith(bits.slice(0, prefix));
  }
  const domain = ascii(name.replace(/^\*?\./, "").replace(/\.$/, ""));
  return address === undefined && domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

/** An address as 32 or 128 binary digits; undefined when it is none. */
function bitsOf(text: string): string | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const parts = text.split(".").map(Number);
    return parts.every((part) => part < 256) ? parts.map((part) => binary(part, 8)).join("") : undefined;
  }
  const normal = text.includes(":") ? URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1) : undefined;
  if (normal === undefined) return undefined;
  const [first = [], last = []] = normal.split("::").map((part) => part.split(":").filter(Boolean));
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => "0");
  return [...first, ...zeros, ...last].map((part) => binary(parseInt(part, 16), 16)).join("");
}

function binary(number: number, digits: number): string {
  return number.toString(2).padStart(digits, "0");
}

/** A name as addresses have it: punycode. */
function ascii(name: string): string {
  return URL.parse(`http://${name}/`)?.hostname ?? name;
}
