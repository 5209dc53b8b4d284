/**
 * An AutoCom platform in memory, for tests: it answers as the Laravel application was measured to answer.
 * Development and test equipment only.
 *
 * @module
 */

import { type Incoming, incoming } from "./incoming.ts";
import { handle } from "./kernel.ts";
import { DEFAULTS, type SandboxOptions } from "./options.ts";
import { Platform } from "./platform.ts";
import { emailOf, PASSWORD, type TenantId, tenantsOf, USER_NAMES, type UserName } from "./seed.ts";
import { findToken, issue, type Pair, personalAccessToken } from "./tokens.ts";

export { optionsFrom } from "./options.ts";
export type { SandboxOptions } from "./options.ts";
export type { TenantId, UserName } from "./seed.ts";
export type { Pair } from "./tokens.ts";

/** A request that was answered. Header names are in lower case. */
export interface Logged {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  status: number;
  /** Of the answer. */
  requestId: string | null;
}

/** Who can be logged in where; the same file for every test platform. */
export interface Descriptor {
  url: string;
  client_id: string;
  passport: 13 | 12;
  users: Record<UserName, { email: string; password: string; tenants: Partial<Record<TenantId, string>>; pat: string }>;
}

/** A row of `module_bus_audit_log`. */
export interface AuditRow {
  user_id: number | null;
  tenant: string | null;
  operation: string;
  /** JSON. */
  variables: string;
  request_id: string;
  user_agent: string;
  /** `ok`, or the error's code. */
  result: string;
  created_at: string;
}

export interface Sandbox {
  /** Where it is, e.g. `http://127.0.0.1:8790`; {@link serveSandbox} has an address of its own. */
  readonly origin: string;
  /** The public OAuth client; a UUID, or `1` in the dialect of Passport 12. */
  readonly clientId: string;
  /** May be changed between two requests. */
  readonly options: SandboxOptions;
  /** Every request that was carried out, in order. */
  readonly log: Logged[];
  /** Answers without a network, following no redirect. Rejects when the request's signal aborts, and after `close()`. */
  fetch(request: Request): Promise<Response>;
  /** `url`: where it is served. */
  descriptor(url?: string): Descriptor;
  /** The personal access token that every user has from the start. */
  pat(user: UserName): string;
  /** A new OAuth session as a login would give it. */
  signIn(user: UserName): Pair;
  /** Living tokens, without the personal access tokens. */
  alive(): { access: number; refresh: number };
  /** True while the bearer opens gate 1. */
  accepts(token: string): boolean;
  auditRows(): AuditRow[];
  /** All rows of a tenant's shop as one text, which changes when any of them does. */
  rows(tenant: TenantId): string;
  /** Ends the time of one access token, personal access token, refresh token or code. */
  expireToken(token: string): void;
  /** Of all users; personal access tokens too. */
  expireAccessTokens(): void;
  expireRefreshTokens(): void;
  expireCodes(): void;
  /** Revokes one access token, personal access token, refresh token or code, alone. */
  revokeToken(token: string): void;
  revokeClient(): void;
  /** All tokens signed so far are void; refresh tokens live on. */
  replaceKeys(): void;
  deleteUser(email: string): void;
  /** Back to the start: databases, tokens, sessions, limits, log and switches. */
  reset(): void;
  close(): void;
}

