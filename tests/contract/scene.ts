/**
 * Words for what a test does to a platform: raw requests, a browser, logins.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { walkAuthorize } from "../platform/browser.ts";
import type { Control } from "../platform/control.ts";
import type { UserName } from "../platform/sandbox/mod.ts";
import type { Platform } from "./platform.ts";

export interface Ask {
  method?: string;
  /** Whose personal access token is sent; `bearer` sends any text instead. */
  as?: UserName;
  bearer?: string;
  tenant?: string;
  /** `application/json` unless said. */
  accept?: string;
  headers?: Record<string, string>;
  /** Sent as JSON unless it is a form or a text. */
  body?: unknown;
}

export const REDIRECT = "http://127.0.0.1:8765/callback";
export const VERIFIER = "a-verifier-of-forty-three-characters-0123456";
export const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");

export interface Tokens {
  access_token: string;
  refresh_token: string;
}

/** A form's fields; null leaves one out. */
export type Fields = Record<string, string | null>;

export class Scene {
  constructor(readonly platform: Platform, readonly control: Control) {}

  get url(): string {
    return this.platform.descriptor.url;
  }

  pat(user: UserName): string {
    return this.platform.descriptor.users[user].pat;
  }

  /** One request, no redirect followed. */
  ask(path: string, { as, bearer = as && this.pat(as), tenant, accept, body, ...ask }: Ask = {}): Promise<Response> {
    const headers = new Headers({ accept: accept ?? "application/json", ...ask.headers });
    if (bearer !== undefined) headers.set("authorization", `Bearer ${bearer}`.trim());
    if (tenant !== undefined) headers.set("x-tenant", tenant);
    const raw = body === undefined || typeof body === "string" || body instanceof URLSearchParams;
    if (!raw) headers.set("content-type", "application/json");
    return fetch(new URL(path, this.url), {
      method: ask.method ?? (body === undefined ? "GET" : "POST"),
      headers,
      redirect: "manual",
      body: raw ? body as BodyInit | undefined : JSON.stringify(body),
    });
  }

  /** Below `/api/v1`. */
  api(path: string, ask: Ask = {}): Promise<Response> {
    return this.ask(`/api/v1/${path}`, ask);
  }

  /** As the owner in acme unless said otherwise; `bearer: ""` sends no token. */
  graphql(query: string, { variables, ...ask }: Ask & { variables?: unknown } = {}): Promise<Response> {
    const who = "as" in ask || "bearer" in ask ? {} : { as: "owner" as const };
    return this.api("graphql", { tenant: "acme", ...who, body: { query, variables }, ...ask });
  }

  /** The path of the approval page. */
  authorizePath(changes: Fields = {}): string {
    return `/oauth/authorize?${
      form({
        client_id: this.platform.descriptor.client_id,
        redirect_uri: REDIRECT,
        response_type: "code",
        scope: "",
        state: "the-state",
        code_challenge: CHALLENGE,
        code_challenge_method: "S256",
        ...changes,
      })
    }`;
  }

  /** The redirect that ends the approval page, after a login. */
  async decide(user: UserName, decision: "approve" | "deny" = "approve", changes: Fields = {}): Promise<string> {
    const url = new URL(this.authorizePath(changes), this.url).href;
    return await walkAuthorize((request) => fetch(request), url, this.platform.descriptor.users[user], decision);
  }

  async code(user: UserName = "owner", changes: Fields = {}): Promise<string> {
    return new URL(await this.decide(user, "approve", changes)).searchParams.get("code")!;
  }

  /** `POST /oauth/token` */
  token(fields: Fields, ask: Ask = {}): Promise<Response> {
    return this.ask("/oauth/token", {
      body: form({ client_id: this.platform.descriptor.client_id, ...fields }),
      ...ask,
    });
  }

  exchange(code: string, changes: Fields = {}): Promise<Response> {
    const fields = { grant_type: "authorization_code", redirect_uri: REDIRECT, code_verifier: VERIFIER };
    return this.token({ ...fields, code, ...changes });
  }

  refresh(refresh_token: string, changes: Fields = {}): Promise<Response> {
    return this.token({ grant_type: "refresh_token", refresh_token, ...changes });
  }

  /** Holds the platform to its dialect's refusal of a refresh token that is spent, revoked or unknown. */
  async isDead(refresh_token: string): Promise<void> {
    const answer = await this.refresh(refresh_token);
    const { error } = await answer.json();
    const refusal = this.platform.descriptor.passport === 12 ? [401, "invalid_request"] : [400, "invalid_grant"];
    assert.deepEqual([answer.status, error], refusal);
  }

  /** A new session, as a login gives it. */
  async signIn(user: UserName = "owner"): Promise<Tokens> {
    return await (await this.exchange(await this.code(user))).json();
  }

  /** A browser of its own, signed in or not. */
  browser(): Browser {
    return new Browser(this.url);
  }
}

export function form(fields: Fields): URLSearchParams {
  return new URLSearchParams(Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== null));
}

/** Cookies, and forms that are sent back with what is hidden in them. */
export class Browser {
  readonly #jar = new Map<string, string>();
  #page = "";

  constructor(readonly url: string) {}

  async open(path: string, body?: URLSearchParams): Promise<Response> {
    const headers = new Headers({ accept: "text/html,application/xhtml+xml,*/*;q=0.8" });
    if (this.#jar.size) headers.set("cookie", [...this.#jar].map((pair) => pair.join("=")).join("; "));
    const method = body ? "POST" : "GET";
    const response = await fetch(new URL(path, this.url), { method, headers, body, redirect: "manual" });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      this.#jar.set(name!, value!);
    }
    this.#page = await response.clone().text();
    return response;
  }

  async login(user: { email: string; password: string }): Promise<Response> {
    await (await this.open("/login")).body?.cancel();
    return await this.open("/login", form({ _token: this.#hidden("_token"), ...user }));
  }

  /** Presses a button of the approval page that was opened last. */
  decide(decision: "approve" | "deny"): Promise<Response> {
    const fields = { _token: this.#hidden("_token"), auth_token: this.#hidden("auth_token") };
    return this.open("/oauth/authorize", form({ ...fields, _method: decision === "deny" ? "DELETE" : null }));
  }

  #hidden(name: string): string {
    return new RegExp(`name="${name}" value="([^"]*)"`).exec(this.#page)?.[1] ?? "";
  }
}
