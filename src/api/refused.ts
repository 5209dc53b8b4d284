/**
 * An answer as the failure that it is. Loaded when there is one.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { errorsOf, member } from "./answer.ts";
import type { Answer } from "./call.ts";
import { carried } from "./carried.ts";
import { Told } from "./doubt.ts";
import { type Asked, failure, kindOf, ODD, type Refusal } from "./failure.ts";
import { retryAfter } from "./retry.ts";

/** They say where to go instead; of their like 304 says that nothing is new, to who asked for that. */
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * Throws what an answer that is no JSON with a 2xx means, in the documented order: 429 whatever its body is, an empty body
 * by the status alone, a redirect and HTML, a route that the server does not have, then gate by gate. `now` in ms, for a
 * Retry-After date.
 */
export function refused(answer: Answer, asked: Asked, now: number): never {
  const requestId = answer.requestId || undefined;
  const { status } = answer;
  const isGood = status >= 200 && status < 300;
  const wait = retryAfter(answer.headers, now);
  const meant = (more: Partial<Refusal>) => failure({ ...more, status, requestId, retryAfter: wait }, asked);
  if (status === 429) throw meant({});
  if (REDIRECTS.includes(status) || status >= 300 && status < 400 && answer.headers.has("Location")) {
    throw notTheApi(`a redirect to ${target(answer)}, which is not followed`, asked, status, requestId);
  }
  if (status >= 300 && status < 400) throw notTheApi("no result", asked, status, requestId);
  if (isGood && answer.body.length === 0) throw notTheApi("nothing", asked, status, requestId);
  const text = decode(answer, isGood, asked, requestId);
  if (isHtml(answer, text)) {
    // A gateway's own page, which is all that there is to say.
    if ([502, 503, 504].includes(status)) throw meant({});
    throw notTheApi("an HTML page", asked, status, requestId);
  }
  if (isGood) throw notTheApi("something that is not JSON", asked, status, requestId);
  const body = parse(text);
  const said = { ...refusal(body), ...graphqlRefusal(body) };
  // Every path but a typed one is ours and names no thing: what is not there is the API itself. The platform's own have a code.
  // "No query results for model …" is what Laravel says of a thing that is not there: the path is.
  const noThing = /^No query results/.test(said.message ?? "");
  const isNoRoute = [404, 405, 410].includes(status) && said.code === undefined && !noThing;
  const error = meant(isNoRoute ? { noRoute: true } : said);
  const results = [body].flat();
  const isGraphql = results.some((one) => errorsOf(one).length > 0 || member(one, "data") !== undefined);
  throw isGraphql ? truly(error, results, asked, requestId) : error;
}

/** What the errors of a GraphQL answer mean; `results`: those of a batch, or the one. */
export function graphqlFailure(results: readonly unknown[], answer: Answer, asked: Asked, now: number): AppError {
  const errors = results.flatMap(errorsOf);
  const { refusals } = asked.changes ? carried(results, asked.changes) : { refusals: errors };
  const error = meaning(refusals.length > 0 ? refusals : errors, answer, asked, now);
  return truly(error, results, asked, answer.requestId || undefined);
}

/** A refusal of a change, in which nobody may take for refused what was carried out, or may have been. */
function truly(error: AppError, results: readonly unknown[], asked: Asked, requestId?: string): AppError {
  if (!asked.changes) return error;
  const { done, refusals, open } = carried(results, asked.changes);
  const { kind, message, status: _, ...details } = error;
  if (done.length === 0) return open && kind !== "server" ? new AppError("server", message, details) : error;
  const audited = `autocom audit list --request-id ${requestId}`;
  const first = results.flatMap(errorsOf).map((one) => graphqlError(one).message)[0] ?? "it does not say why";
  if (refusals.length === 0 && !open) {
    return asked.ours
      ? new AppError("server", `cannot ${asked.action}: the answer is incomplete: ${first}`, compact({ requestId }))
      : new Told(
        "server",
        `${done.join(", ")} ${done.length > 1 ? "were" : "was"} carried out, the answer is incomplete: ${first}`,
        compact({ hint: `do not repeat it: ${audited}`, requestId }),
      );
  }
  const isOpen = open || kind === "server";
  return new Told(
    isOpen ? "server" : kind,
    `${message.replace(/\.$/, "")}; carried out: ${done.join(", ")}${isOpen ? ", and the rest may have been" : ""}`,
    { ...details, ...compact({ requestId }), hint: `do not repeat the whole document: ${audited}` },
  );
}

/**
 * The lowest gate's code wins, else the first error's. Errors without a code are about the document: unless a person wrote
 * it, the server and this program disagree about the schema.
 */
