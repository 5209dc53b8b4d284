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
import type { App } from "../app.ts";
import type { Fields, Row } from "../fields/mod.ts";
import { askedOf, CHOOSE } from "./chosen.ts";
import { CONFIRMABLE } from "./confirmable.ts";
import { REQUEST } from "./request.ts";

/** A change as it stands before it is sent: what it is of, and what will be different. */
export interface Prepared {
  /** What is changed, for people: `order ORD-20260503-1814`. */
  readonly what: string;
  /** What will be different, by the server's names; before is null for what is made. */
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>>;
  /** For people, where `before → after` does not say it: `2 × ACM-001`. */
  readonly change?: string;
  /** Done again it is another change, so it is sent even where nothing would look different. */
  readonly again?: true;
  readonly reason?: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The whole row as it is; undefined for what is made. */
  readonly row?: unknown;
}

/** The mutation itself. */
export interface Sent<F extends Fields> {
  /** The changed row. */
  readonly of: F;
  /** Completes "cannot …": `cancel the order`. */
  readonly action: string;
  /** The mutation; with `endpoint` the request line, for people: `POST /team/invite`. */
  readonly document: string;
  /** The mutation's field in the answer. */
  readonly field: string;
  /** The path that the variables are posted to instead of the gateway; such a change leaves no row in the audit log. */
  readonly endpoint?: string;
  /** The command that shows whether it was carried out, then. */
  readonly seen?: string;
  /** The changed row as it is printed, made of what the server sent. */
  readonly shape?: (value: unknown) => unknown;
  /** What is done, in the question and where the answer is no: `["Refund", "refunded"]`. */
  readonly words?: readonly [ask: string, past: string];
  /** What was done, of the changed row: `order ORD-20260503-1814 was created`. */
  readonly told?: (row: Row<F>) => string;
}

/** What a change is, beside what every verb is. */
interface Changing<F extends Fields, O extends Options, A extends readonly Argument[]> extends Sent<F> {
  readonly args: A;
  readonly options?: O & Sound<O>;
  /** Variables that are called otherwise on the command line: `id` is `<order>`. */
  readonly typed?: Readonly<Record<string, string>>;
  /** Refuses words that mean nothing, before anything is sent. */
  readonly check?: (given: Given<O>, ...words: Words<A>) => void;
  /** What is sent, where it is more than words: files and stdin are read before the server is asked. */
  readonly read?: (app: App, given: Given<O>, ...words: Words<A>) => Promise<Body>;
  /** Looks up what will be changed; sends no change. `body` is what was read. */
  readonly prepare: (api: Api, given: Given<O> & { readonly body: Body }, ...words: Words<A>) => Promise<Prepared>;
  /** What a refusal of the change means, where the server does not say it. */
  readonly refused?: (...words: Words<A>) => (error: unknown) => Promise<never>;
}

type Body = Readonly<Record<string, unknown>>;

/** A verb that changes one thing, after showing it and asking. */
// deno-lint-ignore ban-types
export function changing<const F extends Fields, const A extends readonly Argument[], const O extends Options = {}>(
  {
    of,
    action,
    document,
    field,
    endpoint,
    seen,
    shape,
    words: verbs,
    told,
    args,
    options,
    typed,
    check,
    read,
    prepare,
    refused,
    ...said
  }:
    & Omit<Said, "needs" | "changes">
    & Changing<F, O, A>,
): Verb & { prepare: Changing<F, O, A>["prepare"] } {
  const every = { ...options, ...CONFIRMABLE, query: CHOOSE.query };
  const made = verb<typeof CONFIRMABLE & Pick<typeof CHOOSE, "query">, A>({
    ...said,
    needs: ONLINE,
    prints: async () => [{ ...of, ...REQUEST }, (await import("./carry.ts")).PLAN],
    changes: true,
    args,
    options: every as typeof CONFIRMABLE & Pick<typeof CHOOSE, "query">,
    async run(app, { yes, dryRun, query, ...rest }, ...words) {
      const given = rest as unknown as Given<O>;
      check?.(given, ...words);
      // Loaded when something is changed: most commands only look.
      const { change } = await import("./carry.ts");
      await change(
        await askedOf(app, query, dryRun ? {} : { of: { ...of, ...REQUEST } }),
        { of, action, document, field, endpoint, seen, shape, words: verbs, told } as Sent<F>,
        { yes, dryRun },
        async () => {
          const body = await read?.(app, given, ...words) ?? {};
          return (api) => prepare(api, { ...given, body }, ...words);
        },
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
