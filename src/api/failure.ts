/**
 * How an answer becomes an exit code, in the order of the documentation: redirects and HTML, then the three gates,
 * then the rest. Pure.
 *
 * @module
 */

import { AppError, type Kind } from "../errors.ts";

/** What was asked, for the message. */
export interface Asked {
  /** Completes "cannot …": `list orders`. */
  action: string;
  origin: string;
  tenant?: string;
  /** Where the token came from, when the person set it: `AUTOCOM_TOKEN`. */
  variable?: string;
  /** Whether the session that was used can be renewed. */
  renewable?: boolean;
}

/** The parts of an answer that decide. */
export interface Refusal {
  status: number;
  /** `code` of a REST body or of `extensions`. */
  code?: string;
  message?: string;
  /** Field errors. */
  fields?: Record<string, string[]>;
  /** The missing permission, when the server names it. */
  permission?: string;
  requestId?: string;
  /** Seconds, from Retry-After. */
  retryAfter?: number;
}

const CODES: [RegExp, Kind][] = [
  [/^UNAUTHENTICATED$/, "unauthenticated"],
  [/^TENANT_/, "tenant"],
  [/^FORBIDDEN$/, "forbidden"],
  [/^NOT_FOUND$/, "not-found"],
  [/^VALIDATION$/, "rejected"],
  [/^RATE_LIMITED$/, "rate-limited"],
  [/^INTERNAL$/, "server"],
];

const STATUSES: Record<number, Kind> = {
  401: "unauthenticated",
  403: "forbidden",
  404: "not-found",
  409: "rejected",
  422: "rejected",
  429: "rate-limited",
};

/** The kind of a refusal: its code decides before its status; 401 always is gate 1. */
export function kindOf({ status, code }: Refusal): Kind {
  if (status === 401) return "unauthenticated";
  const known = CODES.find(([pattern]) => code && pattern.test(code));
  if (known) return known[1];
  return STATUSES[status] ?? (status >= 500 ? "server" : "rejected");
}

/** The error that the person sees: what passed, what was refused, what to type. */
export function failure(refusal: Refusal, asked: Asked): AppError {
  const kind = kindOf(refusal);
  const { message, hint } = explain(kind, refusal, asked);
  const { status, requestId, fields } = refusal;
  return new AppError(kind, `cannot ${asked.action}: ${message}`, {
    ...(hint ? { hint } : {}),
    ...(status === 200 ? {} : { status }),
    ...(requestId ? { requestId } : {}),
    ...(fields ? { fields } : {}),
  });
}

function explain(kind: Kind, refusal: Refusal, asked: Asked): { message: string; hint?: string } {
  const said = refusal.message ?? `status ${refusal.status}`;
  const tenant = asked.tenant ? `tenant "${asked.tenant}"` : "a tenant";
  switch (kind) {
    case "unauthenticated":
      return {
        message: `${asked.origin} did not accept the token (unknown, expired or revoked)`,
        hint: asked.variable
          ? `put a valid token into ${asked.variable}, or unset it`
          : asked.renewable
          ? "autocom auth refresh; if that fails: autocom auth login"
          : "autocom auth login",
      };
    case "tenant":
      return {
        message: asked.tenant
          ? `the token was accepted, but not tenant "${asked.tenant}": ${said}`
          : `the token was accepted, but no tenant was named: ${said}`,
        hint: "autocom tenants list, then --tenant SLUG or: autocom tenants use SLUG",
      };
    case "forbidden":
      return {
        message: refusal.permission
          ? `token and ${tenant} were accepted, but the permission "${refusal.permission}" is missing`
          : `token accepted, forbidden in ${tenant}: ${said}`,
        hint: `ask an administrator of ${tenant} for ${
          refusal.permission ? "it" : "access"
        }, or choose another: autocom tenants list`,
      };
    case "rate-limited": {
      const wait = refusal.retryAfter;
      return {
        message: "the server limits the rate of requests",
        hint: wait === undefined ? "try again in a minute" : `try again in ${wait} s`,
      };
    }
    case "server":
      return {
        message: `the server failed: ${said}`,
        hint: refusal.status === 500
          ? "try again; if it stays, check the tenant: autocom tenants list"
          : refusal.retryAfter === undefined
          ? "try again later"
          : `try again in ${refusal.retryAfter} s`,
      };
    default:
      return { message: said };
  }
}
