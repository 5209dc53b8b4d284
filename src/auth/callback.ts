/**
 * The loopback listener of a login: takes one answer with the right state, and nothing else ends it
 * (RFC 8252, sections 7.3 and 8.3).
 *
 * @module
 */

import { AppError, isSystemError } from "../errors.ts";
import type { Incoming, Listener, Outgoing, Serve } from "../system/mod.ts";
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
 * @throws {AppError} `failure`: no port can be had
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
    const verdict = judge(query(request.target), attempt, origin);
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

/** Every error is passed over: Windows keeps ranges of ports for itself, and a machine may have no 127.0.0.1 at all. */
function bind(serve: Serve, handler: (request: Incoming) => Promise<Outgoing>): Listener {
  let missing = false;
  for (const port of serve.ports) {
    try {
      return serve.listen(port, handler);
    } catch (error) {
      missing ||= isSystemError(error, "AddrNotAvailable");
    }
  }
  const why = missing ? "this machine has no address 127.0.0.1" : `none of the ports ${serve.ports.join(", ")} is free`;
  const instead = "paste the address instead: autocom auth login --no-browser";
  throw new AppError("failure", `cannot listen for the login: ${why}`, {
    hint: missing ? instead : `end one of the programs that use them (another login?), or ${instead}`,
  });
}

type Refused = [status: number, title: string, text: string];

/**
 * The checks that need no state, in this order, on the text as it came: no address is made of it before its Host is ours.
 * A page on the web must not reach past them (DNS rebinding, CSRF).
 */
function refuse({ method, target, headers }: Incoming, port: number): Refused | undefined {
  const expected = `127.0.0.1:${port}`;
  const [forbidden, text] = ["Forbidden", "The terminal is still waiting."];
  if (headers.host !== expected) return [403, forbidden, text];
  if (method !== "GET") return [405, "Method not allowed", text];
  const path = pathOf(target, expected);
  if (path === undefined) return [403, forbidden, text];
  if (path !== "/callback") return [404, "Not found", text];
  const destination = headers["sec-fetch-dest"];
  if (destination !== undefined && destination !== "document") return [403, forbidden, text];
  const from = headers.origin;
  if (from !== undefined && from !== `http://${expected}`) return [403, forbidden, text];
  return undefined;
}

/** The path of a request's target, which may be a whole address when it is ours; undefined when it is another's. */
function pathOf(target: string, host: string): string | undefined {
  const ours = `http://${host}/`;
  const local = target.startsWith(ours) ? target.slice(ours.length - 1) : target;
  return local.startsWith("/") ? local.split("?", 1)[0] : undefined;
}

function query(target: string): URLSearchParams {
  const at = target.indexOf("?");
  return new URLSearchParams(at < 0 ? "" : target.slice(at).split("#", 1)[0]);
}

/** Static text only: nothing of a request is ever shown. The empty icon keeps the browser from asking for one. */
function page(status: number, title: string, text: string): Outgoing {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>autocom</title>` +
    `<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"></head>` +
    `<body><h1>${title}</h1><p>${text}</p></body></html>\n`;
  return {
    status,
    body: html,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": "default-src 'none'; img-src data:; frame-ancestors 'none'",
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
      "Cache-Control": "no-store",
    },
  };
}