function meaning(errors: readonly unknown[], answer: Answer, asked: Asked, now: number): AppError {
  const requestId = answer.requestId || undefined;
  const wait = retryAfter(answer.headers, now);
  const refusals = errors.map((error): Refusal => ({
    ...graphqlError(error),
    status: 200,
    requestId,
    retryAfter: wait,
  }));
  const gates = ["unauthenticated", "tenant", "forbidden"];
  const decisive = gates.map((gate) => refusals.find((r) => kindOf(r) === gate)).find(Boolean) ?? refusals[0]!;
  if (decisive.code === undefined) {
    const why = decisive.message ?? "it does not say why";
    return new AppError("rejected", `cannot ${asked.action}: the server refused the document: ${why}`, {
      hint: asked.typed
        ? seen(why)
        : /^Variable "?\$\w+"? got invalid value/.test(why)
        ? "a value is not one that the server takes: check the options, and the names in a file of --input"
        : "server and autocom disagree about the schema: autocom doctor",
      ...(requestId ? { requestId } : {}),
    });
  }
  return failure(decisive, asked);
}

/** Where a person finds what the document may hold. */
function seen(why: string): string {
  const [, type] = /\bin "?(\w+)"? enum\b/.exec(why) ?? [];
  return type ? `see its values: autocom schema show ${type}` : "see what there is: autocom schema list";
}

/** What one error of a GraphQL answer means. */
export function failureOf(error: unknown, answer: Answer, asked: Asked, now: number): AppError {
  const requestId = answer.requestId || undefined;
  return failure(
    { ...graphqlError(error), status: 200, requestId, retryAfter: retryAfter(answer.headers, now) },
    asked,
  );
}

function graphqlRefusal(body: unknown): Partial<Refusal> {
  const [first] = errorsOf(body);
  return first === undefined ? {} : graphqlError(first);
}

function graphqlError(error: unknown): Partial<Refusal> {
  const extensions = member(error, "extensions");
  const { code, reason } = { code: text(member(extensions, "code")), reason: text(member(extensions, "reason")) };
  return compact({
    code: reason?.startsWith("TENANT_") ? reason : code,
    message: text(member(error, "message")),
    permission: text(member(extensions, "permission")),
    fields: fieldErrors(member(extensions, "fields")),
  });
}

function refusal(body: unknown): Partial<Refusal> {
  const reason = text(member(body, "reason"));
  return compact({
    code: reason?.startsWith("TENANT_") ? reason : text(member(body, "code")),
    message: text(member(body, "message")),
    permission: text(member(body, "permission")),
    fields: fieldErrors(member(body, "errors")),
  });
}

/** What refuses may say it in any bytes. */
function decode(answer: Answer, fatal: boolean, asked: Asked, requestId?: string): string {
  try {
    return new TextDecoder("utf-8", { fatal }).decode(answer.body);
  } catch {
    throw notTheApi("bytes that are not UTF-8", asked, answer.status, requestId);
  }
}

function notTheApi(what: string, asked: Asked, status: number, requestId?: string): AppError {
  return new AppError("server", `cannot ${asked.action}: ${asked.origin} answered with ${what} (status ${status})`, {
    hint: ODD,
    status,
    ...(requestId ? { requestId } : {}),
  });
}

/** A JSON answer without the members it should have. */
export function malformed(asked: Asked, answer: Answer): AppError {
  return notTheApi("JSON of another shape", asked, answer.status, answer.requestId || undefined);
}

function target(answer: Answer): string {
  const to = answer.headers.get("Location");
  if (!to) return "nowhere";
  try {
    const url = new URL(to, "relative:/");
    if (url.protocol === "relative:") return `"${url.pathname}"`;
    return /^https?:$/.test(url.protocol) ? `"${url.origin}${url.pathname}"` : `a "${url.protocol}" address`;
  } catch {
    return "nowhere";
  }
}

function isHtml(answer: Answer, text: string): boolean {
  return /\bhtml\b/i.test(answer.headers.get("Content-Type") ?? "") || /^\s*<(!doctype|html)/i.test(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function fieldErrors(value: unknown): Record<string, string[]> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const fields = Object.entries(value)
    .map(([field, texts]) => [field, [texts].flat().map(shown).filter((text) => text.trim() !== "")] as const)
    .filter(([, texts]) => texts.length > 0); // what says nothing takes the place of no message
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}

/** A field error as text. An object may refuse to become one. */
function shown(value: unknown): string {
  return typeof value === "object" && value !== null ? "is refused, and the reason is not text" : String(value);
}

function compact<T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never;
}
