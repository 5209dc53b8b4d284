/**
 * What a test may do to a platform behind its back. Each platform has a `Control` of its own; over HTTP it reaches from
 * the process that serves a platform into the process that tests it.
 *
 * @module
 */

/** The switches of `laravel/config/autocom.php`, by their names; what is absent is as it was from the start. */
export interface LaravelSwitches {
  /** `stock`: what the packages answer by themselves; `handler`: rendered, with a `code`. */
  ERRORS?: "handler" | "stock";
  /** `field`: the gates stand before each GraphQL field; `route`: before the endpoint, as in REST. */
  GRAPHQL_GATES?: "field" | "route";
  TENANCY_FIRST?: "0" | "1";
  LOGOUT?: "full" | "naive";
  /** Seconds. */
  TOKEN_TTL?: string;
  REFRESH_TTL?: string;
  /** Requests a minute. */
  API_RATE?: string;
  TOKEN_RATE?: string;
  GRAPHQL_MAX_DEPTH?: string;
  GRAPHQL_MAX_COMPLEXITY?: string;
  INTROSPECTION?: "0" | "1";
}

/** Those of `sandbox/options.ts` too, which the sandbox alone has. */
export interface Switches extends LaravelSwitches {
  /** `all`, `none`, `shipping,lab`, `all,-loyalty` */
  MODULES?: string;
  /** `globex=none;acme=all` */
  TENANT_MODULES?: string;
  MODULE_COPIES?: string;
  IDEMPOTENCY?: "0" | "1";
  LOSSY?: "off" | "second" | "changes" | "once" | "all";
  /** Milliseconds. */
  LATENCY?: string;
  DRIP?: string;
  REPEAT_PAGE?: string;
}

/** The forms of `php artisan down`. */
export type Maintenance = "down" | "retry" | "render" | "redirect" | "status500";

/** A row of the audit table. */
export interface AuditRow {
  user_id: number | null;
  tenant: string | null;
  operation: string;
  /** JSON. */
  variables: string;
  request_id: string;
  /** `ok`, or the error's code. */
  result: string;
}

export interface Control {
  /** Back to the seed, with no switch set. */
  reset(): Promise<void>;
  /** Sets these switches and no other. */
  set(switches: Switches): Promise<void>;
  /** Puts the platform into maintenance mode, until `reset`. */
  down(form: Maintenance): Promise<void>;
  /** The access token, refresh token or code as it is when its time is over. */
  expire(token: string): Promise<string>;
  /** Revokes an access token, personal access token or refresh token, alone. */
  revoke(token: string): Promise<void>;
  /** Revokes the command line's OAuth client. */
  revokeClient(): Promise<void>;
  deleteUser(email: string): Promise<void>;
  /** New signing keys: every access token so far is void. */
  replaceKeys(): Promise<void>;
  /** The tenant's business rows (customers, products, orders, items), as one text that changes when any of them does. */
  rows(tenant: string): Promise<string>;
  /** The audit table, oldest first. */
  audit(): Promise<AuditRow[]>;
}

const CALLS: Record<keyof Control, true> = {
  reset: true,
  set: true,
  down: true,
  expire: true,
  revoke: true,
  revokeClient: true,
  deleteUser: true,
  replaceKeys: true,
  rows: true,
  audit: true,
};

/** Serves a control on 127.0.0.1: `POST /<call>` with the arguments as a JSON list answers the result as JSON. */
export function serveControl(control: Control): { url: string; shutdown(): Promise<void> } {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const call = new URL(request.url).pathname.slice(1);
    if (request.method !== "POST" || !Object.hasOwn(CALLS, call)) return new Response(null, { status: 404 });
    try {
      const perform = control[call as keyof Control] as (...args: unknown[]) => Promise<unknown>;
      return Response.json(await perform.apply(control, await request.json()) ?? null);
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  });
  return { url: `http://127.0.0.1:${server.addr.port}`, shutdown: () => server.shutdown() };
}

/** The control that is served there. Its calls reject with what went wrong on the other side. */
export function remoteControl(url: string): Control {
  const call = (name: string) => async (...args: unknown[]) => {
    const response = await fetch(`${url}/${name}`, { method: "POST", body: JSON.stringify(args) });
    if (!response.ok) throw new Error(`control "${name}": ${await response.text()}`);
    return await response.json();
  };
  return Object.fromEntries(Object.keys(CALLS).map((name) => [name, call(name)])) as unknown as Control;
}
