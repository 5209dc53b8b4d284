/** What the platform, or something in its place, may answer: each case ends with its documented code and one hint. */
import assert from "node:assert/strict";
import { autocom, execute, type World } from "../support/harness.ts";
import { envelope, hasty, html, json, order, page, scripted, withToken } from "../support/scripted.ts";

const ORIGIN = "http://127.0.0.1:8790";

const MAINTENANCE: [form: World["sandbox"]["options"]["maintenance"], err: RegExp][] = [
  ["down", /^error: cannot list orders: http:\S+ is not available: Service Unavailable.*\nhint: try again later\n$/],
  ["retry", /^error: cannot list orders: http:\S+ is not available: Service Unavailable.*\nhint: try again in 60 s\n$/],
  ["render", /http:\S+ is not available: status 503\nhint: try again (later|in 60 s)\n$/],
  [
    "redirect",
    /answered with a redirect to "http:\/\/127\.0\.0\.1:8790\/", which is not followed \(status 302\)\nhint: main/,
  ],
  [
    "status500",
    /http:\S+ failed: Service Unavailable.*\nhint: try again; if it stays, is "acme" one of your tenants/,
  ],
];
for (const [form, err] of MAINTENANCE) {
  Deno.test(`maintenance in the form "${form}" is exit 11`, async () => {
    await using w = await withToken("owner", hasty());
    w.sandbox.options.maintenance = form;
    await autocom(
      "orders list",
      { code: 11, err: (text) => assert.match(text.replace(/ \(request \S+\)/, ""), err) },
      w,
    );
    await autocom("tenants list", { code: 11, err: /^error: cannot list your tenants: / }, w);
  });
}

const AWAY = [
  ["TR-1", "https://sink.example/steal?token=x", '"https://sink.example/steal"'],
  ["TR-2", "http://127.0.0.1:1/", '"http://127.0.0.1:1/"'],
  ["TR-3", "http://api.autocom.wexron.io/api/v1/graphql", '"http://api.autocom.wexron.io/api/v1/graphql"'],
  ["TR-4", "/login", '"/login"'],
  ["TR-5", "file:///etc/passwd", 'a "file:" address'],
  ["TR-5", "data:text/plain,x", 'a "data:" address'],
  ["TR-5", "http://169.254.169.254/latest?x", '"http://169.254.169.254/latest"'],
  ["TR-5", "http://[::1", "nowhere"],
] as const;
for (const [id, location, shown] of AWAY) {
  for (const status of [301, 302, 303, 307, 308]) {
    Deno.test(`${id}: a ${status} to ${location} is not followed: exit 11`, async () => {
      const fetch = scripted(() => new Response(null, { status, headers: { Location: location } }));
      await using w = await withToken("owner", { fetch });
      const { code, out, err } = await execute("orders list", w);
      assert.deepEqual([code, out, fetch.asked.length], [11, "", 1]);
      assert.ok(err.includes(`answered with a redirect to ${shown}, which is not followed (status ${status})`), err);
      assert.ok(!err.includes("token=x"));
      assert.equal(fetch.asked[0]!.redirect, "manual");
    });
  }
}

