/** REST requests as people write them: they stay below the API's address, and nothing of ours is replaced. */
import assert from "node:assert/strict";
import { autocom, execute } from "../support/harness.ts";
import { html, json, scripted, withToken } from "../support/scripted.ts";

Deno.test("WP-26: a path cannot leave the API's address: no request, no token", async () => {
  const server = scripted();
  await using of = await withToken("owner", { fetch: server });
  const bad = [
    "https://evil.test/x",
    "HTTPS://evil.test",
    "//evil.test",
    "///evil.test/x",
    "/../../oauth/token",
    "../../oauth/token",
    "/..",
    "/orders/../../../oauth",
    "\\\\evil",
    "/\\evil.test",
    "\\evil",
    "/C:/Program Files/Git/api",
    "C:/x",
    "c:\\x",
    "/%2e%2e/%2E%2e/oauth/token",
    "/orders/..%2f..%2foauth",
    "/%ff%2f..%2f..%2f..%2foauth%2ftoken",
    "/%2e%2e%2foauth%ff",
    "/%252e%252e/oauth",
    "/%25252e%2e%25252foauth",
    "/orders/%%32e%2e",
    `/orders/%${"25".repeat(30_000)}2e`,
    "/orders/%2e%2e%5coauth",
    "/orders/.",
    "/or ders",
    "/orders\n",
    "/orders#x",
    "/orders\u0000",
    "javascript:alert(1)",
    "/.%2e/x",
    "file:///etc/passwd",
    "@evil.test/x".replace("@", "http:@"),
  ];
  for (const path of bad) await autocom(["api", path], { code: 2, err: /^error: cannot ask for / }, of);
  assert.equal(server.asked.length, 0);
  await autocom(["api", "/C:/Program Files/Git/orders"], {
    code: 2,
    err: /Git Bash.*\nhint: write it without the slash/,
  }, of);
});

Deno.test("WP-26: what stays below it is sent there, as it was written", async () => {
  const server = scripted(json({}));
  await using of = await withToken("owner", { fetch: server });
  const good = [
    "/orders",
    "orders?status=a%20b&x=//evil.test",
    "/orders/1e3..4",
    "/@evil.test/x",
    "/%C3%A4",
    "/a:b",
    "/..a/b..",
  ];
  for (const path of good) await autocom(["api", path], { out: "{}" }, of);
  const base = of.env.AUTOCOM_API_URL!;
  assert.deepEqual(
    server.asked.map(({ url }) => url),
    good.map((path) => base + (path.startsWith("/") ? path : `/${path}`)),
  );
  for (const { headers } of server.asked) assert.match(headers.get("Authorization")!, /^Bearer /);
});

Deno.test("WP-27: a change is asked for, refused where nobody can, and sent once with --yes", async () => {
  const server = scripted(json({ ok: true }));
  await using of = await withToken("owner", { fetch: server });
  await autocom(
    "api -X DELETE /orders/5",
    { code: 2, err: /cannot DELETE \/orders\/5: it must be confirmed, and this is not a terminal/ },
    of,
  );
  await autocom("api delete /orders/5 --dry-run", {
    out: /^METHOD\tPATH\tBODY\nDELETE\t\/orders\/5\t\n/,
    err: /Nothing was sent/,
  }, of);
  assert.equal(server.asked.length, 0);
  of.terminal = { stdin: true, stderr: true };
  of.answers = [false];
  await autocom("api -X DELETE /orders/5", { code: 1, err: /was not sent: you said no/ }, of);
  of.answers = [true];
  await autocom("api -X delete /orders/5", { out: '{"ok":true}', err: /was carried out/ }, of);
  of.terminal = {};
  await autocom("api DELETE /orders/5 --yes -q", { out: '{"ok":true}' }, of);
  assert.deepEqual(server.asked.map(({ method }) => method), ["DELETE", "DELETE"]);
  for (const { headers } of server.asked) assert.match(headers.get("Idempotency-Key")!, /^[-\w]{36}$/);
});

