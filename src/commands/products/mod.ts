import { create } from "./create.ts";
import { exportProducts } from "./export.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { update } from "./update.ts";

export const verbs = [list, get, exportProducts, create, update];
