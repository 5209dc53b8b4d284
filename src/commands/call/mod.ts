import type { Seek, Verb } from "../../cli/mod.ts";
import { calling } from "../../schema/mod.ts";
import { generic } from "./operation.ts";

export const verbs = [generic];
/** An operation of the tenant's server, as a verb; loaded when one is named. */
export const find = async (word: string, seek: Seek): Promise<Verb> => await (await calling()).find(word, seek);
