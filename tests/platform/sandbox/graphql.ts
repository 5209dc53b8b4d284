/**
 * `POST /api/v1/graphql`: the schema of `../schema.graphql`, executed with the gates before each field.
 *
 * @module
 */

import {
  buildSchema,
  type DocumentNode,
  executeSync,
  getDirectiveValues,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  parse,
  type SelectionSetNode,
  specifiedRules,
  validate,
  visit,
} from "graphql";
import { Invalid, json, phpJson } from "./answers.ts";
import type { Row } from "./database.ts";
import { callerOf, findTenant, holds, passGates, refusalOf, throttle } from "./gates.ts";
import { type Incoming, type Input, isObject } from "./incoming.ts";
import { sdlOf } from "../modules/mod.ts";
import { modulesFor } from "./options.ts";
import type { Platform } from "./platform.ts";
import { complexityError, depthRule, introspectionRule } from "./query_limits.ts";
import { Refused } from "./refused.ts";
import { repeated } from "./rest.ts";
import { type Place, RELATIONS, RESOLVERS } from "./resolvers.ts";
import { carryOut, Thing } from "./things.ts";
import { sqlTime, zulu } from "./time.ts";
import { asWebonyx } from "./webonyx.ts";

const built = new Map<string, GraphQLSchema>();

/** What the tenant that is named is served: the small schema and its modules. */
function schemaOf(platform: Platform, request: Incoming): GraphQLSchema {
  const modules = modulesFor(platform.options, request.headers.get("x-tenant") ?? "");
  const copies = platform.options.moduleCopies;
  const key = `${copies} × ${modules}`;
  let schema = built.get(key);
  if (!schema) {
    small ??= Deno.readTextFileSync(new URL("../schema.graphql", import.meta.url));
    built.set(key, schema = buildSchema(`${small}\n${sdlOf(modules, copies)}`));
  }
  return schema;
}

let small: string | undefined;

/** webonyx limits introspection by the query's depth alone. */
const RULES = specifiedRules.filter(({ name }) => name !== "MaxIntrospectionDepthRule");

/** The endpoint. In route mode the gates of REST come first. */
export function graphql(platform: Platform, request: Incoming): Response {
  if (platform.options.graphqlGates === "route") passGates(platform, request, null);
  else throttle(platform, request, callerOf(platform, request)?.user);
  const { query, variables, operationName } = request.input;
  if (typeof query !== "string" || (typeof variables !== "object" && variables !== undefined)) {
    return json({ errors: [{ message: "Send {query, variables?, operationName?} as JSON." }] }, 400);
  }
  const values = isObject(variables) ? variables : {};
  const schema = schemaOf(platform, request);
  const name = operationName == null ? null : String(operationName);
  const { errors, data } = run(platform, request, schema, query, values, name);
  return json({
    ...errors.length ? { errors: errors.map((error) => format(error, schema, values)) } : {},
    ...data === undefined ? {} : { data: data && Object.keys(data).length === 0 ? [] : data },
  });
}

/** `{ }` is no syntax, except for graphql-js. */
function refuseEmpty({ selections, loc }: SelectionSetNode): void {
  if (selections.length || !loc) return;
  const nodes = { source: loc.source, positions: [loc.end - 1] };
  throw new GraphQLError('Syntax Error: Expected Name, found "}".', nodes);
}

interface Result {
  errors: readonly GraphQLError[];
  /** Undefined when nothing was executed. */
  data?: Record<string, unknown> | null;
}

function run(
  platform: Platform,
  request: Incoming,
  schema: GraphQLSchema,
  query: string,
  variables: Input,
  operation: string | null,
): Result {
  const { graphqlMaxDepth, graphqlMaxComplexity, introspection } = platform.options;
  let document: DocumentNode;
  try {
    document = parse(query);
    visit(document, { SelectionSet: refuseEmpty });
  } catch (error) {
    return { errors: [error as GraphQLError] };
  }
  const rules = [...RULES, ...introspection ? [] : [introspectionRule], depthRule(graphqlMaxDepth)];
  const errors = validate(schema, document, rules);
  if (errors.length) return { errors };
  const complex = complexityError(document, variables, graphqlMaxComplexity);
  if (complex) return { errors: [complex] };
  const result = executeSync({
    schema,
    document,
    variableValues: variables,
    operationName: operation,
    contextValue: new Gate(platform, request),
    fieldResolver: resolve,
  });
  return { errors: result.errors ?? [], data: result.data };
}

