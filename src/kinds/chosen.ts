import type { App } from "../app.ts";
import { type Options, text } from "../cli/mod.ts";
import { choosing, type Fields, type View } from "../fields/mod.ts";
import type { Destination } from "../output/mod.ts";
import type { About, asking as Asking } from "./asked.ts";

/** The option that every verb has which prints rows. */
export const CHOOSE = {
  fields: {
    about: "print only these fields, in this order: a,b.c (without a value: list them)",
    value: text("names", "fields"),
    bare: true,
  },
  query: { about: "JMESPath over the result; see: autocom help query", value: text("expression") },
} as const satisfies Options;

/** What `--fields` takes of such rows. */
export async function namesOf(of: Fields): Promise<string[]> {
  return (await choosing()).namesIn(of).map(({ name }) => name);
}

export async function chosen(of: Fields, names: string): Promise<View<never>> {
  return (await choosing()).choose(of, names) as View<never>;
}

/** `--query`; loaded when it is given. */
export const asking = async (...given: Parameters<typeof Asking>) => (await import("./asked.ts")).asking(...given);

/** The same run, of which an expression takes all that is printed, where there is one. */
export async function askedOf(app: App, query: string | undefined, about: About): Promise<App> {
  if (query === undefined) return app;
  const to = await asking(app, query, about);
  return Object.create(app, { destination: { value: () => Promise.resolve(to) } });
}

/** What `--fields` takes; loaded when it is asked for. */
export async function printNames(to: Destination, of: Fields): Promise<void> {
  await (await import("./names.ts")).printNames(to, of);
}
