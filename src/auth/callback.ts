/**
 * The loopback listener of a login: takes one answer with the right state, and nothing else ends it
 * (RFC 8252, sections 7.3 and 8.3).
 *
 * @module
 */

import { AppError, isSystemError } from "../errors.ts";
import type { Listener, Serve } from "../system/mod.ts";
import { type Attempt, judge } from "./pkce.ts";

export interface Callback {
  /** `http://127.0.0.1:PORT/callback`; the token request repeats it to the letter. */
  readonly redirectUri: string;
  /** The code; rejects with `unauthenticated` when the person refused. */
  readonly code: Promise<string>;
  /** Lets the waiting page say how the login ended, then frees the port. */
  close(loggedIn: boolean): Promise<void>;
}

/**
 * Binds the first free port, before any browser is opened. `onStray` hears, once, that an error came without a state.
 *
 * @throws {AppError} `failure`: no port is free
 */
export function listen(serve: Serve, attempt: Attempt, origin: string, onStray: () => void): Callback {
  const { promise: code, resolve, reject } = Promise.withResolvers<string>();
  const { promise: outcome, resolve: conclude } = Promise.withResolvers<boolean>();
  code.catch(() => {});
  let settled = false;
  let strayed = false;
  let port = 0;

  const listener = bind(serve, async (request) => {
    const refused = refuse(request, port);
    if (refused) return page(...refused);
    if (settled) return page(410, "This login is over", "Return to your terminal.");
    const verdict = judge(new URL(request.url).searchParams, attempt, origin);
    if ("ignored" in verdict) {
      if (verdict.stray && !strayed) {
        strayed = true;
        onStray();
      }
      return page(400, "Not this login", "The request was ignored. The terminal is still waiting.");
    }
    settled = true;
    if ("refused" in verdict) {
      reject(new AppError("unauthenticated", `not logged in: ${verdict.refused}`, { hint: "autocom auth login" }));
      return page(403, "Not logged in", "Return to your terminal.");
    }
    resolve(verdict.code);
    return await outcome
      ? page(200, "✓ Logged in — return to your terminal", "You can close this page.")
      : page(502, "Not logged in", "Your terminal says why.");
  });
  port = listener.port;
  return {
    redirectUri: `http://127.0.0.1:${port}/callback`,
    code,
    async close(loggedIn) {
      settled = true;
      conclude(loggedIn);
      await listener.shutdown();
    },
  };
}

/** A callback that nothing listens for: the address is only pasted. A registered redirect URI may leave out the port. */
export function deaf(): Callback {
  return {
    redirectUri: "http://127.0.0.1/callback",
    code: new Promise(() => {}),
    close: () => Promise.resolve(),
  };
}

function bind(serve: Serve, handler: (request: Request) => Promise<Response>): Listener {
  for (const port of serve.ports) {
    try {
      return serve.listen(port, handler);
    } catch (error) {
      // Windows keeps ranges of ports for itself, and says that they are not permitted.
      if (!isSystemError(error, "AddrInUse") && !isSystemError(error, "PermissionDenied")) throw error;
    }
  }
  throw new AppError("failure", `cannot listen for the login: none of the ports ${serve.ports.join(", ")} is free`, {
    hint: "end one of the programs that use them (another login?), or paste: autocom auth login --no-browser",
  });
}

type Refused = [status: number, title: string, text: string];

/** The checks that need no state, in this order. A page on the web must not reach past them (DNS rebinding, CSRF). */
function refuse(request: Request, port: number): Refused | undefined {
  const expected = `127.0.0.1:${port}`;
  const url = new URL(request.url);
  const [forbidden, text] = ["Forbidden", "The terminal is still waiting."];
  if (request.headers.get("Host") !== expected) return [403, forbidden, text];
  if (request.method !== "GET") return [405, "Method not allowed", text];
  if (url.host !== expected || url.username !== "" || url.protocol !== "http:") return [403, forbidden, text];
  if (url.pathname !== "/callback") return [404, "Not found", text];
  const destination = request.headers.get("Sec-Fetch-Dest");
  if (destination !== null && destination !== "document") return [403, forbidden, text];
  const from = request.headers.get("Origin");
  if (from !== null && from !== `http://${expected}`) return [403, forbidden, text];
  return undefined;
}

/** Static text only: nothing of a request is ever shown. The empty icon keeps the browser from asking for one. */
function page(status: number, title: string, text: string): Response {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>autocom</title>` +
    `<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"></head>` +
    `<body><h1>${title}</h1><p>${text}</p></body></html>\n`;
  return new Response(html, {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": "default-src 'none'; img-src data:; frame-ancestors 'none'",
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
      "Cache-Control": "no-store",
      "Connection": "close",
    },
  });
}
