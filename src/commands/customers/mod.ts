import { exportCustomers } from "./export.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";

export const verbs = [list, get, exportCustomers];