const OTHERS: [what: string, answer: () => Response, code: number, said: RegExp][] = [
  ["an HTML page", html("<h1>Sign in to the hotel's network</h1>"), 11, /answered with an HTML page \(status 200\)/],
  ["an HTML page with 401", html("<p>proxy", 401), 11, /answered with an HTML page \(status 401\)/],
  ["HTML that says it is JSON", () => new Response("<!DOCTYPE html><p>x"), 11, /answered with an HTML page/],
  ["no JSON", () => new Response("{oops"), 11, /answered with something that is not JSON/],
  ["nothing", () => new Response(""), 11, /answered with nothing \(status 200\)/],
  ["204", () => new Response(null, { status: 204 }), 11, /answered with nothing \(status 204\)/],
  ["bytes that are not UTF-8", () => new Response(new Uint8Array([0x7b, 0xff, 0x7d])), 11, /bytes that are not UTF-8/],
  ["304", () => new Response(null, { status: 304 }), 11, /answered with no result \(status 304\)/],
  ["300 with no address", json([], 300), 11, /answered with no result \(status 300\)/],
  ["302 with no address", json({}, 302), 11, /answered with a redirect to nowhere, which is not followed/],
  ["a JSON text", json("hello"), 11, /answered with JSON of another shape/],
  ["a JSON list", json([]), 11, /answered with JSON of another shape/],
  ["no data", json({ data: null }), 11, /answered with JSON of another shape/],
  [
    "no orders",
    json({ data: { orders: null } }),
    11,
    /the answer has another shape than documented: "data" is not a list/,
  ],
  [
    "no page count",
    json({ data: { orders: { data: [], meta: {} } } }),
    11,
    /the answer has another shape than documented: "meta\.total_pages" is not a whole number/,
  ],
  ["an order that is null", page([null]), 11, /the answer has a row that is null/],
  [
    "404 without a code",
    json({ message: "The route graphql could not be found." }, 404),
    11,
    /it is not the API's address.*\nhint: check AUTOCOM_API_URL\n/,
  ],
  ["405", json({ message: "The POST method is not supported." }, 405), 11, /it is not the API's address/],
  ["409", json({ message: "It was changed." }, 409), 8, /cannot list orders: It was changed\./],
  [
    "422",
    json({ message: "Bad. (and 1 more error)", errors: { a: ["Bad.", "Worse."] } }, 422),
    8,
    /refused 2 values.*\n {2}a: Bad\.\n {2}a: Worse\.\n/,
  ],
  [
    "422 with odd errors",
    json({ message: "no", errors: { a: "text", b: [1, null] } }, 422),
    8,
    /: no\b.*\n {2}a: text\n {2}b: 1\n/,
  ],
  [
    "403 with a code of the tenant's",
    json({ message: "no", code: "TENANT_FORBIDDEN" }, 403),
    5,
    /but not tenant "acme": no/,
  ],
  ["400 for a tenant", json({ message: "no", code: "TENANT_REQUIRED" }, 400), 5, /tenant "acme" was not accepted: no/],
  ["401 that names a tenant", json({ message: "no", code: "TENANT_FORBIDDEN" }, 401), 4, /did not accept the token/],
  [
    "500 with a page of trace",
    json({ message: "boom", trace: ["secret place"] }, 500),
    11,
    /http:\S+ failed: boom\b/,
  ],
  ["502 without JSON", () => new Response("bad gateway", { status: 502 }), 11, /http:\S+ is not available: status 502/],
  [
    "a status that is none",
    () => Object.defineProperty(new Response("{}"), "status", { value: 999 }),
    11,
    /is not HTTP/,
  ],
];
for (const [what, answer, code, said] of OTHERS) {
  Deno.test(`the answer is ${what}: exit ${code}, nothing on stdout`, async () => {
    await using w = await withToken("owner", { ...hasty(), fetch: scripted(answer) });
    const { code: ended, out, err } = await execute("orders list", w);
    assert.deepEqual([ended, out], [code, ""], err);
    assert.match(err, said);
    assert.ok(!err.includes("secret place"));
    assert.match(err, /^error: cannot list orders: [^\n]*\n( {2}\w+: [^\n]*\n)*(hint: [^\n]+\n)?$/);
    assert.equal(err.includes("\nhint: "), code !== 8, "what the business refuses has no usage to be helped with");
  });
}

const RETRIES: [what: string, headers: Record<string, string>, status: number, waits: number[], hint: RegExp][] = [
  ["429 without Retry-After", {}, 429, [0.5, 1], /try again in a minute/],
  ["429 with Retry-After: 2", { "Retry-After": "2" }, 429, [2, 2], /try again in 2 s/],
  ["429 with Retry-After: 0", { "Retry-After": "0" }, 429, [0, 0], /try again in 1 s/],
  ["429 with Retry-After: 30", { "Retry-After": "30" }, 429, [30, 30], /try again in 30 s/],
  ["429 with Retry-After: 31", { "Retry-After": "31" }, 429, [], /try again in 31 s/],
  ["429 with Retry-After: 3600", { "Retry-After": "3600" }, 429, [], /try again in 60 minutes/],
  ["429 with Retry-After: 999999999", { "Retry-After": "999999999" }, 429, [], /try again later/],
  ["429 with Retry-After: 99999999999", { "Retry-After": "99999999999" }, 429, [], /try again later/],
  ["429 with two lines of Retry-After", { "Retry-After": "40, 3" }, 429, [], /try again in 40 s/],
  ["429 with a date", { "Retry-After": "Sun, 03 May 2026 10:00:20 GMT" }, 429, [20, 20], /try again in 20 s/],
  ["429 with a date gone by", { "Retry-After": "Sun, 03 May 2020 10:00:20 GMT" }, 429, [0, 0], /try again in 1 s/],
  ["429 with a date far away", { "Retry-After": "Sun, 03 May 2026 11:00:00 GMT" }, 429, [], /try again in 60 minutes/],
  ["429 with nonsense", { "Retry-After": "soon" }, 429, [0.5, 1], /try again in a minute/],
  ["429 with a negative time", { "Retry-After": "-5" }, 429, [0.5, 1], /try again in a minute/],
  ["502", {}, 502, [0.5, 1], /try again later/],
  ["503", {}, 503, [0.5, 1], /try again later/],
  ["504", { "Retry-After": "1" }, 504, [1, 1], /try again in 1 s/],
];
for (const [what, headers, status, waits, hint] of RETRIES) {
  Deno.test(`${what} is asked again at most twice, after ${waits.join(" and ") || "no"} seconds`, async () => {
    const waited: number[] = [];
    const fetch = scripted(json({ message: "Too Many Attempts." }, status, headers));
    await using w = await withToken("owner", { ...hasty(waited), fetch });
    const { code, err } = await execute("orders list -o json", w);
    const error = envelope(err);
    assert.deepEqual([code, error.status, waited], [status === 429 ? 9 : 11, status, waits]);
    assert.match(String(error.hint), hint);
    assert.equal(fetch.asked.length, 1 + waits.length);
    w.fetch = scripted(json({}, status, { "Retry-After": "1" }), page([order()]));
    await autocom("orders list", { out: /ORD-20260503-001/ }, w);
  });
}

for (const status of [400, 401, 403, 404, 409, 422, 500]) {
  Deno.test(`${status} is not asked again`, async () => {
    const fetch = scripted(json({ message: "no" }, status, { "Retry-After": "1" }));
    await using w = await withToken("owner", { ...hasty(), fetch });
    const { code, err } = await execute("orders list", w);
    assert.notEqual(code, 0, err);
    assert.equal(fetch.asked.length, 1);
  });
}

Deno.test("the sandbox's own rate limit is waited for when it asks for little, else it is exit 9", async () => {
  await using w = await withToken();
  w.sandbox.options.apiRate = 1;
  await autocom("orders list --per-page 1 -q", { out: /ORD/ }, w);
  await autocom("orders list", {
    code: 9,
    err: /^error: cannot list orders: http:\S+ limits the rate of requests.*\nhint: try again in \d\d s\n$/,
  }, w);
});

Deno.test("a request bears its headers, and is asked for JSON alone", async () => {
  await using w = await withToken();
  await execute("orders list -q", w);
  const [{ headers, url, method, requestId }] = w.sandbox.log as [World["sandbox"]["log"][number]];
  assert.deepEqual([method, url], ["POST", `${ORIGIN}/api/v1/graphql`]);
  assert.equal(headers.accept, "application/json");
  assert.equal(headers.authorization, `Bearer ${w.env.AUTOCOM_TOKEN}`);
  assert.equal(headers["x-tenant"], "acme");
  assert.equal(headers["user-agent"], "autocom/dev (linux; x86_64)");
  assert.match(headers["x-request-id"]!, /^[0-9a-f-]{36}$/);
  assert.equal(headers["x-request-id"], requestId);
  await execute("tenants list", w);
  assert.equal(w.sandbox.log[1]!.headers["x-tenant"], undefined);
});

Deno.test("the error names the request by the answer's id, else by ours; --debug tells both", async () => {
  const named = scripted(json({}, 500, { "X-Request-Id": "theirs-12345678" }));
  await using w = await withToken("owner", { fetch: named });
  await autocom("orders list", { code: 11, err: /\(request theirs-12345678\)\n/ }, w);
  w.fetch = scripted(json({}, 500));
  const { err } = await execute("orders list -o json --debug", w);
  const sent = /request-id=(\S+)/.exec(err)![1];
  assert.equal(envelope(err).request_id, sent);
});

Deno.test("who asks whether something is new has an empty answer when it is not: 304 is no redirect to anywhere", async () => {
  const fetch = scripted(() => new Response(null, { status: 304, headers: { ETag: 'W/"7"' } }));
  await using w = await withToken("owner", { fetch });
  const asking = ["api", "GET", "/profile", "-H", 'If-None-Match: W/"7"'];
  await autocom(asking, { out: "", err: "It is what you have: status 304.\n" }, w);
  await autocom([...asking, "-q"], { out: "" }, w);
  await autocom([...asking, "-i"], { out: /^HTTP 304\netag: W\/"7"\n/, err: /304/ }, w);
  await autocom([...asking, "--query", "id", "-q"], { out: "" }, w);
  const err =
    /^(PUT \/profile in tenant acme\n)?error: cannot (GET|PUT) \/profile: .* answered with no result \(status 304\).*\nhint: /;
  await autocom("api /profile", { code: 11, out: "", err }, w);
  await autocom([...asking.with(1, "PUT"), "--yes"], { code: 11, out: "", err }, w);
});
