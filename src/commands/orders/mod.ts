import type { Verb } from "../../cli/mod.ts";
import { list } from "./list.ts";

/** What is asked most is part of the program; the rest is loaded when it is named. */
export async function verbs(next?: string): Promise<readonly Verb[]> {
  if (next === list.name || list.aliases.includes(next!)) return [list];
  if (next === "export") return [(await import("./export.ts")).exportOrders];
  const { get } = await import("./get.ts");
  if (next === get.name || get.aliases.includes(next!)) return [list, get];
  const [{ exportOrders }, { changes }] = await Promise.all([import("./export.ts"), import("./changes.ts")]);
  return [list, get, exportOrders, ...changes];
}
