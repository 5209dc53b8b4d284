/**
 * Every command for every role: the exit code of the table, and what was refused changed nothing. Which commands there
 * are and what they need is the program's own declaration; which operations, and what those need, is the schema's.
 */

import assert from "node:assert/strict";
import { buildSchema, type GraphQLField, type GraphQLObjectType } from "graphql";
import { everyVerb } from "../../../src/commands/mod.ts";
import seed from "../../platform/seed.json" with { type: "json" };
import type { UserName } from "../../platform/sandbox/mod.ts";
import { execute } from "../../support/harness.ts";
import type { Scene } from "../scene.ts";
import { visitor } from "../visitor.ts";
import { ACTIONS, customerId, orderId, permissionsOf, productId } from "./actions.ts";
import type { Suite } from "./mod.ts";

type Line = (scene: Scene) => string[] | Promise<string[]>;

/** A command line for each command that needs a permission. */
const GATED: Record<string, Line> = {
  "orders list": () => ["--limit", "2"],
  "orders export": () => ["--limit", "3", "--explode", "items", "--format", "jsonl"],
  "orders get": async (scene) => [await orderId(scene, "0002")],
  "orders create": () => ["--item", "ACM-002=1", "--yes"],
  "orders update-status": async (scene) => [await orderId(scene, "0003"), "shipped", "--yes"],
  "orders cancel": async (scene) => [await orderId(scene, "0001"), "--reason", "a test", "--yes"],
  "orders refund": async (scene) => [await orderId(scene, "0007"), "--amount", "0.25", "--yes"],
  "products list": () => ["--all"],
  "products export": () => ["--format", "jsonl"],
  "products get": () => ["ACM-001"],
  "products create": () => ["--sku", "SWEEP-1", "--name", "Brass bell", "--price", "99.50", "--yes"],
  "products update": () => ["ACM-005", "--price", "77.70", "--yes"],
  "customers list": () => ["--per-page", "2", "--fields", "id,first_name"],
  "customers export": () => ["--limit", "3", "--format", "jsonl"],
  "customers get": async (scene) => [await customerId(scene)],
  "team invite": () => ["sweep@example.test", "--role", "agent", "--yes"],
  "team invitations": () => [],
  "audit list": () => ["--limit", "3"],
};

/** Exit codes for a member of the tenant, for anybody else, and for a token that is none. */
type Codes = readonly [member: number, stranger: number, unknown: number];
const MEMBERS: Codes = [0, 5, 4];

/** What needs the server and no permission: the first two gates decide. */
const OPEN: Record<string, { line: Line; field: Codes; route?: Codes }> = {
  "whoami": { line: () => ["--refresh"], field: MEMBERS },
  "tenants list": { line: () => [], field: [0, 0, 4] },
  "tenants use": { line: () => ["acme"], field: [0, 5, 4] },
  // Gates that stand before fields do not stand before introspection.
  "schema list": { line: () => [], field: [0, 0, 0], route: MEMBERS },
  "schema show": { line: () => ["orders"], field: [0, 0, 0], route: MEMBERS },
  "schema refresh": { line: () => [], field: [0, 0, 0], route: MEMBERS },
  "graphql": { line: () => ["{ profile { email } }"], field: MEMBERS },
  "api": { line: () => ["/profile"], field: MEMBERS },
  "call <operation>": { line: () => ["profile"], field: MEMBERS },
};

/** What asks no tenant, or is asked with a session that is kept: `login.ts` and `session.ts`, and tests without a platform. */
const ELSEWHERE = /^(auth \w+|config \w+|schema import|doctor|commands|upgrade|completion|help)$/;

/** The one confirms in words, and has nothing to print for a program; the others print lines. */
const APART = /^autocom (tenants use|\w+ export)/;

/** A user of acme in each role has the role's name. */
const USERS = [...Object.keys(seed.roles), "outsider", "nobody"] as UserName[];
const isMember = (user: UserName | "unknown") => Object.hasOwn(seed.roles, user);

