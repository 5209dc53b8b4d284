/** The three gates of GraphQL, before each field and on the route. */

import type { Ask } from "../scene.ts";
import type { Exchanges } from "./mod.ts";
import { each, REFUSED_TENANTS, REFUSED_TOKENS } from "./refusals.ts";

const ONE = "{ orders(per_page: 1) { data { order_number } } }";
const AUDIT = "{ audit_log { data { id } } }";

/** Whoever asks, in both modes. */
function both(name: string, query: string, ask: Ask): Exchanges {
  return {
    [`per field, ${name}`]: (scene) => scene.graphql(query, ask),
    async [`on the route, ${name}`](scene) {
      await scene.control.set({ GRAPHQL_GATES: "route" });
      return scene.graphql(query, ask);
    },
  };
}

export const gatesGraphql: Exchanges = {
  ...both("gate 1: no token", ONE, { bearer: "", headers: {} }),
  ...both("gate 1: no token, and the client takes any type", ONE, { bearer: "", accept: "*/*" }),
  ...each(REFUSED_TOKENS, (name, token) => ({
    [`per field, gate 1: ${name}`]: async (scene) => scene.graphql(ONE, { bearer: await token(scene) }),
  })),
  ...both("gate 1 comes before gate 2", ONE, { bearer: "unknown", tenant: "nowhere" }),
  ...each(REFUSED_TENANTS, (name, ask) => both(`gate 2: ${name}`, ONE, { tenant: undefined, ...ask })),
  async "on the route, the packages' own errors: an unknown tenant"(scene) {
    await scene.control.set({ GRAPHQL_GATES: "route", ERRORS: "stock" });
    return scene.graphql(ONE, { tenant: "nowhere" });
  },
  ...both("gate 2 comes before gate 3", AUDIT, { as: "viewer", tenant: "nowhere" }),
  ...both("gate 3: the permission is missing", AUDIT, { as: "viewer" }),
  ...both("gate 3: one field is refused, another has data", `{ a: ${AUDIT.slice(2, -2)} profile { name } }`, {
    as: "viewer",
  }),
  ...both(
    "gate 3: a nested field with a permission that the role has",
    "{ orders(per_page: 1) { data { customer { first_name } } } }",
    { as: "viewer" },
  ),
  ...both(
    "gate 3: a nested field whose permission is missing",
    "{ orders(per_page: 1) { data { customer { first_name email } } } }",
    { as: "viewer" },
  ),
};
