/**
 * What a failed request leaves open: what was asked for, and whether a change may have been carried out.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { Call } from "./call.ts";
import { ConnectionFailure } from "./transport.ts";

/** What says itself how much of a change was carried out. */
export class Told extends AppError {}

/** A failure below HTTP does not know what was asked for. */
export function naming(action: string): (error: unknown) => never {
  return (error) => {
    const isNameless = error instanceof ConnectionFailure ||
      (error instanceof AppError && (error.kind === "network" || error.kind === "server"));
    if (!isNameless) throw error;
    const { kind, message } = error;
    const details = { ...error };
    throw error instanceof ConnectionFailure
      ? new ConnectionFailure(kind, `cannot ${action}: ${message}`, details)
      : new AppError(kind, `cannot ${action}: ${message}`, details);
  };
}

/** Says of a change that failed that it may have been carried out, where that is so; it is told by its request id. */
export function doubtful({ headers, url, seen }: Call) {
  const id = headers["x-request-id"];
  // A change through REST leaves no row in the audit log.
  const where = seen ?? (url.pathname.endsWith("/graphql") ? undefined : "list what would be there");
  return async <T>(attempt: () => T | Promise<T>): Promise<T> => {
    try {
      return await attempt();
    } catch (error) {
      throw id && error instanceof AppError && !(error instanceof Told) && isUnknown(error)
        ? mayBeDone(error, id, where)
        : error;
    }
  };
}

/** Whether a change may have been carried out although its answer does not say so. */
function isUnknown(error: AppError): boolean {
  if (error instanceof ConnectionFailure) return !error.unsent;
  if (["interrupted", "hangup", "terminated"].includes(error.kind)) return true;
  const { kind, status = 200 } = error; // a GraphQL refusal has none
  // A redirect, a missing route and a platform in maintenance have refused before anything was done.
  return kind === "server" && (status < 300 || (status >= 500 && status !== 503));
}

/** What a change answered, read; an answer of another shape leaves open what was done. Sound or not, it had been sent. */
export function readChange<T>(requestId: string, read: () => T, seen?: string): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof AppError && error.kind === "server" ? mayBeDone(error, requestId, seen) : error;
  }
}

function mayBeDone(error: AppError, id: string, where?: string): AppError {
  const requestId = error.requestId ?? id;
  return new AppError(error.kind, `${error.message}; the change may have been carried out`, {
    ...error,
    requestId,
    // Not everybody may read the log; who may change something may look at it.
    hint: `find out before you try again: ${
      where ?? `look at what it changes; with admin.audit_log: autocom audit list --request-id ${requestId}`
    }`,
  });
}