interface Case {
  line: string[];
  /** The exit code; 6 names `permission`. */
  code: number;
  permission?: string;
  changes: boolean;
}

/** What a permission means for somebody: 6 only behind the first two gates. */
function codeOf(user: UserName | "unknown", permission: string): number {
  if (user === "unknown") return 4;
  if (!isMember(user)) return 5;
  return permissionsOf(user as keyof typeof seed.roles).includes(permission) ? 0 : 6;
}

async function hold(scene: Scene, user: UserName | "unknown", cases: readonly Case[]): Promise<void> {
  const AUTOCOM_TOKEN = user === "unknown" ? "unknown" : scene.pat(user);
  await using of = await visitor(scene, { env: { AUTOCOM_TOKEN, AUTOCOM_TENANT: "acme" } });
  let before = await scene.control.rows("acme");
  for (const { line, code: expected, permission, changes } of cases) {
    const what = `autocom ${line.join(" ")}`;
    const { code, out, err } = await execute([...line, "-o", "json"], of);
    assert.equal(code, expected, `${what}\n${out}${err}`);
    const raw = line[0] === "graphql" || line[0] === "api";
    if (code === 0) assert.doesNotThrow(() => APART.test(what) || JSON.parse(out), what);
    else {
      const { error } = JSON.parse(err.trimEnd().split("\n").at(-1)!);
      assert.equal(error.exit, expected, what);
      if (!raw) assert.equal(out, "", what);
      if (expected === 6) assert.match(error.message, new RegExp(`permission "${permission}" is missing`), what);
    }
    if (!changes) continue;
    const after = await scene.control.rows("acme");
    assert.equal(after !== before, code === 0, `${what}: business rows`);
    before = after;
  }
  assert.equal(await scene.control.rows("acme"), before, "what only looks changes nothing");
}

/** Each operation of the schema with the permission that stands at it. */
function operations(sdl: string): { name: string; permission: string; changes: boolean }[] {
  const schema = buildSchema(sdl);
  const permissionAt = ({ astNode }: GraphQLField<unknown, unknown>) => {
    const value = astNode?.directives?.find(({ name }) => name.value === "can")?.arguments?.[0]?.value;
    return value?.kind === "StringValue" ? value.value : undefined;
  };
  return [schema.getQueryType()!, schema.getMutationType()!].flatMap((type: GraphQLObjectType) =>
    Object.values(type.getFields()).flatMap((field) => {
      const permission = permissionAt(field);
      return permission ? [{ name: field.name, permission, changes: type.name === "Mutation" }] : [];
    })
  );
}

/** The arguments of each operation. */
const CALLED: Record<string, Line> = {
  orders: () => ["--limit", "3"],
  order: async (scene) => ["--id", await orderId(scene, "0002")],
  products: () => ["--all", "--fields", "sku,price"],
  product: async (scene) => ["--id", await productId(scene)],
  customers: () => ["--per-page", "2", "--fields", "id,total_spent"],
  customer: async (scene) => ["--id", await customerId(scene), "--fields", "id"],
  audit_log: () => [],
  orders_create: () => ["--items.0.sku", "ACM-002", "--items.0.quantity", "2", "--yes"],
  orders_update_status: async (scene) => ["--id", await orderId(scene, "0003"), "--status", "shipped", "--yes"],
  orders_cancel: async (scene) => ["--id", await orderId(scene, "0001"), "--yes"],
  orders_process_refund: async (scene) => ["--id", await orderId(scene, "0007"), "--amount", "0.25", "--yes"],
  products_create: () => ["--sku", "CALLED-1", "--name", "x", "--price", "1.00", "--yes"],
  products_update: async (scene) => ["--id", await productId(scene), "--price", "0.02", "--yes"],
};

