/**
 * 25 modules of a platform as generated SDL, beside `../schema.graphql`: about 500 operations and 430 types.
 *
 * @module
 */

import { moduleSdl } from "./generate.ts";
import { LAB } from "./lab.ts";

export { MODULES, modulesOf } from "./plan.ts";

/** What extends the small schema by these modules, each so many times: `shipping`, `shipping2`; the lab is one. */
export function sdlOf(modules: readonly string[], copies = 1): string {
  if (modules.length === 0) return "";
  const several = Array.from({ length: copies }, (_, n) => n === 0 ? "" : String(n + 1));
  const parts = modules.flatMap((name) => name === "lab" ? LAB : several.map((n) => moduleSdl(name, name + n)));
  return ["scalar JSON", ...parts].join("\n\n");
}
