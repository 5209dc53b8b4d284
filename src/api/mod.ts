/**
 * Requests to the platform: REST and GraphQL, through one chain of layers around the one place that sends.
 *
 * @module
 */

import type { System } from "../system/mod.ts";
import { errorsOf, json, malformed, member, refuseGraphqlErrors } from "./answer.ts";
import type { Answer, Ask, Call } from "./call.ts";
import { doubtful, naming } from "./doubt.ts";
import type { Asked } from "./failure.ts";
import { guard } from "./guard.ts";
import { headers } from "./headers.ts";
import { limits } from "./limits.ts";
import { pace } from "./pace.ts";
import { retry } from "./retry.ts";
import { type Marks, marks, trace } from "./trace.ts";
import { transport } from "./transport.ts";

export { member } from "./answer.ts";
export { exact } from "./digits.ts";
export { brokenBy } from "./meanwhile.ts";
export { readChange } from "./doubt.ts";
export { digits, numbers } from "./numbers.ts";
export type { Answer } from "./call.ts";
export type { Outcome } from "./outcome.ts";
export type { Changes } from "./carried.ts";
export type { Asked } from "./failure.ts";
export { type Marks, marks } from "./trace.ts";
/** What an answer means, for who looks at it whole; loaded by those commands. */
export const outcomes = () => import("./outcome.ts");
/** Why an answer is none, for who prints it as it came; loaded by those commands. */
export const judging = () => import("./judge.ts");
export { bodyOf, bounded } from "./bounded.ts";
export { isSlug, isToken } from "./guard.ts";
export { userAgent } from "./headers.ts";
/** Requests without a token; loaded when there is one. */
export const bounding = () => import("./bounded.ts");
export { failure } from "./failure.ts";
export { dateOf, retryAfter } from "./retry.ts";
export { transportFailure } from "./transport.ts";

const DATA_LIMIT = 32 << 20;

/** What one request needs to know. */
export interface Connection {
  system: Pick<System, "fetch" | "clock" | "random" | "io">;
  /** `api_url`, without a slash at its end. */
  apiUrl: string;
  credential: Bearer;
  /** Sent as `X-Tenant` unless a call says otherwise: another one, or `false` for none. */
  tenant?: string;
  /** Milliseconds to the status line. */
  timeout: number;
  userAgent: string;
  signal: AbortSignal;
  debug: (line: string) => void;
  /** Says what a person at a terminal waits for. */
  note: (text: string) => Promise<void>;
  answered: () => void;
  /** Tells a person at a terminal what is waited for. */
  waiting?: (<T>(host: string, work: () => Promise<T>) => Promise<T>) | undefined;
}

/** The token of a connection. */
export interface Bearer {
  token: string;
  /** Named in the hint when the person gave the token this way. */
  variable?: string;
  /** Where the session is kept that it is of, for people. */
  where?: string;
  /** Another token, for a request that was refused with 401 before anything was done. Used once. */
  renew?: () => Promise<Bearer>;
}

export interface Api {
  /** One REST call below `api_url`; `path` is made of constants and encoded values. A GET is repeated when that helps. */
  rest(method: "GET" | "POST", path: string, action: string, options?: { tenant?: string | false }): Promise<unknown>;
  /**
   * One GraphQL query: the document is a constant, every value travels in `variables` (those undefined are left out:
   * the server would read an empty filter as none). Returns `data`; any error throws, partial data is not shown.
   */
  query(document: string, variables: Record<string, unknown>, action: string): Promise<Record<string, unknown>>;
  /**
   * One GraphQL mutation. It is never sent twice, except after a 401 that refused it before anything was done; then with
   * the same idempotency key. `requestId` finds its row in the audit log.
   */
  mutate(
    document: string,
    variables: Record<string, unknown>,
    action: string,
  ): Promise<{ data: Record<string, unknown>; requestId: string }>;
  /**
   * One request as it is, and whatever is answered. With `change` it is never sent twice and has an idempotency key;
   * otherwise it is repeated when that helps.
   */
  exchange(request: Outgoing, action: string): Promise<Exchanged>;
  /** Why the server's schema refuses a document, or undefined when it does not. Nothing is carried out. */
  validate(document: string, action: string): Promise<string | undefined>;
}

/** A request below `api_url`. */
export interface Outgoing {
  method: string;
  /** `/graphql`; checked by whoever lets a person write it. */
  path: string;
  /** Beside ours, which win. Names in lower case. */
  headers?: Readonly<Record<string, string>>;
  body?: string;
  change: boolean;
  /** What its documents change, at the gateway. */
  changes?: Asked["changes"];
  /** What marks it as a change: that of the one before, where it is the same change once more. */
  marks?: Marks;
  seen?: Call["seen"];
}

export interface Exchanged {
  answer: Answer;
  asked: Asked;
  /** Says of a change, where what is thrown leaves it open, that it may have been carried out. */
  outcome: <T>(read: () => T | Promise<T>) => Promise<T>;
  /** The answer's JSON; throws what any other answer means. */
  body(): Promise<unknown>;
}

