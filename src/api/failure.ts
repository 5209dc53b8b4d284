/**
 * How an answer becomes an exit code, in the order of the documentation: redirects and HTML, then the three gates,
 * then the rest. Pure.
 *
 * @module
 */

import { AppError, type Kind } from "../errors.ts";
import type { Changes } from "./carried.ts";

/** What was asked, for the message. */
export interface Asked {
  /** Completes "cannot …": `list orders`. */
  action: string;
  /** The path that was asked for, when it is known. */
  path?: string;
  /** The path or the document is a person's own, not one of ours. */
  typed?: true;
  /** What each of its documents changes: where only the answer of that fails it was carried out. */
  changes?: readonly Changes[];
  /** The change is one of ours, which people know by the action. */
  ours?: true;
  origin: string;
  tenant?: string;
  /** It does not fail for want of a tenant: what was asked for needs none, or it has answered before. */
  central?: boolean;
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
  requestId?: string | undefined;
  /** Seconds, from Retry-After. */
  retryAfter?: number | undefined;
  /** The server has no such path: it is not the API, or not there. */
  noRoute?: true;
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
  407: "network",
  409: "rejected",
  422: "rejected",
  429: "rate-limited",
};

/** The kind of a refusal: its code decides before its status; 401 always is gate 1. */
export function kindOf({ status, code, noRoute }: Refusal): Kind {
  if (noRoute) return "server";
  if (status === 401) return "unauthenticated";
  const known = CODES.find(([pattern]) => code && pattern.test(code));
  if (known) return known[1];
  return STATUSES[status] ?? (status >= 500 ? "server" : "rejected");
}

/** The error that the person sees: what was refused, as far as the answer proves it, and what to type. */
export function failure(refusal: Refusal, asked: Asked): AppError {
  const kind = kindOf(refusal);
  const { message, hint } = EXPLAIN[kind]?.(refusal, asked) ?? { message: saidBy(refusal) };
  const { status, requestId, fields } = refusal;
  return new AppError(kind, `cannot ${asked.action}: ${message}`, {
    ...(hint ? { hint } : {}),
    ...(status === 200 ? {} : { status }),
    ...(requestId ? { requestId } : {}),
    ...(fields ? { fields } : {}),
  });
}

/** What another program answered. */
export const ODD = "maintenance, a proxy, or another address? autocom config get api_url";

/** Where none is chosen. */
const CHOOSE =
  "see which are yours: autocom tenants list; then name one with --tenant SLUG, or for good: autocom tenants use SLUG";

type Explained = { message: string; hint?: string };

const EXPLAIN: { [K in Kind]?: (refusal: Refusal, asked: Asked) => Explained } = {
  unauthenticated: (_refusal, { origin, where, variable, renewable }) => ({
    message: `${origin} did not accept the token${where ? ` kept in ${where}` : ""} (unknown, expired or revoked)`,
    hint: variable
      ? `put a valid token into ${variable}, or unset it`
      : renewable
      ? "autocom auth refresh"
      : "autocom auth login",
  }),
  // Some servers look for the tenant before they look at the token; only who knows the person can say that he is no member.
  tenant: (refusal, { tenant }) => ({
    message: tenant
      ? `${refusal.code === "TENANT_FORBIDDEN" ? "the token was accepted, but not " : ""}tenant "${tenant}"${
        refusal.code === "TENANT_FORBIDDEN" ? "" : " was not accepted"
      }: ${saidBy(refusal)}`
      : "no tenant was named",
    hint: tenant ? "see which are yours: autocom tenants list" : CHOOSE,
  }),
  // A permission is looked up for a person in a tenant: the gates before it are passed. A bare 403 may be a firewall's.
  forbidden: (refusal, asked) => {
    const tenant = asked.tenant && `tenant "${asked.tenant}"`;
    const said = saidBy(refusal);
    const access = refusal.permission ? "it" : "access";
    return {
      message: refusal.permission
        ? `token and ${tenant || "a tenant"} were accepted, but the permission "${refusal.permission}" is missing`
        : `forbidden${tenant ? ` in ${tenant}` : ""}${/^forbidden\W*$/i.test(said) ? "" : `: ${said}`}`,
      hint: tenant
        ? `ask an administrator of ${tenant} for ${access}, or choose another: autocom tenants list`
        : `ask an administrator for ${access}`,
    };
  },
  // A status that no API says of a value, and nothing that it says itself: whatever stands between.
  rejected: (refusal) => ({
    message: summary(refusal) ?? saidBy(refusal),
    ...!(refusal.code || refusal.message || refusal.fields) && { hint: ODD },
  }),
  network: () => ({
    message: "a proxy on the way wants a name and a password (status 407)",
    hint: "check HTTPS_PROXY and NO_PROXY",
  }),
  "rate-limited": ({ retryAfter }, { origin }) => ({
    message: `${origin} limits the rate of requests`,
    hint: retryAfter === undefined ? "try again in a minute" : again(retryAfter),
  }),
  server: (refusal, asked) => {
    const { status, retryAfter, noRoute } = refusal;
    if (noRoute && asked.typed) {
      return {
        message: `${asked.origin} has no ${asked.path ?? "such path"}, or not for this method (status ${status})`,
        hint: "check the path, then the address: autocom config get api_url",
      };
    }
    if (noRoute) {
      return {
        message: `${asked.origin} has no ${asked.path ?? "such path"} (status ${status}): it is not the API's address`,
        hint: "check the address: autocom config get api_url",
      };
    }
    const said = saidBy(refusal);
    return status >= 502 && status <= 504
      ? { message: `${asked.origin} is not available: ${said}`, hint: again(retryAfter) }
      : {
        message: `${asked.origin} failed: ${said}`,
        hint: status === 500 && !asked.central ? suspect(asked) : again(retryAfter),
      };
  },
};

/** What statuses mean that seldom come with words (RFC 9110 and 6585). */
const WORDS: Readonly<Record<number, string>> = {
  402: "payment is required",
  408: "the request came too slowly",
  409: "it contradicts what is there",
  413: "the request is too large",
  414: "the address is too long",
  415: "this kind of content is not accepted",
  423: "it is locked",
  431: "the headers of the request are too large",
  451: "it is withheld for legal reasons",
};

function saidBy({ message, status }: Refusal): string {
  const words = WORDS[status];
  return message ?? `status ${status}${words ? `: ${words}` : ""}`;
}

/** Laravel's message of a validation only repeats the first field error, which is shown by itself. */
function summary({ message = "", fields }: Refusal): string | undefined {
  const texts = Object.values(fields ?? {}).flat();
  if (!texts.some((text) => message.startsWith(text)) && message !== "The given data was invalid.") return undefined;
  return texts.length === 1 ? "the server refused a value" : `the server refused ${texts.length} values`;
}

/** More than a month is no time to come back, but a mistake; none at all is what was just tried. */
function again(seconds = Infinity): string {
  return `try again ${seconds > 31 * 86_400 ? "later" : `in ${duration(Math.max(seconds, 1))}`}`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3600)} hours`;
}

/** A bare 500 is also how an unhandled Stancl answers a tenant that is missing or unknown. */
function suspect({ tenant }: Asked): string {
  return tenant
    ? `try again; if it stays, is "${tenant}" one of your tenants? autocom tenants list`
    : `no tenant was named, which may be the cause; ${CHOOSE}`;
}
