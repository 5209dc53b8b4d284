/**
 * A change on its way: shown, asked for, sent once. Loaded when something is changed.
 *
 * @module
 */

import { type Api, member, readChange } from "../api/mod.ts";
import type { App } from "../app.ts";
import type { Options } from "../cli/mod.ts";
import { AppError } from "../errors.ts";
import { checker, type Fields, fields, type Row, view } from "../fields/mod.ts";
import { detail } from "../output/mod.ts";
import type { Prepared, Sent } from "./changing.ts";
import { confirm, mayChange } from "./confirm.ts";
import { named } from "./named.ts";
import { REQUEST } from "./request.ts";

/** `absent`: what an error of the change means where the server does not say it; `options` and `typed` name its fields. */
export async function change<F extends Fields>(
  app: App,
  sent: Sent<F>,
  { yes, dryRun }: { yes: boolean; dryRun: boolean },
  prepare: (api: Api) => Promise<Prepared>,
  { absent = rethrow, options, typed = {} }: {
    absent?: ((error: unknown) => Promise<never>) | undefined;
    options: Options;
    typed?: Readonly<Record<string, string>> | undefined;
  },
): Promise<void> {
  const { of, action, document } = sent;
  mayChange(app, { yes, dryRun }, action);
  const to = await app.destination();
  const face = view({ ...of, ...REQUEST });
  const api = await app.api();
  const prepared = await prepare(api);
  const { what, after, reason = null } = prepared;
  if (isSame(prepared)) {
    await detail(to, face, { ...checker(of, action)(prepared.row), request_id: null } as never);
    return await app.say.note(`${capital(what)} is already ${Object.values(after)[0]}: nothing was sent.`);
  }
  if (dryRun) {
    await detail(to, dry(), { ...prepared, document, reason, change: difference(prepared) });
    return await app.say.note("Nothing was changed: this was a dry run.");
  }
  const said = `${capital(what)} of tenant ${await app.tenant()}: ${difference(prepared)}`;
  await confirm(app, yes, reason ? `${said}, reason: ${reason}` : said, {
    question: `Change ${what}?`,
    no: `${what} was not changed`,
  });
  const done = await carryOut(api, sent, prepared).catch(absent).catch(named(options, typed));
  const { request_id } = done;
  await detail(to, face, done as never).catch((error) => {
    throw error instanceof AppError && error.kind !== "pipe-closed" ? unprinted(error, request_id) : error;
  });
  const [now] = Object.keys(after).map((name) => (done as Record<string, unknown>)[name]);
  await app.say.note(
    `${capital(what)} is ${now}. Request ${request_id}: autocom audit list --request-id ${request_id}`,
  );
}

/** The change is done, whatever becomes of the words about it. */
function unprinted(error: AppError, requestId: string): AppError {
  return new AppError(error.kind, `${error.message}; the change was carried out`, {
    ...error,
    requestId,
    hint: `do not repeat it, see: autocom audit list --request-id ${requestId}`,
  });
}

/** Sends the change, once. What comes back is the changed row, with the request that its row in the audit log is of. */
export async function carryOut<F extends Fields>(
  api: Api,
  { of, action, document, field }: Sent<F>,
  { variables }: Prepared,
): Promise<Row<F> & { request_id: string }> {
  const { data, requestId } = await api.mutate(document, variables, action);
  const row = readChange(requestId, () => checker(of, action)(member(data, field)));
  return { ...row, request_id: requestId };
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
const dry = () => ({
  columns: view(PLAN).columns,
  record: view(PLAN, ["what", "before", "after", "reason", "document", "variables"]).record,
});

function isSame({ before, after }: Prepared): boolean {
  return Object.keys(after).every((name) => after[name] === before[name]);
}

/** `confirmed → cancelled` */
function difference({ before, after }: Prepared): string {
  return Object.keys(after).filter((name) => after[name] !== before[name])
    .map((name) => `${before[name]} → ${after[name]}`).join(", ");
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

function rethrow(error: unknown): Promise<never> {
  return Promise.reject(error);
}
