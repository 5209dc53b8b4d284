/** Platforms that do not answer as they should: each command says of them what `orders list` says. */
import assert from "node:assert/strict";
import { autocom, execute } from "../support/harness.ts";
import { desktop, stored } from "../support/desk.ts";
import { examine } from "../support/examined.ts";
import { intercept, ORDERS, sessionIn } from "../support/kept.ts";
import { envelope, html, json, type Order, order, page, scripted, withToken } from "../support/scripted.ts";

const AWAY = /is not available: Service Unavailable.*\nhint: try again in 60 s\n$/;

Deno.test("FT-41: in maintenance every command says the same, and when to come back", async () => {
  await using of = await sessionIn("file");
  of.sandbox.options.maintenance = "retry";
  for (const line of ["auth refresh", "tenants list", "whoami --refresh"]) {
    await autocom(line, { code: 11, err: AWAY }, of);
  }
  const { code, found } = await examine(of);
  assert.equal(code, 11);
  assert.match(`${found.server!.detail}\nhint: ${found.server!.fix}\n`, AWAY);
});

Deno.test("FT-41: a login that meets maintenance says the same", async () => {
  await using of = await desktop();
  intercept(of, "/oauth/token", json({ message: "Service Unavailable" }, 503, { "Retry-After": "60" }));
  const err = (text: string) =>
    assert.match(text, /error: cannot log in: \S+ is not available: .*\nhint: try again in 60 s\n$/);
  await autocom("auth login", { code: 11, err }, of);
});

Deno.test("FT-41: doctor knows that a tenant is none of the person's, also where the server only fails", async () => {
  await using of = await sessionIn("file");
  of.sandbox.options.errors = "stock";
  for (const tenant of ["nowhere", "hooli"]) {
    of.env.AUTOCOM_TENANT = tenant;
    const { code, found } = await examine(of);
    assert.equal(code, 5, JSON.stringify(found.tenant));
    assert.match(found.tenant!.detail, new RegExp(`"${tenant}"`));
    assert.match(found.tenant!.fix!, /: autocom tenants use acme$/);
  }
});

Deno.test("FT-41: a server that fails over a tenant of the person's is not called an unknown tenant", async () => {
  await using of = await sessionIn("file");
  const next = of.fetch;
  const failing = json({ message: "Server Error" }, 500);
  of.fetch = (request) => request.url.endsWith("/profile") ? Promise.resolve(failing()) : next(request);
  assert.equal((await examine(of)).code, 11);
});

for (const path of ["/api/v2", "/v1", ""]) {
  Deno.test(`FT-30: an address whose path is wrong (${path || "none"}) is exit 11, and config get api_url shows it`, async () => {
    await using of = await sessionIn("file");
    delete of.env.AUTOCOM_API_URL;
    await autocom(`config set api_url ${of.sandbox.origin}${path}`, { err: /./ }, of);
    for (const line of [ORDERS, "orders get ORD-1", "tenants list", "whoami --refresh", "audit list"]) {
      const { code, err } = await execute(line, of);
      assert.equal(code, 11, `${line}: ${err}`);
      assert.match(err, /\nhint: .*autocom config get api_url\n$/);
    }
    await autocom("config get api_url", { out: `${of.sandbox.origin}${path}\n` }, of);
  });
}

for (const [by, flag] of [["--api-url", " --api-url"], ["AUTOCOM_API_URL", undefined]] as const) {
  Deno.test(`FT-30: where ${by} gave the address, the hint is to look there, of doctor and of JSON, too`, async () => {
    await using of = await sessionIn("file");
    const address = `${of.sandbox.origin}/api/v2`;
    if (!flag) of.env.AUTOCOM_API_URL = address;
    const more = flag ? `${flag} ${address}` : "";
    for (const line of [ORDERS, "api /nosuch", "tenants list", "orders list -o json"]) {
      const { code, err } = await execute(line + more, of);
      assert.equal(code, 11, `${line}: ${err}`);
      assert.ok(err.includes(by) && !err.includes("config get api_url"), err);
    }
    const { out, err } = await execute(`doctor -o json${more}`, of);
    assert.ok([out, err].every((text) => text.includes(by) && !text.includes("config get api_url")), out + err);
  });
}

Deno.test("FT-30: an order that is not there is still exit 7", async () => {
  await using of = await sessionIn("file");
  await autocom("orders get ORD-1", { code: 7, err: /there is no order "ORD-1"/ }, of);
  await autocom("orders get 01J00000000000000000000000", { code: 7, err: /there is no order/ }, of);
});