Deno.test("WP-27: a change that fails is not sent again", async () => {
  const server = scripted(json({ message: "busy" }, 503));
  await using of = await withToken("owner", { fetch: server });
  await autocom(
    "api POST /orders -f a=b --yes -q",
    { code: 11, out: '{"message":"busy"}', err: /is not available/ },
    of,
  );
  assert.equal(server.asked.length, 1);
});

Deno.test("WP-27: fields are the query of a GET and the body of everything else; what is typed stays what it is", async () => {
  const server = scripted(json({}));
  await using of = await withToken("owner", { fetch: server });
  await autocom(["api", "-X", "GET", "/orders?page=2", "-f", "status=a b&c", "-F", "n=007"], { out: "{}" }, of);
  assert.equal(new URL(server.asked[0]!.url).search, "?page=2&status=a+b%26c&n=007");
  const fields = [
    "-f",
    "n=1",
    "-F",
    "m=1",
    "-F",
    "id=007",
    "-F",
    "price=12.50",
    "-F",
    "on=true",
    "-F",
    "no=null",
    "-F",
    "e=1e3",
    "-f",
    "__proto__=x",
  ];
  await autocom(["api", "/orders", ...fields, "--yes", "-q"], { out: "{}" }, of);
  assert.equal(server.asked[1]!.method, "POST");
  assert.equal(
    await server.asked[1]!.text(),
    '{"n":"1","__proto__":"x","m":1,"id":"007","price":12.50,"on":true,"no":null,"e":"1e3"}',
  );
  of.stdin = '{"a":[1]}';
  await autocom("api PUT /orders/1 --input - --yes -q", { out: "{}" }, of);
  assert.deepEqual([server.asked[2]!.method, await server.asked[2]!.text()], ["PUT", '{"a":[1]}']);
});

Deno.test("WP-27: what is no method, or does not fit together, is refused", async () => {
  await using of = await withToken("owner", { fetch: scripted() });
  const bad: [string[], RegExp][] = [
    [["api", "-X", "GET x", "/a"], /"GET x" is not a method/],
    [["api", "CONNECT", "/a"], /"CONNECT" is not a method/],
    [["api", "-X", "", "/a"], /is not a method/],
    [["api", "GET", "/a", "-X", "POST"], /given twice/],
    [["api", "GET", "/a", "--input", "-"], /--input cannot be used with GET/],
    [["api", "/a", "-f", "x=1", "--input", "-"], /--input cannot be used with fields/],
    [["api", "/a", "-f", "x=1", "-f", "x=2"], /given twice/],
    [["api"], /<path> is missing|<method>/],
    [["api", "POST", "/a", "--paginate"], /POST has no pages/],
    [["api", "/a", "--paginate", "-i"], /no place for headers/],
  ];
  for (const [words, err] of bad) await autocom(words, { code: 2, err }, of);
});

Deno.test("WP-27: a mutation in the address of a gateway is not sent, however it is written there", async () => {
  const server = scripted(json({ data: {} }));
  await using of = await withToken("owner", { fetch: server });
  const document = "mutation%7Borders_cancel%7D";
  const mutations = [
    ["/graphql?query=" + document],
    ["/graphql?+query=" + document],
    ["/graphql?query[]=" + document],
    ["/graphql?query.x=1&%20query=" + document],
    ["/graphql?q=%252520mutation%7Ba%7D"],
    ["/GraphQL/x?query=" + document],
    ["OPTIONS", "/graphql", "-f", " query=mutation{a}"],
    ["/graphql/?x=1&query=%6dutation%7Ba%7D"],
    ["/graphq%6c?query=" + document],
    ["/graphql%2f?query=" + document],
    ["GET", "/graphql", "-f", "query=mutation{a}"],
    ["HEAD", "/graphql?query=" + document],
  ];
  const err = /^error: cannot (GET|HEAD|OPTIONS) \/graph.*: a mutation is sent by POST, not in an address\nhint: send/i;
  for (const words of mutations) {
    for (const more of [[], ["--yes"], ["--dry-run"], ["--paginate"]]) {
      await autocom(["api", ...words, ...more], { code: 2, err }, of);
    }
  }
  await autocom(["api", ...mutations[0]!, "--yes"], {
    code: 2,
    err: /\nhint: send the document: autocom graphql 'mutation\{orders_cancel\}'\n$/,
  }, of);
  for (const path of ["/graphql?query%00z=%7Bn%7D", "/graphql%00?query=%7Bn%7D", "/orders%2500", "/orders?a=%252500"]) {
    await autocom(["api", path], { code: 2, err: /it holds a NUL\n/ }, of);
  }
  assert.equal(server.asked.length, 0);
  await autocom("api /graphql?query=%7Bmutations%7D", { out: '{"data":{}}' }, of);
  await autocom("api /orders?query=mutation", { out: '{"data":{}}' }, of);
});

