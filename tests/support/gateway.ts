/** A GraphQL endpoint of a test's own: a schema that may change between two requests, limits, refusals. */
import {
  buildSchema,
  getIntrospectionQuery,
  type GraphQLSchema,
  graphqlSync,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import type { Fetch } from "../../src/system/mod.ts";
import { complexityError, depthRule, introspectionRule } from "../platform/sandbox/query_limits.ts";
import { type User, type World } from "./harness.ts";
import { withToken } from "./scripted.ts";

/** What `schema import` takes, of a schema with one operation. */
export const INTROSPECTION = graphqlSync({
  schema: buildSchema("type Query { imported: Int }"),
  source: getIntrospectionQuery(),
});

export interface Asked {
  query: string;
  variables: Record<string, unknown>;
  operationName?: string;
  tenant: string | null;
  headers: Headers;
}

export interface Gateway extends Fetch {
  /** Documents that are not introspection, in order. */
  asked: Asked[];
  /** How often the schema was asked for. */
  introspected: number;
  sdl: string;
  root: Record<string, unknown>;
  /** By tenant, where they differ. */
  tenants: Record<string, string>;
  depth: number;
  complexity: number;
  introspection: boolean;
}

/** `root`: resolvers of the operations by their names. */
export function gateway(sdl: string, root: Record<string, unknown> = {}, options: Partial<Gateway> = {}): Gateway {
  const built = new Map<string, GraphQLSchema>();
  const answer = async (request: Request) => {
    const { query, variables, operationName } = await request.json();
    const tenant = request.headers.get("X-Tenant");
    const text = self.tenants[tenant ?? ""] ?? self.sdl;
    const schema = built.get(text) ?? buildSchema(text);
    built.set(text, schema);
    if (/__schema|__type\b/.test(query)) self.introspected++;
    else self.asked.push({ query, variables, operationName, tenant, headers: request.headers });
    const rules = [
      ...specifiedRules.filter(({ name }) => name !== "MaxIntrospectionDepthRule"),
      depthRule(self.depth),
      ...self.introspection ? [] : [introspectionRule],
    ];
    const document = parse(query);
    const errors = [
      ...validate(schema, document, rules),
      ...[complexityError(document, variables, self.complexity)].filter((one) => one !== null),
    ];
    if (errors.length > 0) return Response.json({ errors });
    return Response.json(
      graphqlSync({ schema, source: query, rootValue: self.root, variableValues: variables, operationName }),
    );
  };
  const self: Gateway = Object.assign(answer, {
    asked: [],
    introspected: 0,
    sdl,
    root,
    tenants: {},
    depth: 0,
    complexity: 0,
    introspection: true,
    ...options,
  });
  return self;
}

/** A world whose platform is that endpoint. */
export async function behind(fetch: Fetch, changes: Partial<World> = {}, user: User = "owner"): Promise<World> {
  return await withToken(user, { fetch, ...changes });
}
