/** The generated modules beside the small schema, and the sandbox's switches that real platforms do not have. */
import assert from "node:assert/strict";
import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { MODULES, modulesOf, sdlOf } from "../platform/modules/mod.ts";
import { createSandbox, optionsFrom, serveSandbox } from "../platform/sandbox/mod.ts";
import { uuidOf } from "../platform/sandbox/seed.ts";
import { ask, query } from "../support/sandbox/client.ts";

const sandbox = await createSandbox({ modules: "all", graphqlMaxDepth: 0, graphqlMaxComplexity: 0 });

async function schemaOf(tenant = "acme"): Promise<GraphQLSchema> {
  const { at } = await query(sandbox, getIntrospectionQuery({ inputValueDeprecation: true }), { tenant });
  return buildClientSchema(at("data") as Parameters<typeof buildClientSchema>[0]);
}

const fieldsOf = (schema: GraphQLSchema): GraphQLField<unknown, unknown>[] => [
  ...Object.values(schema.getQueryType()!.getFields()),
  ...Object.values(schema.getMutationType()!.getFields()),
];

Deno.test("25 modules are about 500 operations and 430 types, and the same text every time", async () => {
  const schema = await schemaOf();
  assert.equal(MODULES.length, 25);
  const operations = fieldsOf(schema).length;
  const types = Object.keys(schema.getTypeMap()).filter((name) => !name.startsWith("__")).length;
  assert.ok(Math.abs(operations - 505) <= 20, `${operations} operations`);
  assert.ok(Math.abs(types - 435) <= 20, `${types} types`);
  assert.equal(sdlOf(MODULES), sdlOf(modulesOf("all")));
});

Deno.test("WP-17: twelve copies of the modules are 5,000 operations", async () => {
  sandbox.options.moduleCopies = 12;
  const { at } = await query(
    sandbox,
    "{ __schema { queryType { fields { name } } mutationType { fields { name } } } }",
  );
  const count = ["queryType", "mutationType"].reduce(
    (sum, kind) => sum + (at(`data.__schema.${kind}.fields`) as []).length,
    0,
  );
  assert.ok(count >= 5_000 && count < 5_500, `${count} operations`);
  assert.equal((await query(sandbox, "{ shipping12_labels { meta { current_page } } }")).at("errors"), undefined);
  sandbox.reset();
});

Deno.test("the modules hold what is hard", async () => {
  const schema = await schemaOf();
  const all = fieldsOf(schema);
  const names = new Set(all.flatMap(({ name, args }) => [name, ...args.map((arg) => arg.name)]));
  for (const name of ["output", "tenant", "help", "constructor", "toString", "fooBar", "foo_bar", "query", "yes"]) {
    assert.ok(names.has(name), name);
  }
  const kinds = (test: (type: unknown) => boolean) => Object.values(schema.getTypeMap()).some(test);
  assert.ok(kinds(isAbstractType) && kinds(isInputObjectType) && kinds(isEnumType));
  const box = schema.getType("LabBoxInput");
  assert.ok(isInputObjectType(box) && String(box.getFields().parent!.type) === "LabBoxInput");
  assert.ok(all.some(({ deprecationReason }) => deprecationReason));
  assert.ok(all.some(({ description }) => description?.includes("\u001b[31m")));
  assert.ok(all.some(({ description }) => description?.includes("$(touch")));
  assert.equal(schema.getSubscriptionType()?.name, "Subscription");
});

/** A document that carries an operation out with what it must have, and asks for what is plain. */
function documentOf(field: GraphQLField<unknown, unknown>, kind: "query" | "mutation"): string {
  const needed = field.args.filter(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined);
  const type = getNamedType(field.type);
  const written = needed.map((arg) => `${arg.name}: ${value(arg, type.name)}`).join(", ");
  return `${kind} { ${field.name}${written && `(${written})`} ${selection(type)} }`;
}

function value({ name, type }: Pick<GraphQLArgument, "name" | "type">, answer: string): string {
  if (isNonNullType(type)) return value({ name, type: type.ofType as GraphQLInputType }, answer);
  if (isListType(type)) return `[${value({ name, type: type.ofType as GraphQLInputType }, answer)}]`;
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type)) {
    const needed = Object.values(type.getFields()).filter((field) =>
      isNonNullType(field.type) && field.defaultValue === undefined
    );
    return `{ ${needed.map((field) => `${field.name}: ${value(field, answer)}`).join(", ")} }`;
  }
  const named: Record<string, string> = { Int: "1", Boolean: "true", Money: '"1.00"' };
  if (name === "id") return JSON.stringify(uuidOf(`acme/${answer}/1`));
  return named[type.name] ?? '"text"';
}

