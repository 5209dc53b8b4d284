/**
 * An answer as JSON; what any other answer is, is said by `refused.ts`, which is loaded then.
 *
 * @module
 */

import type { Answer } from "./call.ts";
import type { Asked } from "./failure.ts";

/** The decoded JSON of a 2xx answer; throws what any other answer means. `now` in ms, for a Retry-After date. */
export async function json(answer: Answer, asked: Asked, now: number): Promise<unknown> {
  const found = answer.status >= 200 && answer.status < 300 ? await decoded(answer) : undefined;
  if (found !== undefined) return found;
  return (await import("./refused.ts")).refused(answer, asked, now);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
/** A number of so many digits, which may not be one of the program's. */
const LONG = /[:[,]\s*-?\d[\d.]{15}/;

/** Undefined for what is no JSON; HTML is none, whatever it looks like. A number that the program would change keeps its digits. */
async function decoded({ headers, body }: Answer): Promise<unknown> {
  if (/\bhtml\b/i.test(headers.get("Content-Type") ?? "")) return undefined;
  try {
    const text = utf8.decode(body);
    const found: unknown = JSON.parse(text);
    return LONG.test(text) ? (await import("./digits.ts")).exact(found, text) : found;
  } catch {
    return undefined;
  }
}

/** Throws when a GraphQL body has errors. */
export async function refuseGraphqlErrors(body: unknown, answer: Answer, asked: Asked, now: number): Promise<void> {
  if (errorsOf(body).length > 0) throw (await import("./refused.ts")).graphqlFailure([body], answer, asked, now);
}

/** A JSON answer without the members it should have. */
export async function malformed(asked: Asked, answer: Answer): Promise<Error> {
  return (await import("./refused.ts")).malformed(asked, answer);
}

/** The `errors` of a GraphQL body; whatever stands there is one. */
export function errorsOf(body: unknown): unknown[] {
  return [member(body, "errors") ?? []].flat();
}

/** The own member of an object, or undefined: nothing is believed of a server's body. */
export function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
