/**
 * Every field that the program reads of a server, exchanged for something else, under every command that reads it: a
 * documented exit, and nothing that was never sent. What is exchanged is found in answers that are made of the
 * declarations, so a new field is swept by itself.
 */
import assert from "node:assert/strict";
import { PROFILE, TENANT } from "../../src/account.ts";
import { ENTRY } from "../../src/commands/audit/entry.ts";
import { everyVerb } from "../../src/commands/mod.ts";
import { CUSTOMER, FULL_CUSTOMER } from "../../src/commands/customers/customer.ts";
import { FULL_PRODUCT, PRODUCT } from "../../src/commands/products/product.ts";
import { REFUNDED } from "../../src/commands/orders/refund.ts";
import { INVITATION } from "../../src/commands/team/invitation.ts";
import { FULL_ORDER } from "../../src/commands/orders/full_order.ts";
import { ORDER } from "../../src/commands/orders/order.ts";
import { EXITS } from "../../src/errors.ts";
import type { Field, Fields } from "../../src/fields/mod.ts";
import { execute, type World } from "../support/harness.ts";
import { loggedIn } from "../support/harness.ts";
import { withToken } from "../support/scripted.ts";

const ID = "9d794c60-1508-5e53-a3ef-a8198e43d9e1";
const EMAIL = "owner@example.test";

/** Texts that the program looks at. */
const KNOWN: Record<string, unknown> = {
  id: ID,
  order_number: "ORD-1",
  sku: "SKU-1",
  status: "confirmed",
  email: EMAIL,
  name: "Acme",
};

/** A row as the declaration asks for it. */
function sample(of: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(of).filter(([, { made }]) => !made).map(([name, field]) => [name, KNOWN[name] ?? value(field)]),
  );
}

function value(field: Field): unknown {
  if ("of" in field) return field.is === "row" ? sample(field.of) : [sample(field.of)];
  const values: Record<typeof field.is, unknown> = {
    text: "a text",
    instant: "2026-05-03T10:14:22Z",
    money: "10.50",
    number: 3,
    switch: true,
    texts: ["a", "b"],
    value: 1,
    data: `{"id":"${ID}","status":"shipped"}`,
  };
  return values[field.is];
}

const pageOf = (row: unknown) => ({
  data: [row],
  meta: { current_page: 1, total_pages: 1, total_items: 1, per_page: 1 },
});
const graphql = (name: string, of: unknown) => ({ data: { [name]: of } });

/** Good answers, by what asks for them. */
const ANSWERS: Record<string, () => unknown> = {
  tenants: () => ({ tenants: [{ ...sample(TENANT), id: "acme" }] }),
  profile: () => ({ ...sample(PROFILE), id: 1, current_tenant: { id: "acme", role: "owner", status: "active" } }),
  orders: () => graphql("orders", pageOf(sample(ORDER))),
  order: () => graphql("order", sample(FULL_ORDER)),
  exported: () => graphql("orders", pageOf(sample(FULL_ORDER))),
  "exported products": () => graphql("products", pageOf(sample(FULL_PRODUCT))),
  "exported customers": () => graphql("customers", pageOf(sample(FULL_CUSTOMER))),
  paid: () => graphql("order", { ...sample(REFUNDED), amount_refunded: "0.10" }),
  create: () => graphql("orders_create", sample(ORDER)),
  refund: () => graphql("orders_process_refund", sample(REFUNDED)),
  products: () => graphql("products", pageOf(sample(PRODUCT))),
  product: () => graphql("product", sample(FULL_PRODUCT)),
  made: () => graphql("products_create", sample(PRODUCT)),
  mended: () => graphql("products_update", sample(FULL_PRODUCT)),
  customers: () => graphql("customers", pageOf(sample(CUSTOMER))),
  customer: () => graphql("customer", sample(FULL_CUSTOMER)),
  invitations: () => ({
    invitations: [{ ...sample(INVITATION), role: { id: 4, name: "agent" }, invited_by: { id: 1, name: "O" } }],
  }),
  invite: () => ({ message: "Invitation sent.", invitation: sample(INVITATION) }),
  update: () => graphql("orders_update_status", sample(ORDER)),
  cancel: () => graphql("orders_cancel", sample(ORDER)),
  audit: () => graphql("audit_log", pageOf(sample(ENTRY))),
  logs: () => ({ logs: [{ ...sample(ENTRY), id: 3 }], pagination: { last_page: 1, total: 1 } }),
  token: () => ({ token_type: "Bearer", expires_in: 1_296_000, access_token: "a.b.c", refresh_token: "r" }),
};

