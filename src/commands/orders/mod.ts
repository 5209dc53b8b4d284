import type { Verb } from "../../cli/mod.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";

const LOOKS: readonly Verb[] = [list, get];

/** What is asked most is part of the program; what changes something is loaded when it is named. */
export async function verbs(next?: string): Promise<readonly Verb[]> {
  if (LOOKS.some(({ name, aliases }) => name === next || aliases.includes(next!))) return LOOKS;
  if (next === "export") return [(await import("./export.ts")).exportOrders];
  const [{ exportOrders }, { changes }] = await Promise.all([import("./export.ts"), import("./changes.ts")]);
  return [...LOOKS, exportOrders, ...changes];
}
