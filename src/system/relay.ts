/**
 * The way to a proxy that wants a password. The runtime tells the proxy's password to every server behind it too (2.7.11:
 * `inject_common_headers` in its ext/fetch/lib.rs, for https as well), so it is never given the real one: it asks this relay on
 * loopback, with a password that is good for this process alone, and the relay puts the person's own in its place.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { receive, writeAll } from "./crowd.ts";
import { loginOf, type Proxy } from "./proxy.ts";

export interface Relay {
  proxy: Deno.Proxy;
  /** Why the proxy could not be reached, the last time that it was tried. */
  trouble(): unknown;
}

/** Bytes of the head of a CONNECT. */
const LONGEST = 8_192;

/** Starts a relay to a proxy whose address holds the credentials. It ends with the process and keeps none alive. */
export function relay({ url, variable }: Pick<Proxy, "url" | "variable">): Relay {
  const basicAuth = { username: "autocom", password: crypto.randomUUID() };
  const ours = basic(basicAuth.username, basicAuth.password);
  const login = loginOf(url);
  const theirs = basic(login?.username ?? "", login?.password ?? "");
  const listener = listen(variable);
  let trouble: unknown;
  receive(listener, LONGEST, async (client, head) => {
    if (!head?.includes(ours)) return; // another program on this machine
    trouble = undefined;
    const { hostname, port } = url;
    const connecting = Deno.connect({ hostname: hostname.replace(/[\[\]]/g, ""), port: Number(port || 80) });
    const server = await connecting.catch((error: unknown) => void (trouble = error));
    if (!server) return await writeAll(client, "HTTP/1.1 502 Bad Gateway\r\n\r\n");
    const sent = writeAll(server, head.replace(ours, theirs)).then(() => true, () => false);
    if (!await sent) return server.close();
    await Promise.allSettled([client.readable.pipeTo(server.writable), server.readable.pipeTo(client.writable)]);
  });
  return { proxy: { url: `http://127.0.0.1:${listener.addr.port}`, basicAuth }, trouble: () => trouble };
}

function listen(variable: string): Deno.TcpListener {
  try {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    listener.unref();
    return listener;
  } catch {
    throw new AppError("network", `cannot use the proxy in ${variable}: its password needs a port of 127.0.0.1`, {
      hint: "ip link set lo up",
    });
  }
}

/** RFC 7617, in UTF-8. */
function basic(user: string, password: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${user}:${password}`)))}`;
}
