/**
 * The three gates: every token × every tenant × with and without the permission, as each mode of the platform answers.
 * Which gate refused is the exit code; the message says what passed, what was refused and what to type.
 */
import assert from "node:assert/strict";
import type { Fetch } from "../../src/system/mod.ts";
import { autocom, execute, loggedIn, type World } from "../support/harness.ts";
import { envelope, json, refused, withToken } from "../support/scripted.ts";

const MODES = (["handler", "stock"] as const).flatMap((errors) =>
  (["field", "route"] as const).map((graphqlGates) => ({ errors, graphqlGates }))
);

const TOKENS: Record<string, (w: World) => void> = {
  "no token": (w) => w.env.AUTOCOM_TOKEN = "",
  "an unknown token": (w) => w.env.AUTOCOM_TOKEN = "unknown",
  "an expired token": (w) => w.sandbox.expireAccessTokens(),
  "a revoked token": (w) => w.sandbox.revokeToken(w.env.AUTOCOM_TOKEN!),
  "a good token": () => {},
};

/** For the seeded manager, who is a member of acme alone; initech is suspended. */
const TENANTS: Record<string, string> = {
  "no tenant": "",
  "an unknown tenant": "hooli",
  "a tenant in other case": "ACME",
  "a suspended tenant": "initech",
  "a tenant of others": "globex",
  "a good tenant": "acme",
};

/** Every seeded role may see orders: what the platform accepts is refused at the third gate, as each mode does it. */
function withoutPermission(w: World): Fetch {
  const { errors, graphqlGates } = w.sandbox.options;
  const message = "Permission `orders.view` is missing.";
  const answer = graphqlGates === "field"
    ? refused(message, { code: "FORBIDDEN", permission: "orders.view" })
    : errors === "stock"
    ? json({ message: "User does not have the right permissions." }, 403)
    : json({ message, code: "FORBIDDEN", permission: "orders.view" }, 403);
  return async (request) => {
    const passed = await w.sandbox.fetch(request);
    return passed.status === 200 && !("errors" in await passed.clone().json()) ? answer() : passed;
  };
}

type Cell = [code: number, message: RegExp, hint: RegExp];

/** By the documented table, not by what the program said. */
function expected(mode: (typeof MODES)[number], token: string, tenant: string, permitted: boolean): Cell | undefined {
  const slug = TENANTS[tenant];
  if (token === "no token") {
    return [4, /^not logged in to http:\/\/127\.0\.0\.1:8790\b/, /autocom auth login/];
  }
  if (token !== "a good token") {
    return [
      4,
      /^cannot list orders: http:\/\/127\.0\.0\.1:8790 did not accept the token \(unknown, expired or revoked\)$/,
      /^put a valid token into AUTOCOM_TOKEN, or unset it$/,
    ];
  }
  const bare = mode.errors === "stock" && mode.graphqlGates === "route";
  if (bare && ["no tenant", "an unknown tenant", "a tenant in other case"].includes(tenant)) {
    return slug
      ? [
        11,
        /^cannot list orders: http:\S+ failed: Server Error$/,
        new RegExp(`is "${slug}" one of your tenants\\? autocom tenants list$`),
      ]
      : [
        11,
        /^cannot list orders: http:\S+ failed: Server Error$/,
        /^no tenant was named, .*: autocom tenants list; .*: autocom tenants use SLUG$/,
      ];
  }
  const choose = /^see which are yours: autocom tenants list$/;
  const name = /^see which are yours: autocom tenants list; .*--tenant SLUG, .*: autocom tenants use SLUG$/;
  if (!slug) return [5, /^cannot list orders: no tenant was named$/, name];
  if (tenant !== "a good tenant") {
    // Only who knows the person can say that he is no member; a tenant that is missing may be found out before the token.
    const said = slug === "globex"
      ? `the token was accepted, but not tenant "${slug}": `
      : `tenant "${slug}" was not accepted: `;
    return [5, new RegExp(`^cannot list orders: ${said}`), choose];
  }
  if (permitted) return undefined;
  return mode.errors === "stock" && mode.graphqlGates === "route"
    ? [
      6,
      /^cannot list orders: forbidden in tenant "acme": User does not have the right permissions\.$/,
      /^ask an administrator of tenant "acme" for access, or choose another: autocom tenants list$/,
    ]
    : [
      6,
      /^cannot list orders: token and tenant "acme" were accepted, but the permission "orders\.view" is missing$/,
      /^ask an administrator of tenant "acme" for it, or choose another: autocom tenants list$/,
    ];
}

