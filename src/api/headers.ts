import { AppError } from "../errors.ts";
import type { Fetch } from "../system/mod.ts";
import { isToken } from "./guard.ts";

/**
 * The headers of every API request. `Accept` is never the catch-all: Laravel would answer with redirects and HTML.
 * The token is checked before a header is built: the runtime's own exception would quote it. The request is an attempt's
 * own (see `limits.ts`), so its headers are set in place.
 */
export function headers(
  to: { token: string; tenant: string | undefined; userAgent: string },
): (next: Fetch) => Fetch {
  return (next) => (request) => {
    if (!isToken(to.token)) throw new AppError("unauthenticated", "the token holds characters that no token has");
    const { headers } = request;
    headers.set("Accept", "application/json");
    headers.set("Authorization", `Bearer ${to.token}`);
    headers.set("User-Agent", to.userAgent);
    if (to.tenant !== undefined) headers.set("X-Tenant", to.tenant);
    return next(request);
  };
}
