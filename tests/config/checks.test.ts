import assert from "node:assert/strict";
import type { AppError } from "../../src/errors.ts";
import { checkApiUrl, checkTenant } from "../../src/config/mod.ts";

function refused(call: () => unknown, message: RegExp, hint = /./): void {
  assert.throws(call, (error: AppError) => {
    assert.equal(error.exit, 2);
    assert.match(error.message, message);
    assert.match(error.hint!, hint);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(error.message + error.hint, /[\x00-\x1f]/);
    return true;
  });
}

Deno.test("an address is taken as it was parsed, without spaces around it or slashes at its end", () => {
  const cases = [
    ["https://api.example.com/api/v1", "https://api.example.com/api/v1"],
    ["  https://api.example.com/api/v1/  ", "https://api.example.com/api/v1"],
    ["https://api.example.com///", "https://api.example.com"],
    ["HTTPS://API.Example.COM:443/Api", "https://api.example.com/Api"],
    ["https://api.example.com:8443", "https://api.example.com:8443"],
    ["https://localhost/api", "https://localhost/api"],
    ["https://müller.example", "https://xn--mller-kva.example"],
    ["https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443/a"],
    ["https://h.example/graphql/v1", "https://h.example/graphql/v1"],
    ["https://h.example/a/../b", "https://h.example/b"],
  ];
  for (const [text, url] of cases) assert.equal(checkApiUrl(text!), url);
});

Deno.test("plain http goes to the literals 127.0.0.1 and [::1], however they are written", () => {
  assert.equal(checkApiUrl("http://127.0.0.1:8080/api/v1"), "http://127.0.0.1:8080/api/v1");
  assert.equal(checkApiUrl("http://[::1]:8080"), "http://[::1]:8080");
  assert.equal(checkApiUrl("http://127.1"), "http://127.0.0.1");
  assert.equal(checkApiUrl("http://0x7f000001/"), "http://127.0.0.1");
});

Deno.test("CF-20, TR-6: plain http to anything else is refused", () => {
  const hosts = ["evil", "example.com", "127.0.0.2", "0.0.0.0", "[::ffff:127.0.0.1]", "127.0.0.1.evil.example", "[::]"];
  for (const host of hosts) refused(() => checkApiUrl(`http://${host}/api`), /plain http is only for/, /https:/);
  refused(() => checkApiUrl("http://127.0.0.1@evil.example"), /plain http is only for/);
  refused(() => checkApiUrl("http://evil.example\\@127.0.0.1"), /plain http is only for/);
});

Deno.test("a name for the loopback is refused with the literal to write", () => {
  const hint = /^write: http:\/\/127\.0\.0\.1:8080\/api\/v1$/;
  refused(() => checkApiUrl("http://localhost:8080/api/v1"), /a name can lead elsewhere/, hint);
  refused(() => checkApiUrl("http://localhost."), /plain http is only for/);
});

Deno.test("CF-20: what is no https address is refused", () => {
  for (const text of ["ftp://h", "javascript:alert(1)", "file:///etc/passwd", "data:,x", "localhost:8080", "ws://h"]) {
    refused(() => checkApiUrl(text), /only https is accepted/);
  }
  for (const text of ["", "h.example", "//h.example", "https://", "https://h:99999", "https://a b"]) {
    refused(() => checkApiUrl(text), /it is not an address/);
  }
  refused(() => checkApiUrl("https://a;b"), /not the name of a host/);
  refused(() => checkApiUrl("https://h/" + "x".repeat(5_000)), /longer than 2000 characters/);
});

Deno.test("CF-20: an address that ends in /graphql is refused with the address to write", () => {
  const hint = /^write: https:\/\/h\.example\/api\/v1$/;
  for (const end of ["/graphql", "/graphql/", "/GraphQL"]) {
    refused(() => checkApiUrl(`https://h.example/api/v1${end}`), /must not end in \/graphql/, hint);
  }
});

Deno.test("CF-20: a control character is refused, also where a parser would drop it", () => {
  for (
    const text of [
      "https://h\n.example",
      "https://h.example/\r",
      "\thttps://h.example",
      "https://h.example/\0",
      "https://h.example\n",
    ]
  ) {
    refused(() => checkApiUrl(text), /control character/);
  }
});

Deno.test("CF-20: a user, a query and a fragment are refused, and their text is not repeated", () => {
  for (
    const text of [
      "https://u:hush@h",
      "https://hush@h",
      "https://:hush@h",
      "https://h/?token=hush",
      "https://h/#hush",
      "https://u:hu/sh@h",
      "https://u:h?ush@h",
    ]
  ) {
    refused(() => checkApiUrl(text), /user name or a password|a query or a fragment|not an address/);
    assert.throws(() => checkApiUrl(text), (error: AppError) => !/hu|ush/.test(error.message + error.hint));
  }
  refused(() => checkApiUrl("https://h?"), /a query or a fragment/);
  refused(() => checkApiUrl("https://h#"), /a query or a fragment/);
});

Deno.test("the message says where the value stood", () => {
  refused(() => checkApiUrl("ftp://h", "--api-url"), /^cannot use --api-url "ftp:\/\/h": only https is accepted$/);
  refused(() => checkTenant("a b", "AUTOCOM_TENANT"), /^cannot use AUTOCOM_TENANT "a b": it is not a slug$/);
});

Deno.test("a tenant is a slug, taken without the blanks around it", () => {
  for (const slug of ["acme", "a", "A-1_b.c", "0k3j9x2a", "x".repeat(63)]) {
    assert.equal(checkTenant(` ${slug}\n`), slug);
  }
});

Deno.test("TR-15: what could end a header or a path is no tenant", () => {
  for (
    const text of [
      "",
      " ",
      "a\r\nX-Evil: 1",
      "a\0",
      "a b",
      "a/b",
      "../a",
      "-a",
      ".a",
      "ä",
      "a:b",
      "x".repeat(64),
      "a\u2028b",
    ]
  ) {
    refused(() => checkTenant(text), /it is not a slug/);
  }
});

Deno.test("FT-17: an address of any length is refused by its length before a pattern looks at it", () => {
  const pumps = [" ", "\t", "/", "?", "@", "a", "%", ".", "\u2028"];
  for (const pump of pumps) {
    for (const text of [`https://a${pump.repeat(500_000)}b`, pump.repeat(500_000), `${pump.repeat(500_000)}x`]) {
      refused(
        () => checkApiUrl(text, "--api-url"),
        /^cannot use --api-url ".{0,200}: it is longer than 2000 characters$/s,
      );
    }
  }
});