for (const mode of MODES) {
  for (const [token, prepare] of Object.entries(TOKENS)) {
    const name = `ERRORS=${mode.errors} GRAPHQL_GATES=${mode.graphqlGates}, ${token}`;
    Deno.test(`${name}: the first gate that refuses decides, with every tenant and permission`, async () => {
      await using w = await withToken("manager");
      Object.assign(w.sandbox.options, mode);
      prepare(w);
      const accepting = w.fetch;
      for (const [tenant, slug] of Object.entries(TENANTS)) {
        for (const permitted of [true, false]) {
          w.env.AUTOCOM_TENANT = slug;
          w.fetch = permitted ? accepting : withoutPermission(w);
          const { code, out, err } = await execute("orders list -o json -q", w);
          const cell = `${tenant}, ${permitted ? "" : "not "}permitted: ${err}`;
          const want = expected(mode, token, tenant, permitted);
          if (!want) {
            assert.deepEqual([code, err, JSON.parse(out).length], [0, "", 20], cell);
            continue;
          }
          const { exit, message, hint } = envelope(err);
          assert.deepEqual([code, exit, out], [want[0], want[0], ""], cell);
          assert.match(String(message), want[1], cell);
          assert.match(String(hint), want[2], cell);
        }
      }
    });
  }
}

Deno.test("a server that resolves the tenant before the token answers both with a bare 500: exit 11, with the hint", async () => {
  await using w = await withToken();
  Object.assign(w.sandbox.options, { errors: "stock", graphqlGates: "route", tenancyFirst: true });
  w.env.AUTOCOM_TOKEN = "unknown";
  w.env.AUTOCOM_TENANT = "hooli";
  await autocom("orders list", { code: 11, err: /hint: .*is "hooli" one of your tenants\? autocom tenants list\n/ }, w);
});

Deno.test("of several errors in one answer the lowest gate counts, whatever their order", async () => {
  await using w = await withToken();
  const error = (code: string, more = {}) => ({ message: code, path: ["orders"], extensions: { code, ...more } });
  const cases: [unknown[], number][] = [
    [[error("NOT_FOUND"), error("FORBIDDEN"), error("TENANT_NOT_FOUND"), error("UNAUTHENTICATED")], 4],
    [[error("NOT_FOUND"), error("FORBIDDEN"), error("TENANT_NOT_FOUND")], 5],
    [[error("INTERNAL"), error("TENANT_NOT_FOUND", { reason: "TENANT_SUSPENDED" })], 5],
    [[error("VALIDATION"), error("FORBIDDEN")], 6],
    [[error("NOT_FOUND"), error("INTERNAL")], 7],
    [[error("INTERNAL"), error("NOT_FOUND")], 11],
    [[error("RATE_LIMITED"), error("VALIDATION")], 9],
    [[{ message: "Cannot query field" }, error("INTERNAL")], 8],
  ];
  for (const [errors, code] of cases) {
    w.fetch = () => Promise.resolve(json({ errors, data: { orders: { data: [], meta: { total_pages: 1 } } } })());
    const ended = await execute("orders list -o json", w);
    assert.deepEqual([ended.code, ended.out], [code, ""], `${JSON.stringify(errors)}\n${ended.err}`);
  }
});

Deno.test("a document that the server's schema refuses is exit 8, its text shown, never repeated", async () => {
  await using w = await withToken();
  const text = 'Cannot query field "total" on type "Order".';
  let asked = 0;
  w.fetch = () => Promise.resolve((asked++, refused(text)()));
  const err =
    /the server refused the document: Cannot query field "total" on type "Order"\.(.|\n)*hint: .*autocom doctor\n$/;
  await autocom("orders list", { code: 8, err }, w);
  assert.equal(asked, 1);
});

Deno.test("the other commands pass the same gates", async () => {
  await using w = await withToken("manager");
  w.env.AUTOCOM_TENANT = "globex";
  await autocom(
    "whoami",
    { code: 5, err: /cannot read your profile: the token was accepted, but not tenant "globex"/ },
    w,
  );
  await autocom(
    "orders get ORD-1",
    { code: 5, err: /cannot show the order: the token was accepted, but not tenant/ },
    w,
  );
  await autocom("tenants list -o tsv", { out: /^TENANT.*\nacme\t/ }, w);
  w.env.AUTOCOM_TOKEN = "unknown";
  for (const line of ["whoami", "orders get ORD-1", "tenants list", "tenants use acme"]) {
    await autocom(line, { code: 4, err: /^error: cannot .*: http:\S+ did not accept the token/ }, w);
  }
});

Deno.test("a stored session whose token the server refuses is exit 4, and the hint is to log in", async () => {
  await using w = await loggedIn();
  w.sandbox.revokeClient();
  await autocom("orders list", { code: 4, err: /^error: .*\nhint: autocom auth refresh\n$/ }, w);
  await autocom("auth refresh", {
    code: 1,
    err: /^error: .* client id .*\nhint: autocom auth login --client-id UUID\n$/,
  }, w);
});

Deno.test("TR-8: a session of one address is never sent to another", async () => {
  await using w = await loggedIn();
  let sent = 0;
  w.fetch = () => Promise.resolve((sent++, new Response("{}")));
  w.env.AUTOCOM_API_URL = "https://api.example.com/api/v1";
  const err = /^error: not logged in to https:\/\/api\.example\.com\b.*\nhint: .*autocom auth login.*\n$/;
  for (const line of ["orders list", "orders get X", "whoami", "tenants list", "tenants use acme"]) {
    await autocom(line, { code: 4, err }, w);
  }
  assert.equal(sent, 0);
});
