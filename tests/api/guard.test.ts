import assert from "node:assert/strict";
import { guard, isSecure, isToken } from "../../src/api/guard.ts";
import { headers } from "../../src/api/headers.ts";
import type { Call, Send } from "../../src/api/call.ts";

/** Remembers what reached the network. */
function network(): Send & { sent: Call[] } {
  const sent: Call[] = [];
  return Object.assign((call: Call) => Promise.resolve((sent.push(call), new Response("{}"))), { sent });
}

function to(url: string, headers = {}): Call {
  return { method: "GET", url: new URL(url), headers };
}

Deno.test("TR-6: a token may go to https, and in clear text to the loopback literals alone", () => {
  const secure = [
    "https://api.example",
    "http://127.0.0.1",
    "http://127.0.0.1:8790/api",
    "http://[::1]:1",
    "http://0x7f.1/",
  ];
  const open = [
    "http://localhost",
    "http://127.0.0.2",
    "http://127.0.0.1.evil.test",
    "http://[::2]",
    "http://example.com",
    "ftp://127.0.0.1",
    "file:///etc/passwd",
  ];
  for (const url of secure) assert.equal(isSecure(new URL(url)), true, url);
  for (const url of open) assert.equal(isSecure(new URL(url)), false, url);
});

Deno.test("TR-9: a request to another origin, or in clear text, never reaches the network", async () => {
  const end = network();
  const send = guard("https://api.example")(end);
  for (const url of ["https://evil.example/x", "https://api.example:444/x", "https://api.example.evil.test/x"]) {
    assert.throws(() => send(to(url)), { kind: "bug" });
  }
  assert.throws(() => guard("http://api.example")(end)(to("http://api.example/x")), { kind: "usage" });
  assert.equal(end.sent.length, 0);
  await send(to("https://API.example:443/x"));
  assert.deepEqual(end.sent.map(({ url }) => url.href), ["https://api.example/x"]);
});

Deno.test("a token is what RFC 6750 says, at most 16 KB", () => {
  for (const good of ["a", "eyJ0.eyJ1.c2ln-_x", "abc~+/==", "x".repeat(16_384)]) assert.equal(isToken(good), true);
  for (const bad of ["", " a", "a b", "a\n", "a\0", "é", "a=b", '"a"', "x".repeat(16_385)]) {
    assert.equal(isToken(bad), false, bad);
  }
});

Deno.test("TR-16: a token that is none is refused before a header is built, and is not quoted", () => {
  const end = network();
  const send = headers({ token: "SECRET\nx", tenant: undefined, userAgent: "autocom" })(end);
  assert.throws(() => send(to("https://h")), (error: Error) => !error.message.includes("SECRET"));
  assert.equal(end.sent.length, 0);
});

Deno.test("headers are set whatever the request had; without a tenant there is no X-Tenant", async () => {
  const end = network();
  const given = { accept: "*/*", authorization: "Basic x", "x-other": "kept" };
  await headers({ token: "t", tenant: "acme", userAgent: "u" })(end)(to("https://h", given));
  await headers({ token: "t", tenant: undefined, userAgent: "u" })(end)(to("https://h"));
  const [first, second] = end.sent.map(({ headers }) => headers);
  assert.deepEqual(first, {
    accept: "application/json",
    authorization: "Bearer t",
    "user-agent": "u",
    "x-tenant": "acme",
    "x-other": "kept",
  });
  assert.equal("x-tenant" in second!, false);
});
