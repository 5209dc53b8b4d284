import type { Api } from "../api/mod.ts";
import {
  type Argument,
  type Given,
  ONLINE,
  type Options,
  type Said,
  type Sound,
  type Verb,
  verb,
  type Words,
} from "../cli/mod.ts";
import type { Fields } from "../fields/mod.ts";
import { REQUEST } from "./request.ts";

/** A change as it stands before it is sent: what it is of, and what will be different. */
export interface Prepared {
  /** What is changed, for people: `order ORD-20260503-1814`. */
  readonly what: string;
  /** What will be different, by the server's names. */
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
  readonly reason?: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The whole row as it is. */
  readonly row: unknown;
}

/** The mutation itself. */
export interface Sent<F extends Fields> {
  /** The changed row. */
  readonly of: F;
  /** Completes "cannot …": `cancel the order`. */
  readonly action: string;
  readonly document: string;
  /** The mutation's field in the answer. */
  readonly field: string;
}

/** What a change is, beside what every verb is. */
interface Changing<F extends Fields, O extends Options, A extends readonly Argument[]> extends Sent<F> {
  readonly args: A;
  readonly options?: O & Sound<O>;
  /** Variables that are called otherwise on the command line: `id` is `<order>`. */
  readonly typed?: Readonly<Record<string, string>>;
  /** Refuses words that mean nothing, before anything is sent. */
  readonly check?: (given: Given<O>, ...words: Words<A>) => void;
  /** Looks up what will be changed; sends no change. */
  readonly prepare: (api: Api, given: Given<O>, ...words: Words<A>) => Promise<Prepared>;
  /** What a refusal of the change means, where the server does not say it. */
  readonly refused?: (...words: Words<A>) => (error: unknown) => Promise<never>;
}

/** The options that every change has. */
export const CONFIRMABLE = {
  yes: { about: "do it without asking; needed in scripts and CI" },
  dryRun: { about: "show what would change, and change nothing" },
} as const satisfies Options;

/** A verb that changes one thing, after showing it and asking. */
// deno-lint-ignore ban-types
export function changing<const F extends Fields, const A extends readonly Argument[], const O extends Options = {}>(
  { of, action, document, field, args, options, typed, check, prepare, refused, ...said }:
    & Omit<Said, "needs" | "changes">
    & Changing<F, O, A>,
): Verb & { prepare: Changing<F, O, A>["prepare"] } {
  const every = { ...options, ...CONFIRMABLE };
  const made = verb<typeof CONFIRMABLE, A>({
    ...said,
    needs: ONLINE,
    prints: { ...of, ...REQUEST },
    changes: true,
    args,
    options: every as typeof CONFIRMABLE,
    async run(app, { yes, dryRun, ...rest }, ...words) {
      const given = rest as unknown as Given<O>;
      check?.(given, ...words);
      // Loaded when something is changed: most commands only look.
      const { change } = await import("./carry.ts");
      await change(
        app,
        { of, action, document, field },
        { yes, dryRun },
        (api) => prepare(api, given, ...words),
        { absent: refused?.(...words), options: every, typed },
      );
    },
  });
  return { ...made, prepare };
}

/** Sends the change, once: see `carry.ts`, which is loaded when something is changed. */
export async function carryOut<F extends Fields>(api: Api, of: Sent<F>, prepared: Prepared) {
  return await (await import("./carry.ts")).carryOut(api, of, prepared);
}
