import { AppError } from "../errors.ts";
import type { System } from "./mod.ts";

/** The first one counts. */
const PROXIES = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/**
 * The way to a server: what is trusted beside the system's authorities, and through which proxy. What `NO_PROXY` names
 * is reached without it. Opens nothing before the first request.
 */
export function transport(env: System["env"]): System["fetch"] {
  let client: Promise<Deno.HttpClient | undefined> | undefined;
  return async (request) => await fetch(request, { client: await (client ??= httpClient(env)) });
}

async function httpClient(env: System["env"]): Promise<Deno.HttpClient | undefined> {
  const variable = PROXIES.find((name) => env[name]);
  const proxy = variable ? await proxyAt(variable, env[variable]!) : undefined;
  const path = env.AUTOCOM_CA_BUNDLE;
  if (path) return trusting(path, await read(path), proxy);
  return proxy && Deno.createHttpClient({ proxy });
}

/** Throws what no certificate can be read from: the person would be told that a server is not trusted. */
function trusting(path: string, pem: string, proxy: Deno.Proxy | undefined): Deno.HttpClient {
  try {
    if (pem.includes("-----BEGIN CERTIFICATE-----")) {
      return Deno.createHttpClient({ caCerts: [pem], ...proxy && { proxy } });
    }
  } catch { /* damaged */ }
  throw unusable(`cannot use AUTOCOM_CA_BUNDLE ${JSON.stringify(path)}: it holds no PEM certificates`);
}

async function read(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    throw unusable(`cannot read AUTOCOM_CA_BUNDLE ${JSON.stringify(path)}`);
  }
}

function unusable(message: string): AppError {
  return new AppError("config", message, { hint: "name a file with PEM certificates, or unset AUTOCOM_CA_BUNDLE" });
}

async function proxyAt(variable: string, text: string): Promise<Deno.Proxy> {
  const url = URL.parse(text.includes("://") ? text : `http://${text}`);
  // `user:1#pw@host`: the parser takes `user` for the host, and what follows is a part of a password.
  const torn = text.includes("@") && url?.username === "" && url.password === "";
  if (!url || torn || !["http:", "https:", "socks5:", "socks5h:"].includes(url.protocol)) {
    throw new AppError("network", `${variable} is not the address of a proxy`, {
      hint: `set it to http://HOST:PORT, or unset ${variable}`,
    });
  }
  if (url.protocol !== "http:" || url.username === "") return { url: url.href };
  const { relay } = await import("./relay.ts");
  return relay(url);
}
