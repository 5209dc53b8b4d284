import { VERSION } from "../build_info.ts";
import { AppError } from "../errors.ts";
import type { System } from "../system/mod.ts";
import type { Layer } from "./call.ts";
import { isSlug, isToken } from "./guard.ts";

/**
 * The headers of every API request. `Accept` is never the catch-all: Laravel would answer with redirects and HTML.
 * The token is checked before a header is built: the runtime's own exception would quote it.
 */
export function headers(to: { token: string; tenant: string | undefined; userAgent: string }): Layer {
  return (next) => (call) => {
    if (!isToken(to.token)) throw new AppError("unauthenticated", "the token has characters that a token cannot have");
    if (to.tenant !== undefined && !isSlug(to.tenant)) {
      throw new AppError("server", "the server named a tenant whose slug cannot be sent in a header");
    }
    const headers = {
      ...call.headers,
      accept: "application/json",
      authorization: `Bearer ${to.token}`,
      "user-agent": to.userAgent,
      ...to.tenant !== undefined && { "x-tenant": to.tenant },
    };
    return next({ ...call, headers });
  };
}

/** `autocom/<version> (<os>; <arch>)`. */
export function userAgent({ host }: Pick<System, "host">): string {
  return `autocom/${VERSION} (${host.os}; ${host.arch})`;
}
