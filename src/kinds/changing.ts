import { type Api, member } from "../api/mod.ts";
import type { App } from "../app.ts";
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
import { AppError } from "../errors.ts";
import { checker, type Fields, fields, type Row, view } from "../fields/mod.ts";
import { detail, safe } from "../output/mod.ts";
import { named } from "./named.ts";

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

/** What a change is, beside what every verb is. */
interface Changing<F extends Fields, O extends Options, A extends readonly Argument[]> {
  /** The changed row. */
  readonly of: F;
  /** Completes "cannot …": `cancel the order`. */
  readonly action: string;
  readonly document: string;
  /** The mutation's field in the answer. */
  readonly field: string;
  readonly args: A;
  readonly options?: O & Sound<O>;
  /** Variables that are called otherwise on the command line: `id` is `<order>`. */
  readonly typed?: Readonly<Record<string, string>>;
  /** Refuses words that mean nothing, before anything is sent. */
  readonly check?: (given: Given<O>, ...words: Words<A>) => void;
  /** Looks up what will be changed; sends no change. */
  readonly prepare: (api: Api, given: Given<O>, ...words: Words<A>) => Promise<Prepared>;
  /** What a refusal of the change means, where the server does not say it. */
  readonly refused?: (...words: Words<A>) => (error: unknown) => never;
}

const CONFIRMABLE = {
  yes: { about: "do it without asking; needed where nobody can be asked" },
  dryRun: { about: "look, and show what would change, but change nothing" },
} as const satisfies Options;

/** The server's name for the request, as its audit log has it. */
const REQUEST = fields({
  request_id: { is: "text", column: "REQUEST", key: true, nullable: true, made: true },
});

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
      if (!yes && !dryRun && !app.interactive) {
        throw new AppError("usage", `cannot ${action}: nobody is there to confirm it`, {
          hint: "add --yes, or --dry-run to see what would change",
        });
      }
      const to = await app.destination();
      const api = await app.api();
      const prepared = await prepare(api, given, ...words);
      if (isSame(prepared)) {
        await detail(
          to,
          view({ ...of, ...REQUEST }),
          { ...checker(of, action)(prepared.row), request_id: null } as never,
        );
        const [now] = Object.values(prepared.after);
        return await app.say.note(`${capital(prepared.what)} is already ${now}: nothing was sent.`);
      }
      if (dryRun) {
        await detail(to, DRY, { ...prepared, document, reason: prepared.reason ?? null, change: difference(prepared) });
        return await app.say.note("Nothing was changed: this was a dry run.");
      }
      const line = `${capital(prepared.what)} of tenant ${await app.tenant()}: ${difference(prepared)}${why(prepared)}`;
      await (yes ? app.say.note(line) : app.say.ask(line));
      if (!yes && !await app.system.io.prompt.confirm(safe(`Change ${prepared.what}?`))) {
        throw new AppError("failure", `${prepared.what} was not changed: you said no`);
      }
      const done = await carryOut(api, { of, action, document, field }, prepared)
        .catch(refused?.(...words) ?? rethrow).catch(named(every, typed));
      await detail(to, view({ ...of, ...REQUEST }), done as never);
      const { request_id } = done;
      const [now] = Object.keys(prepared.after).map((name) => (done as Record<string, unknown>)[name]);
      await app.say.note(
        `${capital(prepared.what)} is ${now}. Request ${request_id}: autocom audit list --request-id ${request_id}`,
      );
    },
  });
  return { ...made, prepare };
}

/** Sends the change, once. What comes back is the changed row, with the request that its row in the audit log is of. */
export async function carryOut<F extends Fields>(
  api: Api,
  { of, action, document, field }: Pick<Changing<F, Options, []>, "of" | "action" | "document" | "field">,
  { variables }: Prepared,
): Promise<Row<F> & { request_id: string }> {
  const { data, requestId } = await api.mutate(document, variables, action);
  return { ...checker(of, action)(member(data, field)), request_id: requestId };
}

const PLAN = fields({
  what: { is: "text", column: "WHAT", key: true },
  change: { is: "text", column: "CHANGE" },
  reason: { is: "text", column: "REASON", nullable: true },
  document: { is: "text" },
  variables: { is: "data" },
  before: { is: "data" },
  after: { is: "data" },
});

/** People see the difference, programs what would be sent. */
const DRY = {
  columns: view(PLAN).columns,
  record: view(PLAN, ["what", "before", "after", "reason", "document", "variables"]).record,
};

function isSame({ before, after }: Prepared): boolean {
  return Object.keys(after).every((name) => after[name] === before[name]);
}

/** `confirmed → cancelled` */
function difference({ before, after }: Prepared): string {
  return Object.keys(after).filter((name) => after[name] !== before[name])
    .map((name) => `${before[name]} → ${after[name]}`).join(", ");
}

function why({ reason }: Prepared): string {
  return reason ? `, reason: ${reason}` : "";
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

function rethrow(error: unknown): never {
  throw error;
}
