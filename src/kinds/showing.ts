import type { Api } from "../api/mod.ts";
import { type Argument, ONLINE, type Said, type Verb, verb, type Words } from "../cli/mod.ts";
import { checker, type Fields, type View, view } from "../fields/mod.ts";
import { detail } from "../output/mod.ts";
import { askedOf, CHOOSE, chosen, namesOf, printNames } from "./chosen.ts";

/** A verb that shows one thing. `look` throws when there is none. */
export function showing<const F extends Fields, const A extends readonly Argument[]>(
  { of, action, args, look, lacks, check, ...said }: Omit<Said, "needs"> & {
    readonly of: F;
    /** Completes "cannot …": `show the order`. */
    readonly action: string;
    readonly args: A;
    /** What the server sent: it is checked afterwards. */
    readonly look: (api: Api, ...words: Words<A>) => Promise<unknown>;
    /** What the server keeps from this person, of what was found; in a sentence. */
    readonly lacks?: (found: unknown) => string | undefined;
    /** Refuses words that mean nothing, before anything is sent. */
    readonly check?: (...words: Words<A>) => void;
  },
): Verb {
  return verb<typeof CHOOSE, A>({
    ...said,
    needs: ONLINE,
    prints: of,
    names: () => namesOf(of),
    args,
    options: CHOOSE,
    async run(app, { fields, query }, ...words) {
      const to = await (await askedOf(app, query, { of, fields, direct: true })).destination();
      if (fields === true) return await printNames(to, of);
      check?.(...words);
      const face: View<never> = fields === undefined ? view(of) : await chosen(of, fields);
      const sent = await look(await app.api(), ...words);
      const missing = lacks?.(sent);
      if (missing) await app.say.warn(missing);
      const found = checker(of, action)(sent);
      await detail(to, face, found as never);
    },
  });
}