Deno.test("WP-28: headers of ours cannot be replaced, and a header is one line", async () => {
  const server = scripted(json({}));
  await using of = await withToken("owner", { fetch: server });
  const bad = [
    "Authorization: x",
    "authorization:x",
    "X-HTTP-Method-Override: DELETE",
    "x-http-method:DELETE",
    "X-Method-Override: DELETE",
    "X-Tenant: other",
    "X_Tenant: other",
    "X_HTTP_METHOD_OVERRIDE: DELETE",
    "Idempotency_Key: 1",
    "Host: x",
    "X-Request-Id: 1",
    "Idempotency-Key: 1",
    "User-Agent: x",
    "Accept: */*",
    "Cookie: a=b",
    "Content-Length: 5",
    "Transfer-Encoding: chunked",
    "Connection: close",
    "Proxy-Authorization: x",
    "A: b\r\nAuthorization: x",
    "A\r\nB: c",
    "A: b\nc",
    "A: \u0000",
    "no colon",
    ": x",
    "A b: c",
    "A: ü",
    "",
  ];
  for (const header of bad) await autocom(["api", "/x", "-H", header], { code: 2, err: /header/ }, of);
  await autocom(["api", "/x", "-H", "X-A: 1", "-H", "x-a: 2"], { code: 2, err: /the header x-a is given twice/ }, of);
  assert.equal(server.asked.length, 0);
  await autocom(["api", "/x", "-H", 'If-None-Match: "7"', "-H", "X-Other:a"], { out: "{}" }, of);
  const { headers } = server.asked[0]!;
  assert.deepEqual([headers.get("if-none-match"), headers.get("x-other"), headers.get("x-tenant")], [
    '"7"',
    "a",
    "acme",
  ]);
});

Deno.test("WP-29: HTML is 11, an empty answer is nothing, bytes are refused on a terminal alone, a redirect is 11", async () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 0xff]);
  const image = () => new Response(png, { headers: { "Content-Type": "image/png" } });
  const empty = () => new Response(null, { status: 204 });
  const run = async (answer: () => Response, terminal = false) => {
    const of = await withToken("owner", { fetch: scripted(answer), terminal: { stdout: terminal } });
    const ended = await execute("api /x", of);
    const shown = { code: ended.code, out: ended.out, err: ended.err };
    await of[Symbol.asyncDispose]();
    return shown;
  };
  assert.deepEqual(await run(empty), { code: 0, out: "", err: "" });
  assert.equal((await run(html("<h1>x"))).code, 11);
  assert.equal((await run(html("<h1>x"))).out, "");
  assert.equal(
    (await run(() => new Response(null, { status: 302, headers: { Location: "https://evil.test/" } }))).code,
    11,
  );
  assert.equal((await run(image)).code, 0);
  const refused = await run(image, true);
  assert.deepEqual([refused.code, refused.out], [2, ""]);
  assert.match(refused.err, /the answer is not text, and a terminal cannot show it\nhint: send it into a file/);
  const text = await run(() => new Response("a\u001b[31m\nb\r\n", { headers: { "Content-Type": "text/csv" } }), true);
  assert.deepEqual(text, { code: 0, out: "a\\x1b[31m\nb\\r\n", err: "" });
});

