import { list } from "./list.ts";
import { use } from "./use.ts";

export const verbs = [list, use];
