import { importing } from "./import.ts";
import { list } from "./list.ts";
import { refresh } from "./refresh.ts";
import { show } from "./show.ts";

export const verbs = [list, show, refresh, importing];
