/**
 * A change on its way: shown, asked for, sent once. Loaded when something is changed.
 *
 * @module
 */

import { type Api, member, readChange } from "../api/mod.ts";
import type { App } from "../app.ts";
import type { Options } from "../cli/mod.ts";
import { checker, type Field, type Fields, fields, isSameAmount, type Row, view } from "../fields/mod.ts";
import { detail } from "../output/mod.ts";
import type { Prepared, Sent } from "./changing.ts";
import { confirm, mayChange, printed, stated } from "./confirm.ts";
import { named } from "./named.ts";
import { REQUEST } from "./request.ts";

/** `absent`: what an error of the change means where the server does not say it; `options` and `typed` name its fields. */
export async function change<F extends Fields>(
  app: App,
  sent: Sent<F>,
  { yes, dryRun }: { yes: boolean; dryRun: boolean },
  ready: () => Promise<(api: Api) => Promise<Prepared>>,
  { absent = rethrow, options, typed = {} }: {
    absent?: ((error: unknown) => Promise<never>) | undefined;
    options: Options;
    typed?: Readonly<Record<string, string>> | undefined;
  },
): Promise<void> {
  const { of, action, document, endpoint, seen, words: [ask, past] = ["Change", "changed"] } = sent;
  const to = await app.destination();
  const prepare = await ready(); // what is wrong with the line is said before what is missing in it
  mayChange(app, { yes, dryRun }, action);
  const face = view({ ...of, ...REQUEST });
  const api = await app.api();
  const prepared = await prepare(api);
  const { what, after, reason = null } = prepared;
  const [first, ...more] = Object.keys(after);
  const plain = first === "status" && more.length === 0;
  if (isSame(prepared, of)) {
    await detail(to, face, { ...checker(of, action)(prepared.row), request_id: null } as never);
    return await app.say.note(`${capital(what)} is already ${plain ? after.status : "so"}: nothing was sent.`);
  }
  if (dryRun) {
    await detail(to, dry(), { ...prepared, document, reason, change: difference(prepared, of) });
    return await app.say.note("Nothing was changed: this was a dry run.");
  }
  const said = `${capital(what)} of tenant ${await app.tenant()}: ${difference(prepared, of)}`;
  await confirm(app, yes, reason ? `${said}, reason: ${stated(reason)}` : said, {
    question: `${ask} ${what}?`,
    no: `${what} was not ${past}`,
  });
  const done = await carryOut(api, sent, prepared).catch(absent).catch(named(options, typed));
  const { request_id } = done;
  // A change through REST leaves no row there.
  const audited = endpoint === undefined ? `autocom audit list --request-id ${request_id}` : undefined;
  await printed(request_id, audited ?? seen, () => detail(to, face, done as never));
  const now = (name: string) => shown((done as Record<string, unknown>)[name]);
  const result = sent.told?.(done) ??
    (plain ? `${what} is ${now("status")}` : `${what}: ${
      Object.keys(after).map((name) => `${name} is ${now(name)}`)
        .join(", ")
    }`);
  const otherwise = Object.keys(after).filter((name) =>
    !isKept(of[name], after[name], done[name as keyof typeof done])
  );
  if (otherwise.length > 0) {
    const said = otherwise.map((name) => `${plain ? "" : `${name} `}is ${now(name)}, not ${shown(after[name])}`);
    await app.say.warn(
      `the server accepted the change, and says otherwise: ${what}${plain ? "" : ":"} ${said.join(", ")}`,
    );
  }
  await app.say.note(`${capital(result)}. Request ${request_id}${audited ? "" : "."}`, audited);
}

/** Whether what was sent came back; where nothing came back nobody knows. */
function isKept(field: Field | undefined, sent: unknown, came: unknown): boolean {
  return came === undefined || isAlike(field, sent, came);
}

/** Sends the change, once. What comes back is the changed row, with the request that its row in the audit log is of. */
export async function carryOut<F extends Fields>(
  api: Api,
  { of, action, document, field, endpoint, seen, shape = (value) => value }: Sent<F>,
  { variables }: Prepared,
): Promise<Row<F> & { request_id: string }> {
  const { data, requestId } = endpoint === undefined
    ? await api.mutate(document, variables, action)
    : await post(api, endpoint, variables, action, seen);
  const row = readChange(requestId, () => checker(of, action)(shape(member(data, field))), seen);
  return { ...row, request_id: requestId };
}

async function post(api: Api, path: string, variables: object, action: string, seen: string | undefined) {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(variables);
  const sent = await api.exchange({ method: "POST", path, headers, body, change: true, seen }, action);
  return { data: await sent.body(), requestId: sent.answer.requestId };
}

/** A change that is not made, as programs see it: what would be sent. */
export const PLAN = fields({
  what: { is: "text", column: "WHAT", key: true },
  before: { is: "data" },
  after: { is: "data" },
  reason: { is: "text", column: "REASON", nullable: true },
  document: { is: "text" },
  variables: { is: "data" },
});

/** People see the difference instead. */
const dry = () => ({
  columns: view(fields({ what: PLAN.what, change: { is: "text", column: "CHANGE" }, reason: PLAN.reason })).columns,
  record: view(PLAN).record,
});

function isSame({ before, after, again }: Prepared, of: Fields): boolean {
  return before !== null && !again && Object.keys(after).every((name) => isAlike(of[name], after[name], before[name]));
}

/** Also an amount with other digits, and a number of a file, which is kept by its digits. */
function isAlike(field: Field | undefined, one: unknown, other: unknown): boolean {
  if (field?.is === "money" && isSameAmount(one, other)) return true;
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** `confirmed → cancelled`, `price: 49.00 → 59.00, name: A → B` */
function difference({ before, after, change }: Prepared, of: Fields): string {
  if (change !== undefined) return change;
  return Object.keys(after).filter((name) => !isAlike(of[name], after[name], before?.[name])).map((name) => {
    // Of a field that is not looked up nobody knows what it was.
    const now = before?.[name] === undefined ? shown(after[name]) : `${shown(before[name])} → ${shown(after[name])}`;
    return name === "status" ? now : `${name}: ${now}`;
  }).join(", ");
}

function shown(value: unknown): string {
  return typeof value === "string" ? stated(value) : value == null ? "none" : JSON.stringify(value);
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

function rethrow(error: unknown): Promise<never> {
  return Promise.reject(error);
}
