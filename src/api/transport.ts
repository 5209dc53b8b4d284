import { AppError } from "../errors.ts";
import type { Fetch } from "../system/mod.ts";
import type { Send } from "./call.ts";

/** The connection ended before the answer did: what is safe to repeat is worth another try. */
export class BrokenOff extends AppError {}

const ADDRESS = "check the address: autocom config get api_url";

/** What went wrong below HTTP, in words of ours: the runtime's text quotes whole URLs. */
const CAUSES: [pattern: RegExp, message: (host: string) => string, hint: string][] = [
  [
    /certificate (expired|not valid yet)/i,
    (host) => `the certificate of ${host} is out of date`,
    "check the clock of this machine; if it is right, the server's certificate has to be renewed",
  ],
  [/certificate not valid for name/i, (host) => `the certificate is not for ${host}`, ADDRESS],
  [
    /CaUsedAsEndEntity/,
    (host) => `the certificate of ${host} is an authority's own, not a server's`,
    "the server needs a certificate that this authority signed",
  ],
  [
    /certificate|UnknownIssuer/i,
    (host) => `the certificate of ${host} is trusted neither by this system nor by AUTOCOM_CA_BUNDLE`,
    "set AUTOCOM_CA_BUNDLE to a PEM file with your company's authority",
  ],
  [/corrupt message|InvalidContentType/i, (host) => `${host} does not speak TLS`, ADDRESS],
  [/proxy|tunnel/i, (host) => `the proxy did not connect to ${host}`, "check HTTPS_PROXY and NO_PROXY"],
  [
    /dns error|failed to lookup|name resolution/i,
    (host) => `the host ${host} cannot be found`,
    "check your connection, and the address: autocom config get api_url",
  ],
  [/refused/i, (host) => `${host} refused the connection`, `${ADDRESS}; is a proxy set (HTTPS_PROXY)?`],
];

/**
 * The innermost layer: it follows no redirect (which would re-send a body, token and all), and a request that fails
 * does so in our words; whatever else goes wrong above is a defect of ours.
 *
 * `repeatable` false sends a request once. The runtime repeats one whose connection was closed without an answer when
 * it has the body's bytes (measured on 2.7.11: two POSTs); a body that it gets as a stream it cannot send again. A code
 * or a refresh token that arrives twice looks like a replay.
 */
export function transport(fetch: Fetch, { repeatable }: { repeatable: boolean }): Send {
  return async ({ url, body, ...rest }) => {
    const init: RequestInit = { ...rest, redirect: "manual" };
    if (body !== undefined) init.body = repeatable ? body : new Response(body).body;
    const answer = await fetch(new Request(url, init)).catch((error: unknown) => {
      throw error instanceof AppError ? error : transportFailure(error, url);
    });
    if (answer.status < 200 || answer.status > 599) throw notHttp(url.host);
    return answer;
  };
}

/** What the runtime says, to be looked through and never shown; since 2.9 it stands in `cause`. */
export function words(error: unknown): string {
  return error instanceof Error ? `${error.message} ${words(error.cause)}` : "";
}

/** A failed `fetch` as an error of kind `network`, or `server` when what answered was no HTTP. */
export function transportFailure(error: unknown, { host }: URL): AppError {
  // Without the addresses: a host's name may hold any of these words.
  const text = words(error).split(" ").filter((word) => !word.includes("://")).join(" ");
  for (const [pattern, message, hint] of CAUSES) {
    if (pattern.test(text)) return new AppError("network", message(host), { hint });
  }
  if (/parsed|parse error|invalid HTTP/i.test(text)) return notHttp(host);
  if (/reset|closed|eof|end of file|broken pipe|incomplete|reading a body/i.test(text)) {
    return new BrokenOff("network", `the connection to ${host} broke off`, { hint: "try again" });
  }
  return new AppError("network", `${host} cannot be reached`, { hint: "check your connection, then try again" });
}

function notHttp(host: string): AppError {
  return new AppError("server", `what ${host} answered is not HTTP`, { hint: ADDRESS });
}