function selection(type: ReturnType<typeof getNamedType>, deep = true): string {
  if (isLeafType(type)) return "";
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
  const plain = fields.filter(({ args, type }) =>
    (deep || isLeafType(getNamedType(type))) &&
    !args.some((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined)
  );
  return `{ __typename ${
    plain.map((field) => `${field.name} ${selection(getNamedType(field.type), false)}`).join(" ")
  } }`;
}

/** Operations of the small schema that are told by their own tests; the lab's that fail. */
const APART = /^(profile|(orders?|products?|customers?|audit)(_.*)?|lab_(fails|break))$/;

Deno.test("every operation of every module answers, and no answer is a fault of the server's", async () => {
  sandbox.reset();
  sandbox.options.apiRate = 100_000;
  const schema = await schemaOf();
  for (const kind of ["query", "mutation"] as const) {
    const root = kind === "query" ? schema.getQueryType()! : schema.getMutationType()!;
    for (const field of Object.values(root.getFields())) {
      if (APART.test(field.name)) continue;
      const document = documentOf(field, kind);
      const { at } = await query(sandbox, document);
      assert.equal(at("errors"), undefined, `${document}: ${JSON.stringify(at("errors"))}`);
      assert.ok(Object.hasOwn(at("data") as object, field.name), field.name);
    }
  }
});

Deno.test("what was changed is seen, and forgotten by a reset", async () => {
  const name = async () => (await query(sandbox, "{ shipping_labels(per_page: 1) { data { id name } } }"));
  const before = await name();
  const id = before.at("data.shipping_labels.data.0.id");
  await query(sandbox, `mutation { shipping_update_label(id: "${id}", input: { name: "changed" }) { id } }`);
  assert.equal((await name()).at("data.shipping_labels.data.0.name"), "changed");
  sandbox.reset();
  assert.equal((await name()).at("data.shipping_labels.data.0.name"), "shipping label 1");
});

Deno.test("WP-12: an echo tells what was given from what the schema adds", async () => {
  const document =
    "query ($notes: String, $currency: String) { lab_defaults(notes: $notes, currency: $currency) { given args } }";
  const given = async (variables: unknown) => {
    const { at } = await query(sandbox, document, { variables });
    const { currency, notes = "absent" } = JSON.parse(String(at("data.lab_defaults.args")));
    return [at("data.lab_defaults.given"), currency, notes];
  };
  assert.deepEqual(await given({}), [[], "INR", "absent"]);
  assert.deepEqual(await given({ notes: null, currency: "EUR" }), [["notes", "currency"], "EUR", null]);
});

Deno.test("a module's permissions are the roles'", async () => {
  const code = async (as: "viewer" | "agent" | "manager" | "owner", document: string) =>
    (await query(sandbox, document, { as })).at("errors.0.extensions.permission");
  const READ = "{ shipping_labels { meta { total_items } } }";
  const MAKE = 'mutation { shipping_create_label(input: { name: "x" }) { id } }';
  assert.deepEqual([await code("viewer", READ), await code("viewer", MAKE)], [undefined, "shipping.create_label"]);
  assert.equal(await code("agent", MAKE), undefined);
  assert.equal(await code("manager", "{ settings: taxes_zones { meta { total_items } } }"), "settings.view");
  const SEAL = `mutation { lab_seal_box(id: "${uuidOf("acme/LabFragile/1")}") { id secret } }`;
  const sealed = await query(sandbox, SEAL, { as: "manager" });
  assert.equal(sealed.at("data.lab_seal_box.id"), uuidOf("acme/LabFragile/1"));
  assert.deepEqual(sealed.at("errors.0.path"), ["lab_seal_box", "secret"]);
  sandbox.reset();
});

Deno.test("a module appears and vanishes while the sandbox runs, for all tenants or for one", async () => {
  const asks = async (tenant = "acme") =>
    (await query(sandbox, "{ reports_schedules { meta { total_items } } }", { tenant })).at("errors.0.message");
  const unknown = 'Cannot query field "reports_schedules" on type "Query".';
  assert.equal(await asks(), undefined);
  sandbox.options.modules = "all,-reports";
  assert.ok(String(await asks()).startsWith(unknown.slice(0, -1)));
  sandbox.options.tenantModules = "globex=reports";
  assert.ok(await asks());
  assert.equal(await asks("globex"), undefined);
  sandbox.options.modules = "none";
  assert.equal(await asks(), unknown);
  sandbox.reset();
  assert.equal(await asks(), undefined);
  assert.throws(() => optionsFrom({ MODULES: "all,nope" }), /there is no module "nope"/);
  assert.throws(() => optionsFrom({ TENANT_MODULES: "globex=nope" }), /there is no module "nope"/);
});

/** Introspection as a client asks that wants to fit: three levels of `ofType`. */
const SLIM = `{ __schema { queryType { name } types { name kind
  fields { name args { name type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }
    type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }`;

Deno.test("WP-1: a slim introspection fits a depth limit of 7 and is refused by 4", async () => {
  const first = async () => (await query(sandbox, SLIM)).at("errors.0.message");
  sandbox.options.graphqlMaxDepth = 7;
  assert.equal(await first(), undefined);
  sandbox.options.graphqlMaxDepth = 4;
  assert.match(String(await first()), /^Max query depth should be 4 but got \d\.$/);
  // webonyx counts nothing below `__schema`, and all below `__type`.
  Object.assign(sandbox.options, { graphqlMaxDepth: 0, graphqlMaxComplexity: 3 });
  assert.equal(await first(), undefined);
  const type = await query(sandbox, '{ __type(name: "Order") { name fields { name isDeprecated } } }');
  assert.equal(type.at("errors.0.message"), "Max query complexity should be 3 but got 5.");
  sandbox.reset();
});

const MOVE = (id: unknown) => `mutation { orders_cancel(id: "${id}", reason: "x") { status } }`;
const someId = async () =>
  (await query(sandbox, '{ orders(search: "-0001") { data { id } } }')).at("data.orders.data.0.id");

Deno.test("an idempotency key is good for one change; without the switch for none", async () => {
  const id = await someId();
  const send = (key: string, document = MOVE(id)) => query(sandbox, document, { headers: { "idempotency-key": key } });
  const first = await send("key-1");
  const again = await send("key-1");
  assert.equal(first.at("data.orders_cancel.status"), "cancelled");
  assert.deepEqual(again.json, first.json);
  assert.deepEqual(
    [again.headers.get("idempotent-replayed"), again.headers.get("x-request-id")],
    ["true", first.headers.get("x-request-id")],
  );
  assert.equal(sandbox.auditRows().length, 1);
  assert.equal((await send("key-1", MOVE("other"))).status, 422);
  assert.equal((await send("key-2")).at("errors.0.extensions.code"), "VALIDATION");
  sandbox.options.idempotency = false;
  assert.equal((await send("key-1")).at("errors.0.extensions.code"), "VALIDATION");
  sandbox.reset();
});

Deno.test("an answer is lost after the change was carried out", async () => {
  const id = await someId();
  sandbox.options.lossy = "once";
  assert.equal(await someId(), id);
  await assert.rejects(query(sandbox, MOVE(id)), /connection closed/);
  assert.equal(sandbox.auditRows().length, 1);
  assert.equal(await someId(), id);
  assert.equal(sandbox.options.lossy, "off");
  const { url, shutdown } = serveSandbox(sandbox);
  sandbox.options.lossy = "all";
  await assert.rejects(async () => await (await fetch(`${url}/api/v1/profile`)).text());
  await shutdown();
  sandbox.reset();
});

Deno.test("an answer drips, whole", async () => {
  sandbox.options.drip = 1;
  const { text, rows } = await ask(sandbox, "/api/v1/orders?per_page=20", { as: "owner", tenant: "acme" });
  assert.ok(text.length > 4096);
  assert.equal(rows("data").length, 20);
  sandbox.reset();
});

Deno.test("a page repeats for ever where it is told to", async () => {
  sandbox.options.repeatPage = 2;
  const page = async (n: number) => {
    const { at } = await query(sandbox, `{ orders(page: ${n}) { data { id } meta { current_page total_pages } } }`);
    return [at("data.orders.meta"), at("data.orders.data.0.id")];
  };
  assert.notDeepEqual(await page(1), await page(2));
  assert.deepEqual(await page(3), await page(2));
  const rest = await ask(sandbox, "/api/v1/orders?page=9", { as: "owner", tenant: "acme" });
  assert.equal(rest.at("meta.current_page"), 2);
  const module = await query(sandbox, "{ lab_boxes(page: 9, per_page: 1) { meta { current_page } } }");
  assert.equal(module.at("data.lab_boxes.meta.current_page"), 2);
  sandbox.reset();
});
