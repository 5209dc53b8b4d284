/**
 * As much of an HTTP server as the callback of a login takes: one request a connection, its head and no more, read as it
 * stands (RFC 9112). Not `Deno.serve`: that listens where `DENO_SERVE_ADDRESS` says, ends the process when no file handle is
 * left, waits for ever for a head, and prints what its handler throws. A chunk of its own, loaded by a login.
 *
 * @module
 */

import { receive, writeAll } from "./crowd.ts";
import type { Incoming, Outgoing } from "./mod.ts";

/** Bytes of a head: browsers send the cookies of every port of 127.0.0.1 along. */
const LONGEST = 65_536;

const REASONS: Record<number, string> = {
  200: "OK",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  410: "Gone",
  431: "Request Header Fields Too Large",
  502: "Bad Gateway",
};

/** Answers every request that comes to the listener, until it is closed. */
export function serveLoopback(
  listener: Deno.TcpListener,
  handler: (request: Incoming) => Outgoing | Promise<Outgoing>,
) {
  return receive(listener, LONGEST, async (connection, head) => {
    const request = head === undefined ? undefined : parse(head);
    const answer = request ? await handler(request) : { status: head === undefined ? 431 : 400, headers: {}, body: "" };
    await writeAll(connection, text(answer, request?.method !== "HEAD"));
  });
}

/** Undefined when it is no HTTP/1 request. Several lines of one name are joined, as `Headers` does. */
export function parse(head: string): Incoming | undefined {
  const [first = "", ...lines] = head.slice(0, -4).split("\r\n");
  const [, method, target] = /^([A-Z]+) ([\x21-\x7e]+) HTTP\/1\.[01]$/.exec(first) ?? [];
  if (!method || !target) return undefined;
  const headers: Record<string, string> = Object.create(null);
  for (const line of lines) {
    const at = line.indexOf(":");
    const name = line.slice(0, at).toLowerCase();
    if (at < 1 || !/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return undefined;
    const value = line.slice(at + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return { method, target, headers };
}

function text({ status, headers, body }: Outgoing, withBody: boolean): string {
  const fields = { ...headers, "Content-Length": String(new TextEncoder().encode(body).length), Connection: "close" };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `HTTP/1.1 ${status} ${REASONS[status] ?? ""}\r\n${lines}\r\n${withBody ? body : ""}`;
}
