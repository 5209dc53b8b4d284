/**
 * The way to a server where certificates or a proxy are named. Loaded then.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { System } from "./mod.ts";
import type { Proxy } from "./proxy.ts";

type Way = System["fetch"];

export function special(env: System["env"]): Way {
  let direct: Promise<Way> | undefined;
  let proxied: Promise<Way> | undefined;
  return async (request) => {
    const proxy = await proxyTo(env, request.url);
    const send = await (proxy ? proxied ??= through(env, proxy) : direct ??= straight(env));
    return await send(request);
  };
}

/** Undefined when none is set, and nothing is loaded then. */
async function proxyTo(env: System["env"], url: string): Promise<Proxy | undefined> {
  if (!env.HTTPS_PROXY && !env.https_proxy && !env.ALL_PROXY && !env.all_proxy) return undefined;
  return (await import("./proxy.ts")).proxyFor(env, new URL(url));
}

async function straight(env: System["env"]): Promise<Way> {
  const caCerts = await trusted(env);
  if (caCerts.length === 0) return fetch;
  const client = clientOf(env, { caCerts });
  return (request) => fetch(request, { client });
}

async function through(env: System["env"], proxy: Proxy): Promise<Way> {
  const { loginOf, ThroughProxy } = await import("./proxy.ts");
  const { shown: url } = proxy;
  const basicAuth = loginOf(proxy.url);
  // In the address the runtime refuses a name without a password.
  const way = basicAuth && url.startsWith("http:")
    ? (await import("./relay.ts")).relay(proxy)
    : { proxy: { url, ...basicAuth && { basicAuth } } };
  const client = trusted(env).then((caCerts) => clientOf(env, { caCerts, proxy: way.proxy }));
  return async (request) => {
    try {
      return await fetch(request, { client: await client });
    } catch (error) {
      throw new ThroughProxy(proxy, "trouble" in way ? way.trouble() ?? error : error);
    }
  };
}

async function trusted(env: System["env"]): Promise<string[]> {
  const named = env.AUTOCOM_CA_BUNDLE ?? env.SSL_CERT_FILE ?? env.DENO_TLS_CA_STORE ?? env.SSLKEYLOGFILE;
  return named === undefined ? [] : await (await import("./authorities.ts")).authorities(env);
}

/** Throws what no certificate can be read from: the person would be told that a server is not trusted. */
function clientOf({ AUTOCOM_CA_BUNDLE }: System["env"], options: Deno.CreateHttpClientOptions): Deno.HttpClient {
  try {
    return Deno.createHttpClient(options);
  } catch (error) {
    // The system's own list, or the proxy's address, may be what cannot be used.
    if (!options.caCerts?.length || !/pem file|peer certificate/.test((error as Error).message)) throw error;
    const path = JSON.stringify(AUTOCOM_CA_BUNDLE);
    throw new AppError("config", `cannot use AUTOCOM_CA_BUNDLE ${path}: it holds a certificate that is damaged`, {
      hint: "name a file with PEM certificates, or unset AUTOCOM_CA_BUNDLE",
    });
  }
}
