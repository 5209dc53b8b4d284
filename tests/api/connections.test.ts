/** Answers whose head, encoding or status is wrong: the documented order decides. */
import assert from "node:assert/strict";
import { ADDRESS, at, encode, holds, line, PEER, test } from "../support/api/asking.ts";
import { answering, raw } from "../support/api/server.ts";

const HEADS: [what: string, head: string, code: number, said: RegExp][] = [
  [
    "a head of 1 MB",
    `X-A: ${"a".repeat(1 << 20)}\r\n`,
    11,
    line(`the headers of the answer of ${PEER} are too large`, ADDRESS),
  ],
  [
    "1,000 headers",
    "X-A: b\r\n".repeat(1_000),
    11,
    line(`the headers of the answer of ${PEER} are too large`, ADDRESS),
  ],
  ["a header without a name", ": b\r\n", 11, line(`what ${PEER} answered is not HTTP`, ADDRESS)],
  ["two lengths", "Content-Length: 3\r\n", 11, line(`what ${PEER} answered is not HTTP`, ADDRESS)],
];
for (const [what, head, code, said] of HEADS) {
  test(`FT-38: an answer with ${what} is exit ${code}`, async () => {
    await using server = raw(async (connection) => {
      await connection.read(new Uint8Array(8_192));
      let rest = encode(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${head}\r\n{}`);
      while (rest.length > 0) rest = rest.subarray(await connection.write(rest));
      connection.close();
    });
    await holds(`http://127.0.0.1:${server.port}`, code, said);
  });
}

for (
  const first of [
    "HTTP/1.1 999 What",
    "HTTP/1.1 1000 What",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x",
    "HTTP/3.0 200 OK",
  ]
) {
  test(`an answer that begins with ${JSON.stringify(first)} is exit 11`, async () => {
    await using server = raw(answering(`${first}\r\nContent-Length: 0\r\n\r\n`));
    await holds(`http://127.0.0.1:${server.port}`, 11, /what \S+ answered is not HTTP/);
  });
}

for (const encoding of ["gzip", "br", "deflate"]) {
  for (
    const body of [
      "Content-Length: 0\r\n\r\n",
      "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "\r\n",
      "Content-Length: 9\r\n\r\ngarbage!!",
    ]
  ) {
    test(`FT-32: 401 with Content-Encoding ${encoding} and ${JSON.stringify(body)} is exit 4, asked once`, async () => {
      let asked = 0;
      await using server = raw(async (connection) => {
        asked++;
        await answering(`HTTP/1.1 401 Unauthorized\r\nContent-Encoding: ${encoding}\r\n${body}`)(connection);
      });
      await holds(`http://127.0.0.1:${server.port}`, 4, /did not accept the token/);
      assert.equal(asked, 1);
    });
  }
}

const EMPTY: [status: number, code: number, said: RegExp][] = [
  [200, 11, /answered with nothing \(status 200\)/],
  [204, 11, /answered with nothing \(status 204\)/],
  [302, 11, /a redirect to nowhere, which is not followed/],
  [401, 4, /did not accept the token/],
  [403, 6, /forbidden in tenant "acme": status 403/],
  [
    404,
    11,
    /has no \/api\/v1\/graphql \(status 404\): it is not the API's address.*\nhint: check AUTOCOM_API_URL/,
  ],
  [402, 8, /cannot \S+ \S+: status 402: payment is required/],
  [408, 8, /status 408: the request came too slowly/],
  [413, 8, /status 413: the request is too large/],
  [422, 8, /status 422/],
  [451, 8, /status 451: it is withheld for legal reasons/],
  [429, 9, /limits the rate of requests.*\nhint: try again in 45 s/],
  [500, 11, /failed: status 500/],
  [503, 11, /is not available: status 503.*\nhint: try again in 45 s/],
];
for (const [status, code, said] of EMPTY) {
  test(`decisions 5: an empty answer with status ${status} is exit ${code} by the status alone`, async () => {
    const server = Deno.serve(at, () => new Response(null, { status, headers: { "Retry-After": "45" } }));
    await holds(`http://127.0.0.1:${server.addr.port}`, code, said);
    await server.shutdown();
  });
}

const ODD: [what: string, status: number, body: string, type: string, code: number, said: RegExp][] = [
  [
    "429 with an HTML page",
    429,
    "<html>slow down</html>",
    "text/html",
    9,
    /limits the rate of requests.*\nhint: try again in 45 s/,
  ],
  ["429 with a token refused in it", 429, `{"code":"UNAUTHENTICATED"}`, "application/json", 9, /limits the rate/],
  ["429 with 40 MB", 429, "x".repeat(40 << 20), "text/plain", 9, /limits the rate/],
  ["401 with bytes that are no text", 401, "\xff", "text/plain", 4, /did not accept the token/],
  ["401 with HTML", 401, "<html>", "text/html", 11, /an HTML page \(status 401\)/],
  ["503 with HTML", 503, "<html>", "text/html", 11, /is not available: status 503.*\nhint: try again in 45 s/],
  [
    "404 of Laravel's router",
    404,
    `{"message":"The route x could not be found."}`,
    "application/json",
    11,
    /it is not the API's address/,
  ],
  ["404 of another program", 404, `{"error":"not found"}`, "application/json", 11, /it is not the API's address/],
  ["404 in plain text", 404, "404 page not found", "text/plain", 11, /it is not the API's address/],
  [
    "405",
    405,
    `{"message":"The POST method is not supported."}`,
    "application/json",
    11,
    /it is not the API's address/,
  ],
  [
    "404 of a thing that Laravel did not find",
    404,
    `{"message":"No query results for model [App\\\\Models\\\\Order] 7"}`,
    "application/json",
    7,
    /No query results/,
  ],
  ["404 of the platform", 404, `{"code":"NOT_FOUND","message":"no order"}`, "application/json", 7, /no order/],
];
for (const [what, status, body, type, code, said] of ODD) {
  test(`FT-30, FT-33: ${what} is exit ${code}`, async () => {
    const bytes = Uint8Array.from(body, (char) => char.charCodeAt(0));
    const headers = { "Content-Type": type, "Retry-After": "45" };
    const server = Deno.serve(at, () => new Response(bytes, { status, headers }));
    await holds(`http://127.0.0.1:${server.addr.port}`, code, said);
    await server.shutdown();
  });
}
