/**
 * What every platform is asked, and must answer as Laravel did: a fixture for each file here.
 *
 * @module
 */

import type { Scene } from "../scene.ts";
import { authorize } from "./authorize.ts";
import { gates } from "./gates.ts";
import { gatesGraphql } from "./gates_graphql.ts";
import { graphql } from "./graphql.ts";
import { operations } from "./operations.ts";
import { rest } from "./rest.ts";
import { shop } from "./shop.ts";
import { token } from "./token.ts";

/** What was asked, as a sentence, and how; the platform is at its seed before each. */
export type Exchanges = Record<string, (scene: Scene) => Promise<Response | Response[]>>;

export const EXCHANGES: Record<string, Exchanges> = {
  authorize,
  gates,
  gates_graphql: gatesGraphql,
  graphql,
  operations,
  rest,
  shop,
  token,
};
