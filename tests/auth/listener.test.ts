/** What comes to a login's port from anybody on this machine: nothing of it ends the login, prints, or is kept. */
import assert from "node:assert/strict";
import { listen } from "../../src/auth/callback.ts";
import { newAttempt } from "../../src/auth/pkce.ts";
import { AppError } from "../../src/errors.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { get, hold, send } from "../support/auth/sockets.ts";

const system = denoSystem();

/** A login that waits, and goes on after `body` until its own callback comes. */
async function waiting(body: (port: number, valid: string) => Promise<void>): Promise<void> {
  const attempt = await newAttempt(system.random);
  const callback = listen({ ...system.serve, ports: [0] }, attempt, "https://api.example.com", () => {});
  const port = Number(new URL(callback.redirectUri).port);
  const valid = `/callback?code=abc&state=${attempt.state}`;
  let outcome = "pending";
  callback.code.then(() => outcome = "code", (error) => outcome = String(error));
  try {
    await body(port, valid);
    assert.equal(outcome, "pending");
    const answer = send(port, get(port, valid));
    assert.equal(await callback.code, "abc");
    await callback.close(true);
    assert.equal((await answer).status, 200);
  } finally {
    await callback.close(false);
  }
}

/** Anything but an answer that takes the code. `{valid}` is the target that would be taken. */
const MALFORMED: [what: string, bytes: string, status: number | "none"][] = [
  ["a Host of two words", "GET {valid} HTTP/1.1\r\nHost: a b\r\n\r\n", 403],
  ["a Host that is no text", "GET {valid} HTTP/1.1\r\nHost: \x01\x02\xff\r\n\r\n", 403],
  ["an empty Host", "GET {valid} HTTP/1.1\r\nHost:\r\n\r\n", 403],
  ["a Host that is an address", "GET {valid} HTTP/1.1\r\nHost: http://127.0.0.1:{port}\r\n\r\n", 403],
  ["a Host with brackets", "GET {valid} HTTP/1.1\r\nHost: [::1\r\n\r\n", 403],
  ["a Host of 60 KB", `GET {valid} HTTP/1.1\r\nHost: ${"a".repeat(60_000)}\r\n\r\n`, 403],
  ["no name of a header", "GET {valid} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n: x\r\n\r\n", 400],
  ["a header in two lines", "GET {valid} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX: a\r\n b\r\n\r\n", 400],
  ["a space before the colon", "GET {valid} HTTP/1.1\r\nHost : 127.0.0.1:{port}\r\n\r\n", 400],
  ["__proto__ for a header", "GET /callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n__proto__: x\r\n\r\n", 400],
  [
    "percent signs without digits",
    "GET /callback?code=%&state=%zz&x=%E0%A4 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    400,
  ],
  ["a target that is no address", "GET http://[ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", 403],
  ["a target of two slashes", "GET //evil/callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", 404],
  ["an asterisk", "OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", 405],
  ["a way through", "CONNECT evil.example:443 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", 405],
  ["no target", "GET HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", 400],
  ["HTTP/0.9", "GET {valid}\r\n\r\n", 400],
  ["HTTP/9", "GET {valid} HTTP/9\r\nHost: 127.0.0.1:{port}\r\n\r\n", 400],
  ["a method in lower case", "get {valid} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "none"],
  ["a target with a NUL", "GET /callback\0 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", 400],
  ["a head of 100 KB", `GET {valid} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX: ${"a".repeat(100_000)}\r\n\r\n`, 431],
  ["20,000 headers", `GET {valid} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n${"X: a\r\n".repeat(20_000)}\r\n`, 431],
  ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["a greeting of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "none"],
  ["SSH", "SSH-2.0-OpenSSH_9.2\r\n\r\n", 400],
  ["an empty line", "\r\n\r\n", "none"],
  ["zeros", "\0".repeat(500), "none"],
];
for (const [what, bytes, status] of MALFORMED) {
  Deno.test(`FT-12: ${what} is ${status === "none" ? "hung up on" : `answered ${status}`}, and the login waits on`, async () => {
    await waiting(async (port, valid) => {
      const answer = await send(port, bytes.replace("{valid}", valid).replaceAll("{port}", String(port)));
      assert.equal(answer.status, status === "none" ? NaN : status);
      assert.ok(!/abc|state/.test(answer.body));
    });
  });
}

Deno.test("FT-20: 600 connections that say nothing, half a line or too much keep nobody from logging in", async () => {
  const said = ["", "GET /callback?code=abc HTTP/1.1\r\nHost: 127.0.0.1", "\x16", `GET /${"x".repeat(70_000)}`];
  await waiting(async (port) => {
    const held: Deno.TcpConn[] = [];
    for (let count = 0; count < 600; count++) held.push(await hold(port, said[count % 4]!).catch(() => hold(port, "")));
    // What is held at a time is bounded: the oldest are let go, and a read on them ends.
    let ended = 0;
    const reads = held.slice(0, 500).map((socket) =>
      socket.read(new Uint8Array(9_000)).catch(() => null).then(() => ended++)
    );
    const guard = setTimeout(() => held.forEach((socket) => socket.close()), 60_000);
    await Promise.all(reads);
    clearTimeout(guard);
    assert.equal(ended, 500);
    for (const socket of held) socket.close();
  });
});

Deno.test("FT-20: who reads no answer holds nobody up", async () => {
  await waiting(async (port) => {
    const deaf = await Promise.all(Array.from({ length: 100 }, () => hold(port, get(port, "/"))));
    assert.equal((await send(port, get(port, "/"))).status, 404);
    for (const socket of deaf) socket.close();
  });
});

for (
  const [name, said] of [["AddrNotAvailable", /this machine has no address 127\.0\.0\.1/], [
    "AddrInUse",
    /none of the ports 1, 2 is free/,
  ]] as const
) {
  Deno.test(`FT-23: where every port is refused with ${name} a login says so and names the paste`, async () => {
    const serve = {
      ports: [1, 2],
      listen() {
        throw new Deno.errors[name]("(os error 99)");
      },
    };
    const attempt = await newAttempt(system.random);
    assert.throws(() => listen(serve, attempt, "https://api.example.com", () => {}), (error) => {
      assert.ok(error instanceof AppError && error.exit === 1);
      assert.match(error.message, said);
      assert.match(error.hint!, /paste the address instead: autocom auth login --no-browser$/);
      return true;
    });
  });
}
