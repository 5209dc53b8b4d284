import { type Options, text } from "../cli/mod.ts";
import { choosing, type Fields, type View } from "../fields/mod.ts";
import type { Destination } from "../output/mod.ts";

/** The option that every verb has which prints rows. */
export const CHOOSE = {
  fields: {
    about: "print only these fields, in this order: a,b.c (without a value: list them)",
    value: text("names"),
    bare: true,
  },
} as const satisfies Options;

export async function chosen(of: Fields, names: string): Promise<View<never>> {
  return (await choosing()).choose(of, names) as View<never>;
}

/** What `--fields` takes; loaded when it is asked for. */
export async function printNames(to: Destination, of: Fields): Promise<void> {
  await (await import("./names.ts")).printNames(to, of);
}
