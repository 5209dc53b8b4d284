/**
 * An answer for who looks at it whole: a GraphQL result with the place of each error, or a REST answer as it came.
 * Loaded by those commands.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { errorsOf, json, malformed, member, refuseGraphqlErrors } from "./answer.ts";
import type { Answer } from "./call.ts";
import type { Exchanged } from "./mod.ts";

/** An error of a GraphQL answer. */
export interface Fault {
  /** Names and indices from the operation's own field on; empty when the document was refused. */
  path: readonly (string | number)[];
  message: string;
  /** What it means, as an error of ours. */
  error: AppError;
}

export interface Outcome {
  /** Null where there is nothing at all. */
  data: Readonly<Record<string, unknown>> | null;
  faults: readonly Fault[];
  /** Throws what all of its errors mean together, when there are any. */
  refuse(): Promise<void>;
  requestId: string;
}

/** What a GraphQL answer holds. Throws what is none: another status, HTML, JSON of another shape. `now` in ms. */
export async function outcome({ answer, asked, outcome }: Exchanged, now: number): Promise<Outcome> {
  const { body, data, errors } = await outcome(async () => {
    const body = await exact(await json(answer, asked, now), answer);
    const [data, errors] = [member(body, "data") ?? null, errorsOf(body)];
    if (errors.length === 0 && (typeof data !== "object" || data === null)) throw await malformed(asked, answer);
    return { body, data, errors };
  });
  const path = (error: unknown) => {
    const found = member(error, "path");
    return Array.isArray(found) ? found.filter((part) => typeof part === "string" || typeof part === "number") : [];
  };
  const message = (error: unknown) => {
    const said = member(error, "message");
    return typeof said === "string" ? said : "it does not say why";
  };
  const { failureOf } = errors.length > 0 ? await import("./refused.ts") : {};
  return {
    data: data as Outcome["data"],
    faults: errors.map((error) => ({
      path: path(error),
      message: message(error),
      error: failureOf!(error, answer, asked, now),
    })),
    refuse: () => outcome(() => refuseGraphqlErrors(body, answer, asked, now)),
    requestId: answer.headers.get("X-Request-Id") ?? "",
  };
}

/** A number of so many digits, which may not be one of the program's. */
const LONG = /[:[,]\s*-?\d[\d.]{15,}/;

/** The answer's JSON, in which a number that the program would change keeps its digits. */
async function exact(body: unknown, answer: Answer): Promise<unknown> {
  const text = new TextDecoder().decode(answer.body);
  return LONG.test(text) ? (await import("./digits.ts")).exact(body, text) : body;
}

/**
 * Why an answer is none, for who prints its bytes: `outcome` is `nothing` for an empty 2xx. With `graphql` errors in the
 * body count. What is not JSON may be printed when the status is fine and it is no HTML page.
 */
export async function judge(exchanged: Exchanged, now: number, graphql: boolean): Promise<AppError | undefined> {
  const { answer, outcome } = exchanged;
  const asked: typeof exchanged.asked = { ...exchanged.asked, typed: true };
  const ok = answer.status >= 200 && answer.status < 300;
  if (ok && answer.body.length === 0 && !graphql) return undefined;
  if (ok && !graphql && !isJson(answer) && !isPage(answer)) return undefined;
  try {
    return await outcome(async () => {
      const body = await json(answer, graphql ? exchanged.asked : asked, now);
      if (graphql) await refuseGraphqlErrors(body, answer, asked, now);
      return undefined;
    });
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

function isJson({ headers }: Answer): boolean {
  return /\bjson\b/i.test(headers.get("Content-Type") ?? "");
}

/** HTML where an API was asked is a proxy's, or maintenance. */
function isPage({ headers, body }: Answer): boolean {
  const beginning = new TextDecoder().decode(body.subarray(0, 64));
  return /\bhtml\b/i.test(headers.get("Content-Type") ?? "") || /^\s*<(!doctype|html)/i.test(beginning);
}
