/** How an answer becomes a kind, by the documented order: 401, the codes, then the statuses. */
import assert from "node:assert/strict";
import { type Asked, failure, kindOf, type Refusal } from "../../src/api/failure.ts";
import { dateOf, retryAfter } from "../../src/api/retry.ts";
import { forbidden } from "../support/output/fixture.ts";
import { renderError } from "../../src/output/failing.ts";

const ASKED: Asked = { action: "list orders", origin: "https://api.example", tenant: "acme" };

const KINDS: [status: number, code: string | undefined, kind: string][] = [
  [401, undefined, "unauthenticated"],
  [401, "TENANT_FORBIDDEN", "unauthenticated"],
  [401, "FORBIDDEN", "unauthenticated"],
  [200, "UNAUTHENTICATED", "unauthenticated"],
  [403, "TENANT_FORBIDDEN", "tenant"],
  [400, "TENANT_REQUIRED", "tenant"],
  [404, "TENANT_NOT_FOUND", "tenant"],
  [500, "TENANT_ANYTHING", "tenant"],
  [403, undefined, "forbidden"],
  [403, "SOMETHING_ELSE", "forbidden"],
  [200, "FORBIDDEN", "forbidden"],
  [404, undefined, "not-found"],
  [200, "NOT_FOUND", "not-found"],
  [409, undefined, "rejected"],
  [422, undefined, "rejected"],
  [400, undefined, "rejected"],
  [418, undefined, "rejected"],
  [407, undefined, "network"],
  [200, "VALIDATION", "rejected"],
  [200, "SOMETHING_ELSE", "rejected"],
  [429, undefined, "rate-limited"],
  [200, "RATE_LIMITED", "rate-limited"],
  [500, undefined, "server"],
  [599, undefined, "server"],
  [200, "INTERNAL", "server"],
  [403, "unauthenticated", "forbidden"],
];
for (const [status, code, kind] of KINDS) {
  Deno.test(`${status} with ${code ? `the code ${code}` : "no code"} is ${kind}`, () => {
    assert.equal(kindOf({ status, ...code ? { code } : {} }), kind);
  });
}

Deno.test("every refusal says what was wanted, and what to type when there is something", () => {
  for (const [status, code] of KINDS) {
    const error = failure({ status, ...code ? { code } : {}, message: "no" }, ASKED);
    assert.match(error.message, /^cannot list orders: \S/);
    const isFinal = error.kind === "not-found" || error.kind === "rejected";
    assert.equal(typeof error.hint, isFinal ? "undefined" : "string", `${status} ${code}`);
    assert.equal(error.status, status === 200 ? undefined : status);
  }
});

Deno.test("a refusal that says nothing, not even by a code, may be another program's: the hint looks at the address", () => {
  for (const status of [400, 402, 406, 408, 411, 413, 414, 415, 417, 418, 419, 421, 425, 426, 428, 431, 451, 499]) {
    assert.match(failure({ status }, ASKED).hint!, /a proxy, or another address\? autocom config get api_url$/);
    assert.equal(failure({ status, message: "The order is closed." }, ASKED).hint, undefined);
    assert.equal(failure({ status, code: "VALIDATION" }, ASKED).hint, undefined);
  }
  const proxy = failure({ status: 407, message: "who are you?" }, ASKED);
  assert.deepEqual([proxy.exit, proxy.hint], [10, "check HTTPS_PROXY and NO_PROXY"]);
});

Deno.test("who can be logged in again is told how: by the variable, by a renewal, by a login", () => {
  const hint = (more: Partial<Asked>) => failure({ status: 401 }, { ...ASKED, ...more }).hint;
  assert.equal(hint({}), "autocom auth login");
  assert.equal(hint({ renewable: true }), "autocom auth refresh");
  assert.equal(hint({ variable: "AUTOCOM_TOKEN" }), "put a valid token into AUTOCOM_TOKEN, or unset it");
});

Deno.test("LK-12: the server's message, permission and fields are shown escaped, one line each", () => {
  const hostile = "\x1b]8;;https://x\x1b\\click\r\nerror: fake\u202e";
  const cases: Refusal[] = [
    { status: 422, message: hostile, fields: { [hostile]: [hostile] } },
    { status: 403, code: "FORBIDDEN", permission: hostile },
    { status: 403, message: hostile },
    { status: 403, code: "TENANT_X", message: hostile },
    { status: 500, message: hostile, requestId: hostile },
  ];
  for (const refusal of cases) {
    const text = renderError(failure(refusal, ASKED), "table");
    assert.equal(forbidden(text), undefined);
    assert.match(text, /^error: [^\n]*\n( {2}[^\n]*\n)?(hint: [^\n]*\n)?$/);
  }
});

