import type { System } from "./mod.ts";

/** Of the way to a server: what is trusted beside the system's authorities, and which proxies are set. */
const SPECIAL = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
  .concat("AUTOCOM_CA_BUNDLE", "SSL_CERT_FILE", "DENO_TLS_CA_STORE", "SSLKEYLOGFILE");

/**
 * The way to a server: the runtime's own, where nothing is said of it. Opens nothing before the first request. Clear text
 * goes to loopback alone: no certificate is looked at there, and no proxy is asked.
 */
export function transport(env: System["env"]): System["fetch"] {
  let way: Promise<System["fetch"]> | undefined;
  const isPlain = (url: string) => url.startsWith("http:") || !SPECIAL.some((name) => env[name]);
  const special = async (request: Request) => {
    way ??= import("./special.ts").then((found) => found.special(env));
    return await (await way)(request);
  };
  return Object.assign(async (request: Request) => await (isPlain(request.url) ? fetch : special)(request), {
    unmade: async (url: URL, init: RequestInit) =>
      await (isPlain(url.href) ? fetch(url, init) : special(new Request(url, init))),
  });
}