export function connect(to: Connection): Api {
  const { clock } = to.system;
  const { origin } = new URL(to.apiUrl);
  const gateway = new URL(`${to.apiUrl}/graphql`);
  let bearer = to.credential;
  /** The tenant that has answered, undefined for none: what fails then is not for want of it. */
  let known: string | undefined | null = null;
  /** The first answer was read: what a renewal needs is given up, so a 401 from now on is the end. */
  let settled = false;
  const refused = (status: number) => status === 401 && bearer.renew !== undefined && !settled;

  // The body of an answer that renews the token is not looked at: the permissions are still needed.
  const answered = (status: number) => {
    if (refused(status)) return "discard";
    settled = true;
    to.answered();
    return "read";
  };
  const bounds = limits({ clock, timeout: to.timeout, bytes: DATA_LIMIT, signal: to.signal, answered });
  const sent = trace(to)(guard(origin)(transport(to.system.fetch)));
  const paced = pace();

  const attempt = async (call: Call, tenant: string | undefined, once: boolean) => {
    const { token } = bearer;
    const ask: Ask = bounds(headers({ token, tenant, userAgent: to.userAgent })(sent));
    const answer = () => (once ? ask : paced.gate(retry(to)(paced.seen(ask))))(call);
    return await (to.waiting ? to.waiting(call.url.host, answer) : answer());
  };

  /** `change`: it is sent once. */
  const exchange = async (
    call: Call,
    action: string,
    of: string | false | undefined,
    change?: Pick<Asked, "changes" | "ours">,
  ): Promise<Exchanged> => {
    const tenant = of || undefined;
    // Whatever becomes of a renewal, the 401 before it had refused the change.
    const outcome = doubtful(call);
    const ask = () => outcome(() => attempt(call, tenant, change !== undefined).catch(naming(action)));
    let answer = await ask();
    if (refused(answer.status)) {
      bearer = await bearer.renew!();
      answer = await ask();
    }
    const { variable, where, renew } = bearer;
    const asked: Asked = {
      action,
      origin,
      path: call.url.pathname,
      ...(tenant ? { tenant } : {}),
      ...(of === false || tenant === known ? { central: true } : {}),
      ...(variable ? { variable } : {}),
      ...(where ? { where } : {}),
      ...(renew ? { renewable: true } : {}),
      ...change,
    };
    if (answer.status < 300 && of !== false) known = tenant;
    return { answer, asked, outcome, body: () => outcome(() => json(answer, asked, clock.now())) };
  };

  const send = async (...wanted: Parameters<typeof exchange>) => {
    const sent = await exchange(...wanted);
    return { ...sent, body: await sent.body() };
  };

  const post = (payload: Record<string, unknown>, action: string, mutation?: Marks) => {
    const headers = { "content-type": "application/json", ...mutation };
    const call: Call = { method: "POST", url: gateway, headers, body: JSON.stringify(payload) };
    return send(call, action, to.tenant, mutation && { changes: [[action]], ours: true });
  };

  return {
    async rest(method, path, action, options = {}) {
      const tenant = options.tenant ?? to.tenant;
      const call: Call = { method, url: new URL(`${to.apiUrl}${path}`), headers: {} };
      return (await send(call, action, tenant, method === "GET" ? undefined : {})).body;
    },
    async query(document, variables, action) {
      return await dataOf(await post({ query: document, variables: given(variables) }, action), clock.now());
    },
    async mutate(document, variables, action) {
      const sent = await post({ query: document, variables: given(variables) }, action, marks(to.system));
      const data = await sent.outcome(() => dataOf(sent, clock.now()));
      return { data, requestId: sent.answer.requestId };
    },
    async exchange({ method, path, headers = {}, body, change, changes, marks: own = marks(to.system), seen }, action) {
      const url = new URL(`${to.apiUrl}${path}`);
      const marked = { ...headers, ...change && own };
      const call: Call = { method, url, headers: marked, seen, ...body !== undefined && { body } };
      return await exchange(call, action, to.tenant, change ? { ...changes && { changes } } : undefined);
    },
    async validate(document, action) {
      // An operation that the document does not hold: servers validate first, then miss it.
      const { answer, body, asked } = await post({ query: document, operationName: NO_OPERATION }, action);
      const [first] = errorsOf(body);
      if (first === undefined) throw await malformed(asked, answer);
      const said = member(first, "message");
      const message = typeof said === "string" ? said : "it does not say why";
      return message.includes(NO_OPERATION) ? undefined : message;
    },
  };
}

/** Variables that have a value: the server would read an empty text as none. */
function given(variables: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ""));
}

/** The `data` of an answer without errors. */
async function dataOf(
  { answer, body, asked }: { answer: Answer; body: unknown; asked: Asked },
  now: number,
): Promise<Record<string, unknown>> {
  await refuseGraphqlErrors(body, answer, asked, now);
  const data = member(body, "data");
  if (typeof data !== "object" || data === null) throw await malformed(asked, answer);
  return data as Record<string, unknown>;
}

const NO_OPERATION = "AutocomValidatesOnly";