const NOW = Date.parse("2026-05-03T10:00:00Z");
const WAITS: [text: string | undefined, seconds: number | undefined][] = [
  [undefined, undefined],
  ["", undefined],
  ["42", 42],
  [" 7 ", 7],
  ["0", 0],
  ["999999999", 999_999_999],
  ["9999999999", 9_999_999_999],
  ["9".repeat(400), Infinity],
  ["40, 3", 40],
  ["3,40, 7", 40],
  ["40, soon", undefined],
  ["40,", undefined],
  ["1.5", undefined],
  ["-1", undefined],
  ["Sun, 03 May 2026 10:01:00 GMT", 60],
  ["Sun, 03 May 2026 09:00:00 GMT", 0],
  ["tomorrow", undefined],
  ["2026", 2026],
  ["Sun, 03 May 275760 10:01:00 GMT", undefined],
  ["Mon, 03 May 2027 10:00:00 GMT", 31_536_000],
  ["Sunday, 03-May-26 10:01:00 GMT", 60],
];
for (const [text, seconds] of WAITS) {
  Deno.test(`Retry-After ${JSON.stringify(text)} asks for ${seconds ?? "nothing"}`, () => {
    assert.equal(retryAfter(new Headers(text === undefined ? {} : { "Retry-After": text }), NOW), seconds);
  });
}

Deno.test("FT-33: a Retry-After date is measured against the answer's own Date, whatever the clock here says", () => {
  const headers = new Headers({
    "Retry-After": "Sun, 03 May 2026 10:01:00 GMT",
    "Date": "Sun, 03 May 2026 10:00:10 GMT",
  });
  for (const hours of [-30, -1, 0, 1, 24 * 400]) assert.equal(retryAfter(headers, NOW + hours * 3_600_000), 50);
});

const DATES: [text: string | null, ms: number | undefined][] = [
  ["Sun, 03 May 2026 10:00:00 GMT", NOW],
  ["Sunday, 03-May-26 10:00:00 GMT", NOW],
  [null, undefined],
  ["", undefined],
  ["0", undefined],
  ["-1", undefined],
  ["1777802400000", undefined],
  ["Sun, 03 May 275760 10:00:00 GMT", undefined],
  ["Sat, 13 Sep 275760 00:00:00 GMT", undefined],
  ["Thu, 01 Jan 1970 00:00:00 GMT", undefined],
  ["Sun, 03 May -2026 10:00:00 GMT", undefined],
  ["Sun, 03 May 2126 10:00:00 GMT", undefined],
  ["Sun, 99 May 2026 10:00:00 GMT", undefined],
  [`Sun, ${" ".repeat(100_000)}03 May 2026`, undefined],
];
for (const [text, ms] of DATES) {
  Deno.test(`FT-29: the date ${JSON.stringify(text)?.slice(0, 50)} is ${ms ?? "no date"}`, () =>
    assert.equal(dateOf(text), ms));
}

const PROOFS: [refusal: Refusal, tenant: string | undefined, said: string][] = [
  [
    { status: 404, code: "TENANT_NOT_FOUND", message: "No such tenant." },
    "x",
    'tenant "x" was not accepted: No such tenant.',
  ],
  [{ status: 403, code: "TENANT_SUSPENDED" }, "x", 'tenant "x" was not accepted: status 403'],
  [{ status: 400, code: "TENANT_REQUIRED", message: "?" }, undefined, "no tenant was named"],
  [
    { status: 403, code: "TENANT_FORBIDDEN", message: "No member." },
    "x",
    'the token was accepted, but not tenant "x": No member.',
  ],
  [{ status: 403, message: "Forbidden by the firewall" }, "x", 'forbidden in tenant "x": Forbidden by the firewall'],
  [{ status: 403 }, undefined, "forbidden: status 403"],
  [
    { status: 403, code: "FORBIDDEN", permission: "orders.cancel" },
    "x",
    'token and tenant "x" were accepted, but the permission "orders.cancel" is missing',
  ],
];
for (const [refusal, tenant, said] of PROOFS) {
  Deno.test(`FT-31: ${refusal.status} ${refusal.code ?? "without a code"} says only what it proves: ${said}`, () => {
    const { tenant: _, ...asked } = ASKED;
    assert.equal(failure(refusal, { ...asked, ...tenant && { tenant } }).message, `cannot list orders: ${said}`);
  });
}

Deno.test("FT-51: a refusal by the business sends nobody to --help", () => {
  for (const fields of [undefined, { status: ["A delivered order cannot be cancelled."] }]) {
    assert.equal(failure({ status: 422, message: "no", ...fields && { fields } }, ASKED).hint, undefined);
  }
});
