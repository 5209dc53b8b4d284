/** Real servers on loopback: what happens below HTTP, and what an answer may cost. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { withToken } from "../support/scripted.ts";
import { autocom } from "../support/harness.ts";
import { answering, BODY, facing, raw } from "../support/api/server.ts";
import { HANG } from "../support/hang.ts";

const BROKEN: [what: string, answer: string, code: number, said: RegExp][] = [
  ["hangs up without a word", "", 10, /the connection to 127\.0\.0\.1:\d+ broke off\nhint: try again\n/],
  [
    "hangs up in its body",
    "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
    11,
    /the answer of \S+ was cut off\nhint: try again\n/,
  ],
  [
    "hangs up in a chunk",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
    11,
    /the answer of \S+ was cut off/,
  ],
  [
    "speaks something else",
    "SSH-2.0-OpenSSH_9.2\r\n",
    11,
    /what 127\.0\.0\.1:\d+ answered is not HTTP\nhint: check AUTOCOM_API_URL/,
  ],
  [
    "sends damaged gzip",
    `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 40\r\n\r\n${"x".repeat(40)}`,
    11,
    /the answer of \S+ is damaged\nhint: try again\n/,
  ],
];
/** What arrives whole and cannot be decoded. */
const GZIP = gzipSync(BODY);
const DAMAGED: [what: string, encoding: string, body: Uint8Array][] = [
  ["text that is called gzip", "gzip", new TextEncoder().encode(BODY)],
  ["gzip whose sum is wrong", "gzip", GZIP.map((byte, at) => at === GZIP.length - 6 ? byte ^ 255 : byte)],
  [
    "gzip with nonsense after its head",
    "gzip",
    new Uint8Array([...GZIP.subarray(0, 10), ...new Uint8Array(99).fill(255)]),
  ],
  ["gzip with something after its end", "gzip", new Uint8Array([...GZIP, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])],
  ["text that is called brotli", "br", new TextEncoder().encode(BODY)],
];
for (const [what, encoding, body] of DAMAGED) {
  Deno.test(`${what} is a damaged answer, not one that was cut off`, async () => {
    for (const chunked of [false, true]) {
      await using server = raw(async (connection) => {
        await connection.read(new Uint8Array(8_192));
        const length = chunked ? "Transfer-Encoding: chunked" : `Content-Length: ${body.length}`;
        await connection.write(
          new TextEncoder().encode(`HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\n${length}\r\n\r\n`),
        );
        if (chunked) await connection.write(new TextEncoder().encode(`${body.length.toString(16)}\r\n`));
        await connection.write(body);
        if (chunked) await connection.write(new TextEncoder().encode("\r\n0\r\n\r\n"));
        connection.close();
      });
      await using w = await facing(server.port);
      w.system = { clock: { ...(await realClock()), sleep: impatient } };
      await autocom("orders list", { code: 11, err: /the answer of \S+ is damaged\nhint: try again\n/ }, w);
    }
  });
}

for (const [what, answer, code, said] of BROKEN) {
  Deno.test(`a server that ${what} is exit ${code}, after what is worth another try`, async () => {
    await using server = raw(answering(answer));
    await using w = await facing(server.port);
    w.system = { clock: { ...(await realClock()), sleep: impatient } };
    await autocom("orders list", { code, err: said }, w);
  });
}

/** Pauses between tries are over at once; the alarms of a request (30 s, 60 s) do not ring. */
function impatient(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms < 30_000) return Promise.resolve();
  return new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason)));
}

async function realClock() {
  return (await import("../../src/system/deno.ts")).denoSystem().clock;
}

Deno.test("a reset connection is worth another try", async () => {
  let tries = 0;
  await using server = raw(async (connection) => {
    await answering(++tries > 2 ? `HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}` : "")(connection);
  });
  await using w = await facing(server.port);
  w.system = { clock: { ...(await realClock()), sleep: impatient } };
  await autocom("orders list -o json", { out: "[]\n" }, w);
});

