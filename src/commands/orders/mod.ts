import { cancel } from "./cancel.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { updateStatus } from "./update_status.ts";

export const verbs = [list, get, updateStatus, cancel];