/** The three gates for a field; the first two are passed once a request. */
class Gate {
  #place: Place | undefined;

  constructor(readonly platform: Platform, readonly request: Incoming) {}

  get entered(): Place | undefined {
    return this.#place;
  }

  pass(permission: string | undefined): Place {
    const place = this.#place ??= this.#enter();
    if (permission && !holds(this.platform, place.user, place.tenant, permission)) {
      throw new Refused("FORBIDDEN", `Permission \`${permission}\` is missing.`, { permission });
    }
    return place;
  }

  #enter(): Place {
    const { platform, request } = this;
    const user = callerOf(platform, request)?.user;
    if (!user) throw new Refused("UNAUTHENTICATED", "Unauthenticated.");
    const name = request.headers.get("x-tenant") ?? "";
    const tenant = findTenant(platform, name);
    if (!tenant) {
      throw new Refused(
        "TENANT_NOT_FOUND",
        name === "" ? "No tenant named. Send the X-Tenant header." : "There is no such tenant.",
      );
    }
    const refusal = refusalOf(platform, user, tenant);
    if (refusal) throw new Refused("TENANT_NOT_FOUND", refusal.message, { reason: refusal.code });
    return { platform, user, tenant, db: platform.shop(tenant.id) };
  }
}

const resolve: GraphQLFieldResolver<unknown, Gate> = (source, args, gate, info) => {
  const { parentType, fieldName } = info;
  const field = parentType.getFields()[fieldName]!;
  const can = field.astNode && getDirectiveValues(info.schema.getDirective("can")!, field.astNode);
  const permission = can?.permission as string | undefined;
  const top = parentType.name === "Query" || parentType.name === "Mutation";
  if (parentType.name === "Mutation") gate.request.changes = true;
  let outcome = "ok";
  try {
    if (top) {
      const place = gate.pass(permission);
      const asked = repeated(gate.platform, args);
      return Object.hasOwn(RESOLVERS, fieldName) ? RESOLVERS[fieldName]!(place, asked) : carryOut(place, asked, info);
    }
    if (permission) gate.pass(permission);
    if (source instanceof Thing) return source.field(gate.entered!, info, args);
    return property(gate, `${parentType.name}.${fieldName}`, source as Row, fieldName);
  } catch (error) {
    const refused = error instanceof Invalid
      ? new Refused("VALIDATION", error.message, { fields: error.fields })
      : error as Error;
    outcome = refused instanceof Refused ? refused.code : "INTERNAL";
    throw refused;
  } finally {
    if (parentType.name === "Mutation") audit(gate, fieldName, args, outcome);
  }
};

function property(gate: Gate, path: string, row: Row, name: string): unknown {
  const relation = RELATIONS[path];
  if (relation) return relation(gate.entered!.db, row);
  const value = row[name];
  if (name === "tags") return JSON.parse(String(value));
  return name.endsWith("_at") && /^\S+ \S+$/.test(String(value)) ? zulu(String(value)) : value;
}

/** One row for each mutation, refused ones too. */
function audit({ platform, request, entered }: Gate, operation: string, args: Input, result: string): void {
  platform.central.insert("module_bus_audit_log", {
    user_id: callerOf(platform, request)?.user.id ?? null,
    tenant: entered?.tenant.id ?? null,
    operation,
    variables: phpJson(args),
    request_id: request.requestId,
    user_agent: (request.headers.get("user-agent") ?? "").slice(0, 250),
    result,
    created_at: sqlTime(platform.options.now()),
  });
}

/** The error as webonyx writes it. What is not meant for the client's eyes becomes `INTERNAL`. */
function format(error: GraphQLError, schema: GraphQLSchema, variables: Input): Record<string, unknown> {
  const hidden = error.originalError && !(error.originalError instanceof Refused) &&
    !(error.originalError instanceof GraphQLError);
  const { locations, path } = error;
  return {
    message: hidden ? "Internal server error" : asWebonyx(error.message, schema, variables),
    ...locations?.length ? { locations } : {},
    ...path ? { path } : {},
    ...hidden
      ? { extensions: { code: "INTERNAL" } }
      : Object.keys(error.extensions).length
      ? { extensions: error.extensions }
      : {},
  };
}