/** Refusals of each kind; every member of them is read. */
const REFUSALS: Record<string, [status: number, body: () => unknown]> = {
  "a REST refusal": [403, () => ({ message: "no", code: "FORBIDDEN", permission: "p", reason: "r" })],
  "a validation": [422, () => ({ message: "no", errors: { customer_id: ["no"] } })],
  "a GraphQL error": [200, () => ({
    errors: [{
      message: "no",
      extensions: { code: "VALIDATION", reason: "r", permission: "p", fields: { status: ["no"] } },
    }],
    data: { orders: null },
  })],
  "a tenant's refusal": [404, () => ({ message: "no", code: "TENANT_NOT_FOUND" })],
  "an OAuth error": [400, () => ({ error: "invalid_request", error_description: "no", hint: "no", message: "no" })],
};

/** What asks for what, by its path and its document. */
function endpoint({ url }: Request, body: string): string {
  const { pathname } = new URL(url);
  if (pathname === "/oauth/token") return "token";
  if (!pathname.endsWith("/graphql")) {
    return {
      tenants: "tenants",
      profile: "profile",
      "activity-logs": "logs",
      invitations: "invitations",
      invite: "invite",
    }[pathname.split("/").at(-1)!]!;
  }
  const field = /\{\s*(\w+)/.exec(JSON.parse(body).query.replace(/^[^{]*/, ""))![1]!;
  return {
    orders: body.includes("query Export") ? "exported" : "orders",
    order: body.includes("PaidOrder") ? "paid" : "order",
    orders_create: "create",
    orders_process_refund: "refund",
    products: body.includes("query Export") ? "exported products" : "products",
    product: "product",
    products_create: "made",
    products_update: "mended",
    customers: body.includes("query Export") ? "exported customers" : "customers",
    customer: "customer",
    audit_log: "audit",
    orders_update_status: "update",
    orders_cancel: "cancel",
  }[field]!;
}

/** A platform that answers well, but for what is put in its place. */
function platform(changed: Record<string, () => Response>): World["fetch"] {
  return async (request) => {
    const body = await request.clone().text();
    const isOpen = request.url.endsWith("/oauth/token") || request.headers.has("Authorization");
    if (!isOpen) return Response.json({ message: "Unauthenticated." }, { status: 401 });
    const asked = endpoint(request, body);
    if (JSON.parse(body.startsWith("{") ? body : "{}").operationName === "AutocomValidatesOnly") {
      return (changed.validated ??
        (() => Response.json({ errors: [{ message: 'Unknown operation "AutocomValidatesOnly".' }] })))();
    }
    return (changed[asked] ?? (() => Response.json(ANSWERS[asked]!())))();
  };
}

/** Each command line with the answers that it reads. */
const LINES: [line: string, reads: readonly string[]][] = [
  ["orders list", ["orders"]],
  ["orders list --all", ["orders"]],
  ["orders list --fields id,total,status", ["orders"]],
  ["orders get ORD-1", ["orders", "order"]],
  [`orders get ${ID}`, ["order"]],
  ["orders export --format csv", ["exported"]],
  ["products export --format jsonl", ["exported products"]],
  ["customers export --format csv", ["exported customers"]],
  ["orders update-status ORD-1 shipped --yes", ["orders", "update"]],
  ["orders cancel ORD-1 --yes", ["orders", "cancel"]],
  [`orders cancel ${ID} --dry-run`, ["order"]],
  ["orders create --item ACM-001 --yes", ["create"]],
  ["orders refund ORD-1 --amount 1.00 --yes", ["orders", "paid", "refund"]],
  [`orders refund ${ID} --dry-run`, ["paid"]],
  ["products list", ["products"]],
  ["products get SKU-1", ["products", "product"]],
  ["products create --sku A --name B --price 1 --yes", ["made"]],
  [`products update ${ID} --price 2.00 --yes`, ["product", "mended"]],
  ["customers list", ["customers"]],
  [`customers get ${EMAIL}`, ["customers", "customer"]],
  ["team invitations", ["invitations"]],
  ["team invite a@b.example --role agent --yes", ["invite"]],
  ["audit list", ["audit", "profile", "logs"]],
  [`audit list --user ${EMAIL}`, ["audit", "profile"]],
  ["tenants list", ["tenants", "profile"]],
  ["tenants use acme", ["tenants", "profile"]],
  ["whoami --refresh", ["profile"]],
  ["doctor", ["tenants", "profile", "orders"]],
];

/** They are made of other answers, or of none: tests/schema, tests/commands and tests/upgrade have theirs. */
const OTHERS = /^(auth|commands|config|help|schema|upgrade)\b/;

/** Verbs that print what a server sent, by their declarations: a new one belongs into the lines above. */
Deno.test("FT-21: every verb that prints rows of a server is swept", async () => {
  const swept = LINES.map(([line]) => line);
  for (const { words, verb } of await everyVerb()) {
    if (verb.prints && !OTHERS.test(words)) {
      assert.ok(swept.some((line) => line.startsWith(`${words} `) || line === words), `${words} is not swept`);
    }
  }
});

const nested = (depth: number) => JSON.parse("[".repeat(depth) + "]".repeat(depth));

const STRANGE: [what: string, value: unknown][] = [
  ["null", null],
  ["a number", 7],
  ["a megabyte", "x".repeat(1 << 20)],
  ["an object that is no text", { toString: 0 }],
  ["a list 5,000 deep", nested(5_000)],
  ["nothing", undefined],
];

/** Every place in a value, the value itself too. */
function places(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const inner = typeof value !== "object" || value === null ? [] : Object.entries(value);
  return [path, ...inner.flatMap(([name, one]) => places(one, [...path, name]))];
}

/** The value with something else in that place. */
function exchanged(value: unknown, [first, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (first === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...value as object }) as Record<string | number, unknown>;
  if (rest.length === 0 && by === undefined) delete copy[first];
  else copy[first] = exchanged(copy[first], rest, by);
  return copy;
}

const CODES: readonly number[] = EXITS.map(({ code }) => code).filter((code) => code !== 70);

async function sweep(line: string, of: World, cell: string): Promise<{ code: number; err: string; said: string }> {
  const { code, out, err } = await execute(line, of);
  const said = `${line}, ${cell}: exit ${code}\n${out.slice(0, 2_000)}\n${err.slice(0, 2_000)}`;
  assert.ok(CODES.includes(code), said);
  for (const text of [out, err]) assert.ok(!/\bundefined\b|\[object \w+\]|\bNaN\b/.test(text), said);
  return { code, err, said };
}

/** A fault of the server's says what is wrong with which field, or that it is no such answer at all. */
const NAMED =
  /"[\w.]+" (of the answer is|is missing)|the answer has (a row that is|no list|another shape)|JSON of another shape|does not end/;

for (const [line, reads] of LINES) {
  for (const format of ["tsv", "json", "table"]) {
    Deno.test(`FT-21: ${line} -o ${format}: each field of ${reads.join(" and ")} may be anything`, async () => {
      const terminal = format === "table" ? { stdout: true } : {};
      await using of = await withToken("owner", { terminal, fetch: platform({}) });
      const full = `${line} -o ${format}`;
      assert.equal((await sweep(full, of, "good answers")).code, 0);
      for (const read of reads) {
        const good = ANSWERS[read]!();
        for (const place of places(good)) {
          for (const [what, by] of STRANGE) {
            const changed = exchanged(good, place, by);
            of.fetch = platform({
              ...read === "logs"
                ? { audit: () => Response.json({ errors: [{ message: 'Cannot query field "audit_log".' }] }) }
                : {},
              [read]: () => Response.json(changed ?? null),
            });
            const { code, err, said } = await sweep(full, of, `${read} ${place.join(".")} is ${what}`);
            if (code === 11 && line !== "doctor") assert.match(err.replaceAll('\\"', '"'), NAMED, said);
          }
        }
      }
    });
  }
}

for (const [refusal, [status, body]] of Object.entries(REFUSALS)) {
  Deno.test(`FT-21: each member of ${refusal} may be anything`, async () => {
    await using of = await withToken("owner", { fetch: platform({}) });
    for (const place of places(body())) {
      for (const [what, by] of STRANGE) {
        const answer = () => Response.json(exchanged(body(), place, by) ?? null, { status });
        for (
          const [line, read] of [["orders list", "orders"], ["whoami --refresh", "profile"], ["doctor", "validated"]]
        ) {
          of.fetch = platform({ [read!]: answer });
          await sweep(line!, of, `${place.join(".")} is ${what}`);
        }
      }
    }
  });
}

Deno.test("FT-21: each member of the token endpoint's answer, good or bad, may be anything", async () => {
  const [badStatus, bad] = REFUSALS["an OAuth error"]!;
  for (const [status, body] of [[200, ANSWERS.token!], [badStatus, bad]] as const) {
    for (const place of places(body())) {
      for (const [what, by] of STRANGE) {
        await using of = await loggedIn();
        of.fetch = platform({ token: () => Response.json(exchanged(body(), place, by) ?? null, { status }) });
        await sweep("auth refresh", of, `${place.join(".")} is ${what}`);
      }
    }
  }
});
