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
  /** Where the session is kept that the token is of. */
  where?: string;
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
  const { status, retryAfter } = refusal;
  const said = refusal.message ?? `status ${status}`;
  const tenant = asked.tenant ? `tenant "${asked.tenant}"` : "a tenant";
  const later = retryAfter === undefined ? "later" : `in ${duration(retryAfter)}`;
  const kept = asked.where ? ` kept in ${asked.where}` : "";
  switch (kind) {
    case "unauthenticated":
      return {
        message: `${asked.origin} did not accept the token${kept} (unknown, expired or revoked)`,
        hint: asked.variable
          ? `put a valid token into ${asked.variable}, or unset it`
          : asked.renewable
          ? "autocom auth refresh; if that fails: autocom auth login"
          : "autocom auth login",
      };
    case "tenant":
      return {
        message: asked.tenant
          ? `the token was accepted, but not ${tenant}: ${said}`
          : "the token was accepted, but no tenant was named",
        hint: "autocom tenants list, then --tenant SLUG or: autocom tenants use SLUG",
      };
    case "forbidden":
      return {
        message: refusal.permission
          ? `token and ${tenant} were accepted, but the permission "${refusal.permission}" is missing`
          : `the token was accepted, forbidden in ${tenant}: ${said}`,
        hint: `ask an administrator of ${tenant} for ${
          refusal.permission ? "it" : "access"
        }, or choose another: autocom tenants list`,
      };
    case "not-found":
      // The platform's own "not found" has a code; without one it is the address that leads nowhere.
      return refusal.code
        ? { message: said }
        : { message: said, hint: "check the address: autocom config get api_url" };
    case "rejected":
      return { message: summary(refusal) ?? said, hint: "see the command's --help for what it takes" };
    case "rate-limited":
      return {
        message: `${asked.origin} limits the rate of requests`,
        hint: `try again ${retryAfter === undefined ? "in a minute" : later}`,
      };
    case "server":
      if (status === 503) return { message: `${asked.origin} is not available: ${said}`, hint: `try again ${later}` };
      return { message: `the server failed: ${said}`, hint: status === 500 ? suspect(asked) : `try again ${later}` };
    default:
      return { message: said };
  }
}

/** Laravel's message of a validation only repeats the first field error, which is shown by itself. */
function summary({ message = "", fields }: Refusal): string | undefined {
  const texts = Object.values(fields ?? {}).flat();
  if (!texts.some((text) => message.startsWith(text)) && message !== "The given data was invalid.") return undefined;
  return texts.length === 1 ? "the server refused a value" : `the server refused ${texts.length} values`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3600)} hours`;
}

/** A bare 500 is also how an unhandled Stancl answers a tenant that is missing or unknown. */
function suspect({ tenant }: Asked): string {
  return tenant
    ? `try again; if it stays, is "${tenant}" one of your tenants? autocom tenants list`
    : "no tenant was named, which may be the cause: autocom tenants list, then: autocom tenants use SLUG";
}
