/**
 * Requests to the platform: REST and GraphQL, through one chain of middleware, each `Fetch` → `Fetch`.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { Fetch, System } from "../system/mod.ts";
import { json, malformed, member, refuseGraphqlErrors } from "./answer.ts";
import type { Asked } from "./failure.ts";
import { guard } from "./guard.ts";
import { headers } from "./headers.ts";
import { limits } from "./limits.ts";
import { retry } from "./retry.ts";
import { trace } from "./trace.ts";

export { member } from "./answer.ts";
export { type Asked, failure } from "./failure.ts";
export { guard, isSecure, isToken } from "./guard.ts";
export { limits } from "./limits.ts";
export { retryAfter } from "./retry.ts";
export { trace } from "./trace.ts";

const DATA_LIMIT = 32 << 20;

/** What one request needs to know. */
export interface Connection {
  system: Pick<System, "fetch" | "clock" | "random">;
  /** `api_url`, without a slash at its end. */
  apiUrl: string;
  token: string;
  /** Sent as `X-Tenant` unless a call says otherwise. */
  tenant?: string;
  /** Named in the hint when the person gave the token this way: `AUTOCOM_TOKEN`. */
  credential?: string;
  /** Milliseconds to the status line. */
  timeout: number;
  userAgent: string;
  signal: AbortSignal;
  debug: (line: string) => void;
  answered: () => void;
}

export interface Api {
  /** One REST call below `api_url`; `path` is made of constants and encoded values. A GET is repeated when that helps. */
  rest(method: "GET" | "POST", path: string, action: string, options?: { tenant?: boolean }): Promise<unknown>;
  /**
   * One GraphQL query: the document is a constant, every value travels in `variables` (those undefined are left out:
   * the server would read an empty filter as none). Returns `data`; any error throws, partial data is not shown.
   */
  query(document: string, variables: Record<string, unknown>, action: string): Promise<Record<string, unknown>>;
}

export function connect(to: Connection): Api {
  const { clock } = to.system;
  const { origin } = new URL(to.apiUrl);

  const send = async (request: Request, action: string, tenant: string | undefined, repeat: boolean) => {
    const asked: Asked = {
      action,
      origin,
      ...(tenant ? { tenant } : {}),
      ...(to.credential ? { credential: to.credential } : {}),
    };
    const chain: ((next: Fetch) => Fetch)[] = [
      ...(repeat ? [retry(clock, to.signal)] : []),
      limits({ clock, timeout: to.timeout, bytes: DATA_LIMIT, signal: to.signal, answered: to.answered }),
      headers({ token: to.token, tenant, userAgent: to.userAgent }),
      trace(to),
      guard(origin),
    ];
    const answer = await chain.reduceRight((next, layer) => layer(next), to.system.fetch)(request).catch(named(action));
    return { answer, body: await json(answer, asked, clock.now()), asked };
  };

  return {
    async rest(method, path, action, options = {}) {
      const tenant = options.tenant === false ? undefined : to.tenant;
      const request = new Request(`${to.apiUrl}${path}`, { method });
      return (await send(request, action, tenant, method === "GET")).body;
    },
    async query(document, variables, action) {
      const given = Object.entries(variables).filter(([, value]) => value !== undefined && value !== "");
      const request = new Request(`${to.apiUrl}/graphql`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ query: document, variables: Object.fromEntries(given) }),
      });
      const { answer, body, asked } = await send(request, action, to.tenant, true);
      refuseGraphqlErrors(body, answer, asked);
      const data = member(body, "data");
      if (typeof data !== "object" || data === null) throw malformed(asked, answer);
      return data as Record<string, unknown>;
    },
  };
}

/** A failure below HTTP does not know what was asked for. */
export function named(action: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof AppError && error.kind === "network") {
      throw new AppError(error.kind, `cannot ${action}: ${error.message}`, error.hint ? { hint: error.hint } : {});
    }
    throw error;
  };
}