const ENDLESS: [what: string, pages: (number: number) => Order[], asked: number][] = [
  ["the same page again and again", () => [order(1), order(2)], 2],
  ["two pages in turns", (number) => number % 2 ? [order(1), order(2)] : [order(3), order(4)], 3],
];
for (const [what, pages, asked] of ENDLESS) {
  Deno.test(`FT-19: --all ends with 11 when the server gives ${what} and names a billion of them`, async () => {
    let number = 0;
    const fetch = scripted(() => page(pages(++number), 1e9)());
    await using w = await withToken("owner", { fetch });
    const { code, out, err } = await execute("orders list --all -o json", w);
    assert.equal(code, 11, err);
    assert.ok(fetch.asked.length <= asked + 4, "pages are asked ahead, and no more than four");
    const error = envelope(err);
    assert.match(String(error.message), new RegExp(`does not end \\(page ${asked} repeats one before\\)`));
    assert.equal(JSON.parse(out).length, (asked - 1) * 2);
    assert.equal(error.next_page, asked);
  });
}

Deno.test("FT-19: a number of pages that is none is exit 11", async () => {
  for (const total of [1.5, "2", null, 1e300]) {
    await using w = await withToken("owner", { fetch: scripted(page([order(1)], total as number)) });
    await autocom("orders list --all", { code: 11, err: /has another shape than documented/ }, w);
  }
});

for (
  const date of [
    "Sat, 13 Sep 275760 00:00:00 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Fri, 01 Jan 2500 00:00:00 GMT",
    "-1",
    "soon",
  ]
) {
  Deno.test(`FT-29: a login whose answer is dated "${date}" leaves a session that works`, async () => {
    await using of = await desktop();
    const next = of.fetch;
    of.fetch = async (request) => {
      const answer = await next(request);
      const headers = new Headers(answer.headers);
      headers.set("Date", date);
      return new Response(answer.body, { status: answer.status, headers });
    };
    const now = Date.now() / 1000;
    await autocom("auth login --tenant acme", { err: /Logged in/ }, of);
    const { expires_at } = (await stored(of)).access!;
    assert.ok(Math.abs(Number(expires_at) - now - 1_296_000) < 60, String(expires_at));
    await autocom(ORDERS, { out: /ORD-/ }, of);
    const { found } = await examine(of);
    assert.equal(found.clock!.detail, "the server does not tell its time");
  });
}

Deno.test("FT-31: an unknown tenant that is found out before the token proves nothing of the token", async () => {
  const answer = json({ message: "There is no such tenant.", code: "TENANT_NOT_FOUND" }, 404);
  await using w = await withToken("owner", { fetch: scripted(answer) });
  await autocom("orders list", { code: 5, err: (text) => assert.ok(!/token/.test(text.split("\n")[0]!), text) }, w);
});

Deno.test("FT-33: 429 with a page is exit 9, and a date is measured by the server's own clock", async () => {
  const headers = {
    "Content-Type": "text/html",
    "Retry-After": "Sun, 03 May 2026 11:01:00 GMT",
    "Date": "Sun, 03 May 2026 11:00:00 GMT",
  };
  const slow = () => new Response("<html>", { status: 429, headers });
  await using w = await withToken("owner", { fetch: scripted(slow) });
  for (const hours of [-1, 0, 1]) {
    const { clock } = (await import("../../src/system/deno.ts")).denoSystem();
    w.system = { clock: { ...clock, now: () => Date.parse("2026-05-03T11:00:00Z") + hours * 3_600_000 } };
    await autocom("orders list", { code: 9, err: /limits the rate of requests.*\nhint: try again in 60 s\n$/ }, w);
  }
});

Deno.test("FT-37: an interrupted change may have been carried out, and says how to find out", async () => {
  const fetch = scripted(
    json({ data: { order: order(1, { status: "confirmed" }) } }),
    () => {
      w.signal("SIGINT");
      return new Promise<Response>((_, reject) => setTimeout(reject, 0, new TypeError("aborted")));
    },
  );
  await using w = await withToken("owner", { fetch });
  const { code, err } = await execute(`orders update-status ${order(1).id} shipped --yes`, w);
  assert.equal(code, 130);
  const id = fetch.asked[1]!.headers.get("x-request-id");
  assert.match(
    err,
    new RegExp(`the change may have been carried out .*\nhint: .*autocom audit list --request-id ${id}\n$`),
  );
});

Deno.test("FT-30: a web page in the API's place is exit 11 for every command", async () => {
  await using w = await withToken("owner", { fetch: scripted(html("<h1>Welcome")) });
  for (const line of ["orders list", "tenants list", "whoami"]) {
    await autocom(line, { code: 11, err: /an HTML page.*\nhint: .*check AUTOCOM_API_URL\n$/ }, w);
  }
});

Deno.test("FT-33: a rate limit that comes as a GraphQL error says when to come back, too", async () => {
  const answer = json({ errors: [{ message: "Slow down.", extensions: { code: "RATE_LIMITED" } }] }, 200, {
    "Retry-After": "7",
  });
  await using w = await withToken("owner", { fetch: scripted(answer) });
  await autocom("orders list", { code: 9, err: /\nhint: try again in 7 s\n$/ }, w);
});