Deno.test("TR-12: a server that accepts and never answers is exit 10 at --timeout", async () => {
  await using server = raw(() => Promise.resolve());
  await using w = await facing(server.port);
  const began = performance.now();
  const err = /^error: cannot list orders: 127\.0\.0\.1:\d+ did not answer within 0\.05 s\nhint: .*--timeout 0\.1\n$/;
  await autocom("orders list --timeout 0.05", { code: 10, err }, w);
  assert.ok(performance.now() - began < HANG);
  w.env.AUTOCOM_TIMEOUT = "0.04";
  await autocom("orders list", { code: 10, err: /did not answer within 0\.04 s/ }, w);
});

Deno.test("a server that answers one byte at a time is exit 10 at twice the --timeout", async () => {
  const { promise: flowing, resolve: flow } = Promise.withResolvers<void>();
  await using server = raw(async (connection) => {
    await connection.read(new Uint8Array(8192));
    await connection.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"));
    for (let bytes = 0; await connection.write(new Uint8Array([32])); bytes++) {
      if (bytes === 9) flow();
      await new Promise((soon) => setTimeout(soon, 1));
    }
  });
  await using w = await facing(server.port);
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const send = w.fetch!;
  w.fetch = async (request) => {
    const response = await send(request);
    setTimeout(answer);
    return response;
  };
  // The time for the status line is over when it has come and ten bytes after it, the time for the whole then at once.
  const sleep = async () => void await Promise.all([answered, flowing]);
  w.system = { clock: { ...(await realClock()), sleep } };
  await autocom("orders list --timeout 7", { code: 10, err: /did not complete its answer within 14 s/ }, w);
});

const HUGE: [what: string, answer: (sent: (bytes: number) => void) => Response][] = [
  ["endless chunks", (sent) =>
    new Response(
      new ReadableStream({
        pull(controller) {
          sent(1 << 16);
          controller.enqueue(new Uint8Array(1 << 16));
        },
      }),
    )],
  ["a bomb of gzip", () => new Response(BOMB(), { headers: { "Content-Encoding": "gzip" } })],
];
const BOMB = () => new Uint8Array(gzipSync(new Uint8Array(40 << 20), { level: 1 }));
for (const [what, answer] of HUGE) {
  Deno.test(`TR-11: ${what} is exit 11 at 32 MiB of decoded body`, async () => {
    let bytes = 0;
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => answer((more) => bytes += more),
    );
    await using w = await facing(server.addr.port);
    const began = performance.now();
    const err =
      /^error: cannot list orders: the answer of 127\.0\.0\.1:\d+ is larger than 32 MiB\nhint: .*--per-page\n$/;
    await autocom("orders list", { code: 11, err }, w);
    assert.ok(performance.now() - began < HANG);
    assert.ok(bytes < 64 << 20, `${bytes >> 20} MiB were sent`);
    await server.shutdown();
  });
}

Deno.test("TR-11: a length that is said of chunks bounds nothing: 32 MiB of decoded body are the end", async () => {
  let sent = 0;
  await using server = raw(async (connection) => {
    await connection.read(new Uint8Array(4096));
    const head =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n";
    const chunk = new TextEncoder().encode(`10000\r\n${" ".repeat(1 << 16)}\r\n`);
    await writeAll(connection, new TextEncoder().encode(head));
    for (; sent < 200 << 20; sent += 1 << 16) await writeAll(connection, chunk);
  });
  await using w = await facing(server.port);
  await autocom("orders list", { code: 11, err: /the answer of 127\.0\.0\.1:\d+ is larger than 32 MiB\n/ }, w);
  assert.ok(sent < 64 << 20, `${sent >> 20} MiB were sent`);
});

