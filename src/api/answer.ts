/**
 * An answer as JSON; what any other answer is, is said by `refused.ts`, which is loaded then.
 *
 * @module
 */

import type { Answer } from "./call.ts";
import type { Asked } from "./failure.ts";

/** The decoded JSON of a 2xx answer; throws what any other answer means. `now` in ms, for a Retry-After date. */
export async function json(answer: Answer, asked: Asked, now: number): Promise<unknown> {
  const found = answer.status >= 200 && answer.status < 300 ? decoded(answer) : undefined;
  if (found !== undefined) return found;
  return (await import("./refused.ts")).refused(answer, asked, now);
}

/** Undefined for what is no JSON; HTML is none, whatever it looks like. */
function decoded({ headers, body }: Answer): unknown {
  if (/\bhtml\b/i.test(headers.get("Content-Type") ?? "")) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
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
