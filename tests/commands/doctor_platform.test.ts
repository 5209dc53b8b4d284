import assert from "node:assert/strict";
import { everyVerb } from "../../src/commands/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { World } from "../support/harness.ts";
import { dated, entries, intercept, sessionIn } from "../support/kept.ts";
import { html, json, refused } from "../support/scripted.ts";
import { type Broken, diagnoses, examine } from "../support/examined.ts";

const deny = (message: string) => () => Promise.reject(new TypeError(message));

const DOCUMENTS = (await everyVerb()).flatMap(({ verb }) => Object.entries(verb.documents))
  .filter(([name], at, all) => all.findIndex(([other]) => other === name) === at);
const ASKING = DOCUMENTS.filter(([, document]) => document.includes("order_number"));

const BROKEN: Broken[] = [
  [
    "no network",
    (of) => (of.fetch = deny("dns error: failed to lookup address information")),
    10,
    "server",
    /cannot be found/,
    /AUTOCOM_API_URL/,
  ],
  [
    "a certificate that is not trusted",
    (of) => (of.fetch = deny("invalid peer certificate: UnknownIssuer")),
    10,
    "server",
    /trusted neither/,
    /AUTOCOM_CA_BUNDLE/,
  ],
  [
    "a proxy that refuses",
    (of) => (of.fetch = deny("proxy: unsuccessful tunnel (user:hunter2@proxy)")),
    10,
    "server",
    /proxy/,
    /HTTPS_PROXY/,
  ],
  [
    "an address where nothing of the API is",
    (of) => intercept(of, "/auth/tenants", json({ message: "no" }, 404)),
    11,
    "server",
    /no \/api\/v1\/auth\/tenants \(status 404\)/,
    /AUTOCOM_API_URL/,
  ],
  [
    "a server of web pages",
    (of) => intercept(of, "/auth/tenants", html("<h1>Welcome")),
    11,
    "server",
    /an HTML page \(status 200\)/,
    /AUTOCOM_API_URL/,
  ],
  [
    "a redirect to a login page",
    (of) => intercept(of, "/auth/tenants", () => new Response(null, { status: 302, headers: { Location: "/login" } })),
    11,
    "server",
    /status 302/,
    /AUTOCOM_API_URL/,
  ],
  [
    "maintenance",
    (of) => (of.sandbox.options.maintenance = "retry"),
    11,
    "server",
    /is not available: Service Unavailable/,
    /^try again in \d+ s$/,
  ],
  [
    "a session that the server ended",
    async (of) => {
      const { access, refresh } = await entries(of);
      for (const token of [access!.access_token, refresh!.refresh_token]) of.sandbox.revokeToken(String(token));
    },
    4,
    "token",
    /credentials was refused by the server/,
    /^autocom auth login$/,
  ],
  [
    "no tenant",
    (of) => delete of.env.AUTOCOM_TENANT,
    5,
    "tenant",
    /no tenant is chosen/,
    /^see which are yours: autocom tenants list; .*--tenant SLUG, .*: autocom tenants use SLUG$/,
  ],
  [
    "a tenant that does not exist",
    (of) => (of.env.AUTOCOM_TENANT = "acne"),
    5,
    "tenant",
    /"acne"/,
    /autocom tenants list/,
  ],
  [
    "a missing permission",
    (of) => intercept(of, "/graphql", refused("no", { code: "FORBIDDEN", permission: "orders.view" })),
    6,
    "permissions",
    /"orders\.view" is missing/,
    /autocom tenants list/,
  ],
  [
    "a schema that lacks a field",
    (of) => intercept(of, "/graphql", lacks("order_number")),
    8,
    "schema",
    // FT-59: as many documents as ask for that field.
    new RegExp(
      `refuses ${ASKING.length} of ${DOCUMENTS.length} documents: ` +
        ASKING.slice(0, 3).map(([name]) => `${name}: Cannot query field "order_number".*`).join("; "),
    ),
    /^server and autocom disagree about the schema: autocom upgrade$/,
  ],
  [
    "a server without introspection",
    (of) => (of.sandbox.options.introspection = false),
    0,
    "introspection",
    /introspection is not allowed/,
    /^call and schema need it: .*: autocom schema import FILE$/,
  ],
  [
    "a limit on depth that the usual introspection exceeds",
    (of) => (of.sandbox.options.graphqlMaxDepth = 12),
    0,
    "introspection",
    /should be 12 but got 13/,
    /^nothing to fix: call and schema ask for less at once$/,
  ],
  [
    "a clock that is a day fast",
    (of) => apart(of, 86_400),
    0,
    "clock",
    /86400 s ahead of the server/,
    /timedatectl/,
  ],
  [
    "a clock that is an hour slow",
    (of) => apart(of, -3_600),
    0,
    "clock",
    /3600 s behind the server/,
    /timedatectl/,
  ],
];

diagnoses(BROKEN);

Deno.test("doctor writes a count as every list does", async () => {
  await using of = await sessionIn("keychain");
  intercept(of, "/graphql", async (request) => {
    const isLook = (await request.clone().text()).includes("query Look");
    return isLook ? json({ data: { orders: { meta: { total_items: 12345 } } } })() : undefined;
  });
  assert.match((await examine(of)).found.permissions!.detail, /: 12,345 there$/);
});

/** This machine's clock is so many seconds ahead of the platform's; both stand still. */
function apart(of: World, seconds: number): void {
  const at = Math.floor(Date.now() / 1000) * 1000;
  of.sandbox.options.now = () => at;
  dated(of);
  of.system = { ...of.system, clock: { ...denoSystem().clock, now: () => at + seconds * 1000 } };
}

/** The server validates documents against a schema without that field. */
function lacks(field: string): (request: Request) => Promise<Response | undefined> {
  return async (request) => {
    const { query, operationName } = await request.clone().json();
    if (!operationName || !query.includes(field)) return undefined;
    return refused(`Cannot query field "${field}" on type "Order".`)();
  };
}
