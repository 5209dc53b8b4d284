/**
 * What is fetched of a release. The address of a file comes from a list that nobody signed: https alone, a few redirects,
 * no more bytes than were announced, and nothing of this machine but the name of the program.
 *
 * @module
 */

import { retryAfter, transportFailure } from "../api/mod.ts";
import { AppError } from "../errors.ts";
import type { System } from "../system/mod.ts";
import type { Own } from "./own.ts";

export interface Net {
  readonly system: Pick<System, "fetch" | "clock">;
  readonly own: Pick<Own, "releases" | "userAgent">;
  /** Milliseconds to the status line, and between two pieces; {@link WAITS} of them for the whole of a small answer. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly debug: (line: string) => void;
}

interface Wanted {
  /** For messages: "the list of releases". */
  what: string;
  /** Bytes at most; more is refused. */
  limit: number;
  /** Exactly so many bytes, of a file whose size is signed. */
  exact?: true;
  /** After each piece: bytes so far. */
  progress?: (bytes: number) => void;
}

const REDIRECTS = 5;
/** The list, a manifest or a signature is there after so many times the timeout: a server that trickles holds nobody. */
export const WAITS = 10;
/** Bytes in a millisecond: what is larger has that much longer, an archive of today two hours. */
const LEAST_RATE = 5;

export const HINT = "try again later; releases can be downloaded by hand, as the README says";

/** The whole answer. Throws {@link AppError}: `network`, `server`, `rate-limited`, `integrity`; `not-found` for 404. */
export function get(net: Net, url: string, wanted: Wanted): Promise<Got> {
  const ms = WAITS * net.timeout + (wanted.exact ? wanted.limit / LEAST_RATE : 0);
  return within(net, ms, wanted.what, (net) => ask(net, url, wanted));
}

interface Got {
  bytes: Uint8Array<ArrayBuffer>;
  headers: Headers;
}

/** `work` gets a net that is cut off after so many milliseconds, however lively it is. */
export async function within<T>(net: Net, ms: number, what: string, work: (net: Net) => Promise<T>): Promise<T> {
  const [late, over] = [new AbortController(), new AbortController()];
  net.system.clock.sleep(ms, over.signal).then(() =>
    late.abort(
      new AppError("network", `${what} did not arrive within ${Math.ceil(ms / 1000)} s`, {
        hint: "the connection or the server is too slow: try again, or allow more time: autocom upgrade --timeout 600",
      }),
    )
  ).catch(() => {});
  try {
    return await work({ ...net, signal: AbortSignal.any([net.signal, late.signal]) });
  } finally {
    over.abort();
  }
}

async function ask(net: Net, url: string, wanted: Wanted): Promise<Got> {
  const stop = new AbortController();
  const interrupted = () => stop.abort(net.signal.reason);
  net.signal.addEventListener("abort", interrupted);
  if (net.signal.aborted) interrupted();
  let alarm = new AbortController();
  const rewind = (missing: string, host: string) => {
    alarm.abort();
    alarm = new AbortController();
    net.system.clock.sleep(net.timeout, alarm.signal).then(() => stop.abort(tooSlow(host, missing, net.timeout)))
      .catch(() => {});
  };
  try {
    const { answer, host } = await follow(net, url, wanted, stop.signal, rewind);
    const bytes = await body(answer, host, wanted, stop.signal, () => rewind("went silent", host));
    return { bytes, headers: answer.headers };
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    alarm.abort();
    net.signal.removeEventListener("abort", interrupted);
  }
}

function tooSlow(host: string, missing: string, ms: number): AppError {
  return new AppError("network", `${host} ${missing} for ${ms / 1000} s`, {
    hint: "try again, or allow more time: autocom upgrade --timeout 600",
  });
}

async function follow(
  net: Net,
  first: string,
  wanted: Wanted,
  signal: AbortSignal,
  rewind: (missing: string, host: string) => void,
): Promise<{ answer: Response; host: string }> {
  const own = new URL(net.own.releases);
  let url = safeUrl(first, own, wanted);
  for (let redirects = 0;; redirects++) {
    rewind("did not answer", url.host);
    net.debug(`GET ${url.origin}${url.pathname}`);
    const answer = await send(net, url, url.origin === own.origin, signal);
    const location = answer.headers.get("location");
    if (answer.status === 200) return { answer, host: url.host };
    await answer.body?.cancel().catch(() => {});
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === null) {
      throw refused(answer, url.host, wanted, net.system.clock.now());
    }
    if (redirects === REDIRECTS) {
      throw new AppError("server", `${wanted.what} is redirected more than ${REDIRECTS} times`, { hint: HINT });
    }
    url = safeUrl(URL.parse(location, url)?.href ?? "", own, wanted);
  }
}

