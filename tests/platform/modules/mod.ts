/**
 * 25 modules of a platform as generated SDL, beside `../schema.graphql`: about 500 operations and 430 types.
 *
 * @module
 */

import { moduleSdl } from "./generate.ts";
import { LAB } from "./lab.ts";

export { MODULES, modulesOf } from "./plan.ts";

/** What extends the small schema by these modules. */
export function sdlOf(modules: readonly string[]): string {
  if (modules.length === 0) return "";
  return ["scalar JSON", ...modules.map((name) => name === "lab" ? LAB : moduleSdl(name))].join("\n\n");
}