const DENSE: [what: string, status: number, body: () => string, code: number, err: RegExp][] = [
  [
    "four million empty objects",
    200,
    () => `{"data":[${"{},".repeat(4_000_000)}{}]}`,
    11,
    /holds more than 2 million values\nhint: ask for less/,
  ],
  [
    "a refusal with as many lists",
    422,
    () => `{"message":"no","errors":{"a":[${"[],".repeat(1_000_000)}[]]}}`,
    8,
    /status 422/,
  ],
  [
    "a million texts, which are few objects",
    200,
    () =>
      `{"data":{"orders":{"data":[],"meta":{"current_page":1,"total_pages":1,"total_items":0},"x":[${
        '"a:b",'.repeat(1_000_000)
      }""]}}}`,
    0,
    /There are no orders/,
  ],
];
for (const [what, status, body, code, err] of DENSE) {
  Deno.test(`TR-11: ${what} in a few kilobytes of gzip: exit ${code}`, async () => {
    const text = new Uint8Array(gzipSync(body()));
    await using w = await withToken("owner", {
      fetch: () => {
        const decoded = new Response(text).body!.pipeThrough(new DecompressionStream("gzip"));
        return Promise.resolve(new Response(decoded, { status, headers: { "Content-Type": "application/json" } }));
      },
    });
    await autocom("orders list", { code, out: /^/, err }, w);
  });
}

async function writeAll(to: { write(bytes: Uint8Array): Promise<number> }, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await to.write(rest));
}

Deno.test("TR-1, TR-2: a redirect to another origin is not followed, with no status; the other one sees nothing", async () => {
  let stolen = 0;
  const sink = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response(String(stolen++)));
  let status = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    const headers = { Location: `http://127.0.0.1:${sink.addr.port}/steal` };
    return new Response(null, { status, headers });
  });
  await using w = await facing(server.addr.port);
  for (status of [301, 302, 303, 307, 308]) {
    await autocom("orders list", {
      code: 11,
      err: new RegExp(`a redirect to \\S+, which is not followed \\(status ${status}\\)`),
    }, w);
    await autocom("whoami", { code: 11, err: /which is not followed/ }, w);
  }
  assert.equal(stolen, 0);
  await Promise.all([server.shutdown(), sink.shutdown()]);
});

Deno.test("an address with nobody behind it, or with no TLS, is exit 10 and named", async () => {
  const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  gone.close();
  await using nobody = await facing(gone.addr.port);
  await autocom("orders list", {
    code: 10,
    err:
      /cannot list orders: 127\.0\.0\.1:\d+ refused the connection\nhint: nothing listens there: start the server, or check AUTOCOM_API_URL\n$/,
  }, nobody);
  await using server = raw(answering("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
  await using plain = await facing(server.port, "https");
  await autocom(
    "orders list",
    { code: 10, err: /127\.0\.0\.1:\d+ does not speak TLS\nhint: check AUTOCOM_API_URL/ },
    plain,
  );
});

Deno.test("a proxy that refuses is exit 10, and the hint names its variables", async () => {
  await using server = raw(answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
  const client = Deno.createHttpClient({ proxy: { url: `http://127.0.0.1:${server.port}` } });
  await using w = await withToken("owner", {
    env: { AUTOCOM_API_URL: "https://api.example.invalid/api/v1" },
    fetch: (request) => fetch(request, { client }),
  });
  const err = /the proxy did not connect to api\.example\.invalid\nhint: check HTTPS_PROXY and NO_PROXY\n/;
  await autocom("orders list", { code: 10, err }, w);
  client.close();
});

Deno.test("a request to the token endpoint is sent once, also when the server hangs up without a word", async () => {
  let hits = 0;
  await using server = raw(async (connection) => {
    hits++;
    await answering("")(connection);
  });
  await using w = await facing(server.port);
  delete w.env.AUTOCOM_TOKEN;
  w.env.HOME = w.home;
  w.env.DISPLAY = ":0";
  // The browser comes back at once; the exchange of its code meets the server.
  w.browser = async (url) => {
    const asked = new URL(url).searchParams;
    const answer = await fetch(`${asked.get("redirect_uri")}?code=abc&state=${asked.get("state")}`);
    await answer.body?.cancel();
  };
  await autocom("auth login", { code: 10, err: /the connection to 127\.0\.0\.1:\d+ broke off/ }, w);
  assert.equal(hits, 1);
});
