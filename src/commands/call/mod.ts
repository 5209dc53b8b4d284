import { generic } from "./operation.ts";

export const verbs = [generic];
/** An operation of the tenant's server, as a verb; loaded when one is named. */
export const find = async (...given: Parameters<typeof import("../../schema/mod.ts").find>) =>
  (await import("../../schema/mod.ts")).find(...given);