/** A fresh platform. Costs some milliseconds; a tenant's shop is filled when it is first entered. */
export function createSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const initial: SandboxOptions = { ...DEFAULTS, ...options };
  const current = { ...initial };
  const platform = new Platform(current);
  const { central } = platform;
  const log: Logged[] = [];
  let closed = false;

  const user = (name: UserName) => {
    const found = platform.userByEmail(emailOf(name));
    if (!found) throw new Error(`user "${name}" was deleted`);
    return found;
  };
  const living = (table: string) => {
    const count = `select count(*) as n from ${table} where client = 'cli' and revoked = 0 and expires_at > ?`;
    return Number(central.one(count, current.now())!.n);
  };

  const change = (column: "revoked" | "expires_at", value: number, token: string) => {
    const tables = { oauth_access_tokens: "jwt", oauth_refresh_tokens: "token", oauth_auth_codes: "code" };
    const changed = Object.entries(tables).map(([table, key]) =>
      central.run(`update ${table} set ${column} = ? where ${key} = ?`, value, token)
    );
    if (!changed.includes(1)) throw new Error("no such token");
  };

  const sandbox: Sandbox = {
    origin: current.origin,
    get clientId() {
      return platform.clientId("cli");
    },
    options: current,
    log,
    async fetch(request) {
      const body = await request.text();
      request.signal.throwIfAborted();
      if (closed) throw new TypeError("error sending request: connection refused");
      const arrived = incoming(request, body);
      const response = handle(platform, arrived);
      log.push({
        method: request.method,
        url: request.url,
        headers: Object.fromEntries(request.headers),
        body,
        status: response.status,
        requestId: response.headers.get("x-request-id"),
      });
      if (current.latency) await pause(current.latency, request.signal);
      if (isLost(current, arrived, log.length)) throw new AnswerLost();
      return current.drip ? dripping(response, current.drip) : response;
    },
    descriptor: (url = current.origin) => ({
      url,
      client_id: sandbox.clientId,
      passport: current.passport,
      users: Object.fromEntries(USER_NAMES.map((name) => [
        name,
        { email: emailOf(name), password: PASSWORD, tenants: tenantsOf(name), pat: sandbox.pat(name) },
      ])) as Descriptor["users"],
    }),
    pat: (name) => personalAccessToken(platform, user(name)),
    signIn: (name) => issue(platform, "cli", user(name).id),
    alive: () => ({ access: living("oauth_access_tokens"), refresh: living("oauth_refresh_tokens") }),
    accepts: (token) => findToken(platform, token) !== undefined,
    auditRows: () => central.all("select * from module_bus_audit_log order by id") as unknown as AuditRow[],
    rows: (tenant) => {
      const db = platform.shop(tenant);
      const tables = ["customers", "products", "orders", "order_items", "team_invitations"];
      return JSON.stringify(tables.map((table) => db.all(`select * from ${table}`)));
    },
    expireToken: (token) => change("expires_at", current.now() - 1000, token),
    expireAccessTokens: () => void central.run("update oauth_access_tokens set expires_at = ?", current.now() - 1000),
    expireRefreshTokens: () => void central.run("update oauth_refresh_tokens set expires_at = ?", current.now() - 1000),
    expireCodes: () => void central.run("update oauth_auth_codes set expires_at = ?", current.now() - 1000),
    revokeToken: (token) => change("revoked", 1, token),
    revokeClient: () => void central.run("update oauth_clients set revoked = 1 where kind = 'cli'"),
    replaceKeys: () => void central.run("update oauth_access_tokens set jwt = null, revoked = 1"),
    deleteUser: (email) => void central.run("delete from users where email = ?", email),
    reset() {
      platform.reset();
      log.length = 0;
      Object.assign(current, initial);
    },
    close() {
      if (!closed) platform.close();
      closed = true;
    },
  };
  return Promise.resolve(sandbox);
}

/** Serves a sandbox on 127.0.0.1; port 0 takes a free one. A lost answer is a connection that closes. */
export function serveSandbox(sandbox: Sandbox, port = 0): { url: string; shutdown(): Promise<void> } {
  const server = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
    try {
      return await sandbox.fetch(request);
    } catch (error) {
      if (!(error instanceof AnswerLost)) throw error;
      return new Response(new ReadableStream({ pull: (body) => body.error(error) }));
    }
  });
  return { url: `http://127.0.0.1:${server.addr.port}`, shutdown: () => server.shutdown() };
}

/** The request was carried out, and its answer never arrives. */
class AnswerLost extends TypeError {
  constructor() {
    super("error sending request: connection closed before message completed");
  }
}

function isLost(options: SandboxOptions, { changes, path }: Incoming, count: number): boolean {
  if (!path.startsWith("api/")) return false;
  if (options.lossy === "once") {
    if (changes) options.lossy = "off";
    return changes;
  }
  return options.lossy === "all" || options.lossy === "second" && count % 2 === 0 ||
    options.lossy === "changes" && changes;
}

/** The same answer, in pieces of 1 KiB. */
function dripping(response: Response, ms: number): Response {
  const pieces = response.body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      async transform(chunk, controller) {
        for (let at = 0; at < chunk.length; at += 1024) {
          await pause(ms);
          controller.enqueue(chunk.subarray(at, at + 1024));
        }
      },
    }),
  );
  return new Response(pieces, response);
}

function pause(ms: number, signal = new AbortController().signal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal.reason);
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", abort, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  });
}