Deno.test("a refusal is printed as the server sent it, and ends with the code of its kind", async () => {
  const cases: [number, unknown, number][] = [
    [401, { message: "Unauthenticated." }, 4],
    [403, { message: "no", code: "FORBIDDEN", permission: "x" }, 6],
    [404, { message: "no", code: "NOT_FOUND" }, 7],
    [422, { message: "bad", errors: { a: ["b"] } }, 8],
    [500, { message: "Server Error" }, 11],
  ];
  for (const [status, body, code] of cases) {
    await using of = await withToken("owner", { fetch: scripted(json(body, status)) });
    await autocom("api /x", { code, out: JSON.stringify(body), err: /^error: cannot GET \/x: / }, of);
  }
});

Deno.test("a path that a person typed and the server does not have is the path's fault before the address's", async () => {
  for (const status of [404, 405]) {
    await using of = await withToken("owner", { fetch: scripted(json({ message: "no route" }, status)) });
    const err = new RegExp(
      `^error: cannot GET /x: http\\S+ has no \\S+/x, or not for this method \\(status ${status}\\).*\nhint: check the path, ` +
        "then AUTOCOM_API_URL\n$",
    );
    await autocom("api /x", { code: 11, out: /no route/, err }, of);
  }
});

Deno.test("--include prints status and headers before the answer", async () => {
  await using of = await withToken("owner", { fetch: scripted(json({ a: 1 }, 201, { "X-Thing": "b" })) });
  await autocom("api /x -i", { out: /^HTTP 201\n([\w-]+: .*\n)*x-thing: b\n([\w-]+: .*\n)*\n\{"a":1\}$/ }, of);
});

Deno.test("--paginate follows meta and pagination, and gives one JSON array", async () => {
  const meta = (page: number) => json({ data: [page], meta: { current_page: page, total_pages: 2 } });
  const pagination = (page: number) => json({ logs: [page], pagination: { current_page: page, last_page: 2 } });
  for (const kind of [meta, pagination]) {
    const server = scripted(kind(1), kind(2));
    await using of = await withToken("owner", { fetch: server });
    await autocom("api /x?a=b --paginate", { out: (text) => assert.equal(JSON.parse(text).length, 2) }, of);
    assert.deepEqual(server.asked.map(({ url }) => new URL(url).search), ["?a=b&page=1", "?a=b&page=2"]);
  }
  await using of = await withToken("owner", { fetch: scripted(json({ data: [] })) });
  await autocom(
    "api /x --paginate",
    { code: 2, err: /does not say which page it is\nhint: leave --paginate out\n/ },
    of,
  );
});

Deno.test("--paginate knows the page by every name that PHP takes for it, and sends one", async () => {
  const page = (at: number) => json({ data: [at], meta: { current_page: at, total_pages: 3 } });
  for (const name of ["+page", "%20page", "page[]", "page%5Bx%5D"]) {
    const server = scripted(page(2), page(3));
    await using of = await withToken("owner", { fetch: server });
    await autocom(`api /x?page=1&${name}=2&pages=9 --paginate`, { out: /./ }, of);
    assert.deepEqual(server.asked.map(({ url }) => new URL(url).search), ["?pages=9&page=2", "?pages=9&page=3"], name);
  }
});

