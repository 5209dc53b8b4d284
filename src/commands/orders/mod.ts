import type { Verb } from "../../cli/mod.ts";
import { list } from "./list.ts";

/** What is asked most is part of the program; the rest is loaded when it is named. */
export async function verbs(next?: string): Promise<readonly Verb[]> {
  if (next === list.name || list.aliases.includes(next!)) return [list];
  if (next === "export") return [(await import("./export.ts")).exportOrders];
  const { get } = await import("./get.ts");
  if (next === get.name || get.aliases.includes(next!)) return [list, get];
  const { exportOrders } = await import("./export.ts");
  if (next === exportOrders.name) return [list, get, exportOrders];
  return [list, get, exportOrders, ...(await import("./changes.ts")).changes];
}
