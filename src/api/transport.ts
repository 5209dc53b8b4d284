import { AppError } from "../errors.ts";

/** What went wrong below HTTP, in words of ours: the runtime's text quotes whole URLs. */
const CAUSES: [RegExp, (host: string) => string, string][] = [
  [
    /invalid peer certificate.*(Expired|NotValidYet)/i,
    (h) => `the certificate of ${h} is out of date`,
    "check the clock of this machine",
  ],
  [/NotValidForName/i, (h) => `the certificate is not for ${h}`, "check the address: autocom config get api_url"],
  [
    /invalid peer certificate|UnknownIssuer|certificate/i,
    (h) => `the certificate of ${h} is not trusted by this system's authorities`,
    "set AUTOCOM_CA_BUNDLE to a PEM file with your company's authority",
  ],
  [/proxy|tunnel/i, (h) => `the proxy did not connect to ${h}`, "check HTTPS_PROXY and NO_PROXY"],
  [
    /dns error|failed to lookup|name resolution/i,
    (h) => `cannot find the host ${h}`,
    "check the address and your connection: autocom config get api_url",
  ],
  [/refused/i, (h) => `${h} refused the connection`, "check the address: autocom config get api_url"],
  [/reset|closed|eof|broken pipe|incomplete/i, (h) => `the connection to ${h} broke off`, "try again"],
];

/** A failed `fetch` as an error of kind `network`. */
export function transportFailure(error: unknown, url: URL): AppError {
  const text = error instanceof Error ? error.message : "";
  for (const [pattern, message, hint] of CAUSES) {
    if (pattern.test(text)) return new AppError("network", message(url.host), { hint });
  }
  return new AppError("network", `cannot reach ${url.host}`, { hint: "check your connection, then try again" });
}
