/**
 * What stands between a program and its platform, inside a room: TLS servers that pass requests on, and a proxy that
 * intercepts: it answers CONNECT by leading to one of those servers, whatever was asked for. Takes a {@link Setup} as its
 * first line on stdin; says its {@link Ports}; then answers each further line with all that was {@link Seen}. Ends with its stdin.
 *
 * @module
 */

import process from "node:process";
import { createInterface } from "node:readline";
import type { Identity } from "./authority.ts";
import type { Room } from "./room.ts";
import { serving } from "./stage.ts";

export interface Setup {
  /** Origin of the platform. */
  upstream: string;
  /** TLS servers by name. */
  servers: Record<string, Identity>;
  /** Name of the server that the proxy leads to. */
  intercept: string;
  /** `user:password` that the proxy asks for. */
  credentials?: string;
}

export interface Ports {
  servers: Record<string, number>;
  proxy: number;
  /** Plain HTTP on [::1]. */
  loopback: number;
}

export interface Seen {
  /** Requests that arrived at a server. */
  requests: { server: string; url: string; headers: Record<string, string> }[];
  /** What the proxy was asked: first line and headers. */
  proxied: string[];
}

export interface Gateway extends Ports, AsyncDisposable {
  seen(): Promise<Seen>;
}

/** Opens a gateway to the room's platform, to be left before the room is. */
export async function openGateway(room: Room, setup: Omit<Setup, "upstream">): Promise<Gateway> {
  const running = serving(room, import.meta.filename!);
  await running.type(`${JSON.stringify({ ...setup, upstream: room.platform.url })}\n`);
  return {
    ...JSON.parse(await running.line()) as Ports,
    async seen() {
      await running.type("\n");
      return JSON.parse(await running.line());
    },
    [Symbol.asyncDispose]: async () => void await running.end(),
  };
}

if (import.meta.main) {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const setup: Setup = JSON.parse((await lines.next()).value!);
  const seen: Seen = { requests: [], proxied: [] };
  const say = (value: unknown) => console.log(JSON.stringify(value));
  say(open(setup, seen));
  while (!(await lines.next()).done) say(seen);
  Deno.exit(0);
}

function open({ upstream, servers, intercept, credentials }: Setup, seen: Seen): Ports {
  const passOn = (server: string) => async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    seen.requests.push({ server, url: request.url, headers: Object.fromEntries(request.headers) });
    const body = request.body ? await request.arrayBuffer() : undefined;
    const { method, headers } = request;
    return await fetch(upstream + pathname + search, { method, headers, redirect: "manual", ...body && { body } });
  };
  const at = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const ports = Object.fromEntries(
    Object.entries(servers).map(([name, identity]) =>
      [name, Deno.serve({ ...at, ...identity }, passOn(name)).addr.port] as const
    ),
  );
  const loopback = Deno.serve({ ...at, hostname: "::1" }, passOn("loopback")).addr.port;
  const proxy = Deno.listen(at);
  const expected = credentials && `Basic ${btoa(credentials)}`;
  void (async () => {
    for await (const connection of proxy) void serveProxy(connection, ports[intercept]!, expected, seen.proxied);
  })();
  return { servers: ports, proxy: proxy.addr.port, loopback };
}

async function serveProxy(client: Deno.TcpConn, port: number, expected: string | undefined, proxied: string[]) {
  const head = await readHead(client);
  proxied.push(head);
  const given = /^proxy-authorization: *(.*?)\r$/im.exec(head)?.[1];
  const refusal = expected !== given
    ? "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=test"
    : head.startsWith("CONNECT ")
    ? undefined
    : "502 Bad Gateway";
  const answer = new TextEncoder().encode(
    `HTTP/1.1 ${refusal ?? "200 OK"}\r\n${refusal ? "Content-Length: 0\r\n" : ""}\r\n`,
  );
  await client.write(answer);
  if (refusal) return client.close();
  const server = await Deno.connect({ hostname: "127.0.0.1", port });
  await Promise.allSettled([client.readable.pipeTo(server.writable), server.readable.pipeTo(client.writable)]);
}

/** A client sends nothing after the head before it is answered. */
async function readHead(client: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(65_536);
  let head = "";
  while (!head.includes("\r\n\r\n")) {
    const count = await client.read(buffer);
    if (count === null) break;
    head += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return head;
}