Deno.test("--paginate begins where the hint of one that broke off says, also behind a page in the path", async () => {
  const page = (at: number) => json({ data: [at], meta: { current_page: at, total_pages: 3 } });
  const server = scripted(page(1), page(2), json({ message: "no" }, 403), page(3));
  await using of = await withToken("owner", { fetch: server });
  const line = "api GET /x?page=1 --paginate -o json";
  const { code, err } = await execute(line, of);
  const [, field] = /begin with page 3: (-F page=3)/.exec(err) ?? [];
  assert.deepEqual([code, field], [6, "-F page=3"], err);
  await autocom(`${line} ${field}`, { out: /^\[\{"data":\[3\]/ }, of);
  assert.deepEqual(server.asked.map(({ url }) => new URL(url).search), ["?page=1", "?page=2", "?page=3", "?page=3"]);
  const { err: untyped } = await execute(
    "api /x --paginate",
    await withToken("owner", { fetch: scripted(page(1), json({}, 403)) }),
  );
  assert.match(untyped, /begin with page 2: -X GET -F page=2\n/);
  await autocom("api GET /x?page=2 -F page=none --paginate", { code: 2, err: /"none" is not a page/ }, of);
});

Deno.test("the sandbox answers", async () => {
  await using of = await withToken("viewer");
  await autocom("api /orders -f per_page=1 -X GET", { out: /"total_items":2000/ }, of);
  await autocom("api /activity-logs", { code: 6, out: /admin\.audit_log/, err: /"admin\.audit_log" is missing/ }, of);
});

Deno.test("an answer that is nested 100,000 deep is shown on a terminal, and is no defect", async () => {
  for (const [open, close] of [["[", "]"], ['{"a":', "}"]] as const) {
    const text = `{"data":${open.repeat(100_000)}1${close.repeat(100_000)}}`;
    for (const line of [["api", "/x"], ["graphql", "{ a }"]]) {
      const answer = () => new Response(text, { headers: { "Content-Type": "application/json" } });
      const fetch = async (request: Request) => (await request.text(), answer());
      await using of = await withToken("owner", { fetch, terminal: { stdout: true } });
      const whole = (out: string) => assert.equal(out.replaceAll(/\s/g, "").length, text.length);
      await autocom(line, { out: whole }, of);
    }
  }
});

Deno.test("stdin is one value: whoever names it twice is told, and nothing empty is sent", async () => {
  await using of = await withToken("owner", { fetch: scripted() });
  of.stdin = "once";
  await autocom("api POST /orders -F a=@- -F b=@- --dry-run", {
    code: 2,
    err: /^error: cannot read --field b from stdin: it was read already\nhint: .*\n$/,
  }, of);
  of.stdin = "query($a: String, $b: String) { n(a: $a, b: $b) }";
  await autocom(
    "graphql --input - -F a=@-",
    { code: 2, err: /cannot read --field a from stdin: it was read already/ },
    of,
  );
});

Deno.test("what to type for a file of a field is said as it is typed", async () => {
  await using of = await withToken("owner", { fetch: scripted() });
  const err = /hint: write: --field a=@FILE, or --field a=@- for stdin\n/;
  await autocom("api POST /orders -F a=@ --yes", { code: 2, err }, of);
  await autocom(["graphql", "query($a: String) { n(a: $a) }", "-F", "a=@"], { code: 2, err }, of);
  await autocom("api POST /orders -F a=@/dev/null --yes", {
    code: 3,
    err: /hint: give it to stdin: --field a=@- < \/dev\/null\n/,
  }, of);
});

Deno.test("what cannot be sent says what to type instead", async () => {
  await using w = await withToken("owner", { fetch: scripted() });
  const cases: [string[], RegExp][] = [
    [
      ["api", "/orders", "-X", "GET", "-f", "tags[]=a", "-f", "tags[]=b"],
      /into the path: '\/orders\?tags\[\]=…&tags\[\]=…'/,
    ],
    [
      ["api", "/orders?a=b", "-X", "get", "-F", "t=a", "-F", "t=b"],
      /hint: write both into the path: '\/orders\?a=b&t=…&t=…'\n/,
    ],
    [["api", "/orders", "-f", "t=a", "-f", "t=b"], /hint: write the body: --input FILE\n/],
  ];
  for (const [line, err] of cases) await autocom(line, { code: 2, err }, w);
});
