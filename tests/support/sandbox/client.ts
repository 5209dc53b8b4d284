/**
 * Short words for the requests that the tests of this folder send to a sandbox.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { walkAuthorize } from "../../platform/browser.ts";
import type { Sandbox, TenantId, UserName } from "../../platform/sandbox/mod.ts";

export interface Ask {
  method?: string;
  /** Whose personal access token is sent; none when left out. */
  as?: UserName;
  bearer?: string;
  tenant?: TenantId | (string & Record<never, never>);
  /** Null sends no such header. */
  accept?: string | null;
  headers?: Record<string, string>;
  body?: BodyInit;
}

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed, when the answer is JSON. */
  json: unknown;
  /** A part of it: `errors.0.extensions`. */
  at(path: string): unknown;
  /** A list in it; its texts. */
  rows(path: string): Record<string, string>[];
}

/** Sends a request to a path; `Accept: application/json` unless said. */
export async function ask(sandbox: Sandbox, path: string, options: Ask = {}): Promise<Answered> {
  const { method, as, bearer = as && sandbox.pat(as), tenant, accept = "application/json", body } = options;
  const headers = new Headers(options.headers);
  if (accept !== null) headers.set("accept", accept);
  if (bearer !== undefined) headers.set("authorization", `Bearer ${bearer}`);
  if (tenant !== undefined) headers.set("x-tenant", tenant);
  const url = new URL(path, sandbox.origin);
  const response = await sandbox.fetch(new Request(url, { method: method ?? (body ? "POST" : "GET"), headers, body }));
  const text = await response.text();
  const json: unknown = response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : undefined;
  const at = (path: string) =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], json);
  const rows = (path: string) => at(path) as Record<string, string>[];
  return { status: response.status, headers: response.headers, text, json, at, rows };
}

/** Sends a GraphQL document as the owner in acme, unless said. */
export function query(
  sandbox: Sandbox,
  document: string,
  options: Ask & { variables?: unknown } = {},
): Promise<Answered> {
  const { variables, headers, ...rest } = options;
  return ask(sandbox, "/api/v1/graphql", {
    as: "bearer" in options ? undefined : "owner",
    tenant: "acme",
    ...rest,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query: document, variables }),
  });
}

export const REDIRECT = "http://127.0.0.1:8765/callback";
export const VERIFIER = "a-verifier-of-forty-three-characters-0123456";
export const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");

/** The address of the approval page; null leaves a parameter out. */
export function authorizeUrl(sandbox: Sandbox, changes: Record<string, string | null> = {}): string {
  const url = new URL("/oauth/authorize", sandbox.origin);
  const parameters = {
    client_id: sandbox.clientId,
    redirect_uri: REDIRECT,
    response_type: "code",
    scope: "",
    state: "the state",
    code_challenge: CHALLENGE,
    code_challenge_method: "S256",
    ...changes,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== null) url.searchParams.set(name, value);
  return url.href;
}

/** Walks the pages as that user; gives the callback's parameters. */
export async function callback(
  sandbox: Sandbox,
  changes: Record<string, string | null> = {},
  decision: "approve" | "deny" = "approve",
  user: UserName = "owner",
): Promise<URLSearchParams> {
  const who = { email: `${user}@example.test`, password: "password" };
  return new URL(await walkAuthorize(sandbox.fetch, authorizeUrl(sandbox, changes), who, decision)).searchParams;
}

/** A fresh code of the owner's. */
export const code = async (sandbox: Sandbox, changes: Record<string, string | null> = {}): Promise<string> =>
  (await callback(sandbox, changes)).get("code")!;

/** Calls the token endpoint with a form; null leaves a parameter out. */
export function token(sandbox: Sandbox, form: Record<string, string | null>, options: Ask = {}): Promise<Answered> {
  const sent = Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== null);
  return ask(sandbox, "/oauth/token", { ...options, body: new URLSearchParams(sent) });
}

/** The form that trades a code for tokens. */
export const trade = (sandbox: Sandbox, code: string, changes: Record<string, string | null> = {}) => ({
  grant_type: "authorization_code",
  client_id: sandbox.clientId,
  redirect_uri: REDIRECT,
  code,
  code_verifier: VERIFIER,
  ...changes,
});

/** The form that refreshes. */
export const refresh = (sandbox: Sandbox, refreshToken: string, changes: Record<string, string | null> = {}) => ({
  grant_type: "refresh_token",
  client_id: sandbox.clientId,
  refresh_token: refreshToken,
  ...changes,
});
