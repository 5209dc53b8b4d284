import type { System } from "./mod.ts";

/** Of the way to a server: what is trusted beside the system's authorities, and which proxies are set. */
const SPECIAL = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
  .concat("AUTOCOM_CA_BUNDLE", "SSL_CERT_FILE", "DENO_TLS_CA_STORE", "SSLKEYLOGFILE");

/**
 * The way to a server: the runtime's own, where nothing is said of it. Opens nothing before the first request. Clear text
 * goes to loopback alone: no certificate is looked at there, and no proxy is asked.
 */
export function transport(env: System["env"]): System["fetch"] {
  let special: Promise<System["fetch"]> | undefined;
  return async (request) => {
    if (request.url.startsWith("http:") || !SPECIAL.some((name) => env[name])) return await fetch(request);
    special ??= import("./special.ts").then((found) => found.special(env));
    return await (await special)(request);
  };
}
