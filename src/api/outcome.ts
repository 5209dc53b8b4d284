/**
 * A GraphQL result for who looks at it whole, with the place of each error. Loaded by those commands.
 *
 * @module
 */

import type { AppError } from "../errors.ts";
import { errorsOf, json, malformed, member, refuseGraphqlErrors } from "./answer.ts";
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
  /** The answer has `data`, be it null: the document was carried out, or begun. */
  begun: boolean;
  faults: readonly Fault[];
  /** Throws what all of its errors mean together, when there are any. */
  refuse(): Promise<void>;
  requestId: string;
}

/** What a GraphQL answer holds. Throws what is none: another status, HTML, JSON of another shape. `now` in ms. */
export async function outcome({ answer, asked, outcome }: Exchanged, now: number): Promise<Outcome> {
  const { body, data, errors } = await outcome(async () => {
    const body = await json(answer, asked, now);
    const [data, errors] = [member(body, "data"), errorsOf(body)];
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
    data: (data ?? null) as Outcome["data"],
    begun: data !== undefined,
    faults: errors.map((error) => ({
      path: path(error),
      message: message(error),
      error: failureOf!(error, answer, asked, now),
    })),
    refuse: () => outcome(() => refuseGraphqlErrors(body, answer, asked, now)),
    requestId: answer.requestId,
  };
}