/** Clear text goes to loopback alone, and only where the releases themselves are there: a test's build. */
function safeUrl(text: string, own: URL, { what }: Wanted): URL {
  const url = URL.parse(text);
  const loopback = own.protocol === "http:" && url?.protocol === "http:" && url.hostname === "127.0.0.1";
  if (url && (url.protocol === "https:" || loopback) && url.username === "" && url.password === "") return url;
  throw new AppError("server", `the address of ${what} is refused: it is not https`, { hint: HINT });
}

async function send(net: Net, url: URL, ours: boolean, signal: AbortSignal): Promise<Response> {
  // Another host learns nothing: the storage behind a registry gets the name of the program alone.
  const headers = { accept: "*/*", "user-agent": ours ? net.own.userAgent : "autocom" };
  try {
    return await net.system.fetch(new Request(url, { headers, redirect: "manual", signal }));
  } catch (error) {
    if (signal.aborted || error instanceof AppError) throw error;
    throw ourHint(await transportFailure(error, url));
  }
}

/** Hints about the API's address are none about this one. */
function ourHint({ kind, message, hint }: AppError): AppError {
  return new AppError(kind, message, {
    hint: hint?.includes("api_url") ? "check your connection, then try again" : hint!,
  });
}

function refused({ status, headers }: Response, host: string, { what }: Wanted, now: number): AppError {
  if (status === 429) {
    const wait = retryAfter(headers, now);
    const when = wait === undefined ? "later" : wait < 120 ? `in ${wait} s` : `in ${Math.ceil(wait / 60)} minutes`;
    return new AppError("rate-limited", `${host} limits the rate of requests`, { hint: `try again ${when}`, status });
  }
  if (status === 404) {
    return new AppError("not-found", `${host} has no ${what.replace(/^the /, "")}`, { hint: HINT, status });
  }
  const why = status === 206 ? "answered with a part" : `answered with status ${status}`;
  return new AppError("server", `cannot get ${what}: ${host} ${why}`, { hint: HINT, status });
}

async function body(
  answer: Response,
  host: string,
  { what, limit, exact, progress }: Wanted,
  signal: AbortSignal,
  alive: () => void,
): Promise<Uint8Array<ArrayBuffer>> {
  // Of a known size at once; anything else grows.
  let bytes = new Uint8Array(exact ? limit : Math.min(limit, 64 * 1024));
  let size = 0;
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const halt = () => reject(signal.reason);
  signal.addEventListener("abort", halt);
  if (signal.aborted) halt();
  stopped.catch(() => {});
  const reader = answer.body?.getReader();
  try {
    for (;;) {
      alive();
      const piece = await Promise.race([reader?.read() ?? { done: true, value: undefined } as const, stopped]);
      if (piece.done) break;
      const { value } = piece;
      if (size + value.length > limit) {
        if (exact) throw damaged(what, `it has more than ${limit} bytes`);
        throw new AppError("server", `${what} is larger than ${limit} bytes`, { hint: HINT });
      }
      if (size + value.length > bytes.length) {
        const larger = new Uint8Array(Math.min(limit, Math.max(2 * bytes.length, size + value.length)));
        larger.set(bytes.subarray(0, size));
        bytes = larger;
      }
      bytes.set(value, size);
      size += value.length;
      value.buffer.transfer(0); // freed at once, not when there is much of it
      progress?.(size);
    }
  } catch (error) {
    if (error instanceof AppError || signal.aborted) throw error;
    throw new AppError("server", `${what} was cut off on its way from ${host}`, { hint: "try again" });
  } finally {
    signal.removeEventListener("abort", halt);
    reader?.cancel().catch(() => {});
  }
  if (exact && size !== limit) {
    throw new AppError("server", `${what} was cut off: ${size} of ${limit} bytes`, { hint: "try again" });
  }
  return bytes.subarray(0, size);
}

/** What came is not what was signed. */
export function damaged(what: string, why: string): AppError {
  return new AppError("integrity", `${what} is not what was signed: ${why}`, {
    hint: "nothing was changed; try again, and report it to security@autocom.wexron.io when it happens again",
  });
}