/** REST, as `api` asks it. */
const REQUESTED: [line: Line, permission: string, changes: boolean][] = [
  [() => ["/orders?per_page=1"], "orders.view", false],
  [async (scene) => [`/orders/${await orderId(scene, "0002")}`], "orders.view", false],
  [() => ["/products", "-X", "get", "-f", "per_page=1"], "products.view", false],
  [() => ["/customers?per_page=1"], "customers.view", false],
  [() => ["/activity-logs"], "admin.audit_log", false],
  [() => ["/team/invitations"], "team.invite", false],
  [() => ["POST", "/team/invite", "-f", "email=api@example.test", "-F", "role_id=5", "--yes"], "team.invite", true],
];

/** A document's variables as a person types them. */
function typed(variables: Record<string, unknown>): string[] {
  return Object.entries(variables).flatMap(([name, value]) => [
    "-F",
    `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  ]);
}

const everybody = (name: string, test: (scene: Scene, user: UserName | "unknown") => Promise<void>): Suite =>
  Object.fromEntries(
    [...USERS, "unknown" as const].map((user) => [
      `${name} ${user === "unknown" ? "a token that is none" : user}`,
      (scene) => test(scene, user),
    ]),
  );

export const sweep: Suite = {
  async "every command of the program has a line in the sweep, or stands elsewhere"() {
    for (const { words, verb: { permission } } of await everyVerb()) {
      const places = [Object.hasOwn(GATED, words), Object.hasOwn(OPEN, words), ELSEWHERE.test(words)];
      assert.deepEqual(places, permission ? [true, false, false] : [false, places[1], !places[1]], words);
    }
  },

  ...Object.assign(
    {},
    ...(["field", "route"] as const).map((GRAPHQL_GATES) =>
      everybody(`every command, gates ${GRAPHQL_GATES}, ends with the code of the table for`, async (scene, user) => {
        await scene.control.set({ GRAPHQL_GATES });
        const cases: Case[] = [];
        for (const { words, verb: { permission, changes = false } } of await everyVerb()) {
          if (permission) {
            const line = [...words.split(" "), ...await GATED[words]!(scene)];
            cases.push({ line, code: codeOf(user, permission), permission, changes });
          } else if (Object.hasOwn(OPEN, words)) {
            const { line, field, route = field } = OPEN[words]!;
            const codes = GRAPHQL_GATES === "route" ? route : field;
            const code = codes[user === "unknown" ? 2 : isMember(user) ? 0 : 1];
            cases.push({ line: [...words.replace(/ <.*/, "").split(" "), ...await line(scene)], code, changes: false });
          }
        }
        await hold(scene, user, cases);
      })
    ),
  ),

  ...everybody("every operation, called by its name, ends with the code of the table for", async (scene, user) => {
    const all = operations(await Deno.readTextFile(new URL("../../platform/schema.graphql", import.meta.url)));
    assert.deepEqual(all.map(({ name }) => name).toSorted(), Object.keys(CALLED).toSorted());
    const cases = await Promise.all(all.map(async ({ name, permission, changes }): Promise<Case> => ({
      line: ["call", name, ...await CALLED[name]!(scene)],
      code: codeOf(user, permission),
      permission,
      changes,
    })));
    await hold(scene, user, cases);
  }),

  ...everybody("every document and every request ends with the code of the table for", async (scene, user) => {
    const documents = await Promise.all(
      Object.values(ACTIONS).map(async ({ permission, document, variables, mutation = false }): Promise<Case> => ({
        line: ["graphql", document, ...typed(await variables?.(scene) ?? {}), ...mutation ? ["--yes"] : []],
        code: codeOf(user, permission),
        permission,
        changes: mutation,
      })),
    );
    const requests = await Promise.all(REQUESTED.map(async ([line, permission, changes]): Promise<Case> => ({
      line: ["api", ...await line(scene)],
      code: codeOf(user, permission),
      permission,
      changes,
    })));
    await hold(scene, user, [...documents, ...requests]);
  }),
};
