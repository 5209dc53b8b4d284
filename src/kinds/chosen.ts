import { text } from "../cli/mod.ts";
import type { Options } from "../cli/mod.ts";
import { choosing, type Fields, fields, type View, view } from "../fields/mod.ts";
import { type Destination, list } from "../output/mod.ts";

/** The option that every verb has which prints rows. */
export const CHOOSE = {
  fields: {
    about: "only these, in this order: a,b.c (without a value: which there are)",
    value: text("names"),
    bare: true,
  },
} as const satisfies Options;

export async function chosen(of: Fields, names: string): Promise<View<never>> {
  return (await choosing()).choose(of, names) as View<never>;
}

const NAMES = fields({
  field: { is: "text", column: "FIELD", key: true },
  type: { is: "text", column: "TYPE" },
  about: { is: "text", column: "ABOUT", prose: true },
});

/** What `--fields` takes. */
export async function printNames(to: Destination, of: Fields): Promise<void> {
  const writer = list(to, view(NAMES));
  await writer.page((await choosing()).named(of).map(({ name, is, about }) => ({ field: name, type: is, about })));
  await writer.end();
}
