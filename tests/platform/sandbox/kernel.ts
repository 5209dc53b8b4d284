/**
 * The way of a request through the application: maintenance, route, handler, exceptions, headers.
 *
 * @module
 */

import { Abort, Answer, Invalid, json, redirect, Unauthenticated } from "./answers.ts";
import { authorize, decide } from "./authorize.ts";
import { graphql } from "./graphql.ts";
import { once } from "./idempotency.ts";
import type { Incoming } from "./incoming.ts";
import { home, login, loginForm, logoutBrowser } from "./login.ts";
import { OAuthError } from "./oauth_errors.ts";
import { errorPage } from "./pages.ts";
import type { Platform } from "./platform.ts";
import { activity, listing, logout, order, product, profile, rename, tenants } from "./rest.ts";
import type { Session } from "./sessions.ts";
import { invitations, invite, withdraw } from "./team.ts";
import { token } from "./token_endpoint.ts";

type Handler = (platform: Platform, request: Incoming) => Response;
type Page = (platform: Platform, request: Incoming, session: Session) => Response;
type Methods = { GET?: Handler; POST?: Handler; PUT?: Handler; PATCH?: Handler; DELETE?: Handler };

/** Paths with their methods; `*` is one segment. */
const ROUTES = new Map<string, Methods>(Object.entries({
  "": { GET: web(home) },
  "login": { GET: web(loginForm), POST: web(login) },
  "logout": { POST: web(logoutBrowser) },
  "oauth/authorize": {
    GET: web(authorize),
    POST: web((platform, request, session) => decide(platform, request, session, true)),
    DELETE: web((platform, request, session) => decide(platform, request, session, false)),
  },
  "oauth/token": { POST: token },
  "oauth/token/refresh": { POST: (platform, request) => BROWSERS(platform, request) },
  "api/v1/auth/tenants": { GET: tenants },
  "api/v1/auth/logout": { POST: logout },
  "api/v1/profile": { GET: profile, PATCH: rename },
  "api/v1/activity-logs": { GET: activity },
  "api/v1/team/invite": { POST: invite },
  "api/v1/team/invitations": { GET: invitations },
  "api/v1/team/invitations/*": { DELETE: withdraw },
  "api/v1/products/*": { GET: product },
  "api/v1/products": { GET: listing("products") },
  "api/v1/customers": { GET: listing("customers") },
  "api/v1/orders": { GET: listing("orders") },
  "api/v1/orders/*": { GET: order },
  "api/v1/graphql": { POST: graphql },
}));

const BROWSERS = web(forBrowsersOnly);

/** Passport's JSON routes, which 13 has only where an application switches them on. */
const PASSPORT_12 = new Map<string, Methods>(Object.entries({
  "oauth/tokens": { GET: BROWSERS },
  "oauth/tokens/*": { DELETE: BROWSERS },
  "oauth/clients": { GET: BROWSERS, POST: BROWSERS },
  "oauth/clients/*": { PUT: BROWSERS, DELETE: BROWSERS },
  "oauth/scopes": { GET: BROWSERS },
  "oauth/personal-access-tokens": { GET: BROWSERS, POST: BROWSERS },
  "oauth/personal-access-tokens/*": { DELETE: BROWSERS },
}));

/** What Passport gives to its own pages: a bearer gets no further than the missing session, or CSRF token. */
function forBrowsersOnly(_platform: Platform, _request: Incoming, session: Session): Response {
  if (session.userId === undefined) throw new Unauthenticated();
  return json([]);
}

/** Answers a request. */
export const handle = (platform: Platform, request: Incoming): Response =>
  once(platform, request, () => respond(platform, request));

function respond(platform: Platform, request: Incoming): Response {
  // A page rendered in advance is sent before the application starts.
  if (platform.options.maintenance === "render") {
    return new Response(errorPage(503, ""), { status: 503, headers: { "content-type": "text/html; charset=UTF-8" } });
  }
  let response = maintenance(platform, request);
  if (!response) {
    response = dispatch(platform, request);
    for (const [name, value] of request.added) {
      if (name === "set-cookie") response.headers.append(name, value);
      else if (!response.headers.has(name)) response.headers.set(name, value);
    }
    response.headers.set("x-request-id", request.requestId);
  }
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-cache, private");
  if (request.path.startsWith("api/")) response.headers.set("access-control-allow-origin", "*");
  return request.method === "HEAD" ? new Response(null, response) : response;
}

function dispatch(platform: Platform, request: Incoming): Response {
  const reads = ["GET", "HEAD", "OPTIONS"].includes(request.method);
  // What a GraphQL document does is known when it is carried out.
  if (!reads && request.path.startsWith("api/") && request.path !== "api/v1/graphql") request.changes = true;
  try {
    return route(platform, request)(platform, request);
  } catch (error) {
    if (error instanceof Answer) return error.response;
    if (error instanceof OAuthError) return error.render(request, platform.options.passport);
    if (error instanceof Abort || error instanceof Unauthenticated || error instanceof Invalid) {
      return error.render(request);
    }
    throw error;
  }
}

function route({ options }: Platform, { path, method, url }: Incoming): Handler {
  const shown = url.pathname.replace(/^\/+|\/+$/g, "");
  const find = (name: string) => ROUTES.get(name) ?? (options.passport === 12 ? PASSPORT_12.get(name) : undefined);
  const methods = find(path) ?? find(path.replace(/[^/]+$/, "*"));
  if (!methods) throw new Abort(404, `The route ${shown} could not be found.`);
  const allowed = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].filter((one) =>
    methods[one === "HEAD" ? "GET" : one as keyof Methods]
  );
  const handler = methods[method === "HEAD" ? "GET" : method as keyof Methods];
  if (handler) return handler;
  if (method === "OPTIONS") {
    const vary: Record<string, string> = path.startsWith("api/") ? { vary: "Access-Control-Request-Method" } : {};
    const headers = { ...vary, allow: allowed.join(","), "content-type": "text/html; charset=utf-8" };
    return () => new Response(null, { headers });
  }
  throw new Abort(
    405,
    `The ${method} method is not supported for route ${shown}. Supported methods: ${allowed.join(", ")}.`,
    { allow: allowed.join(", ") },
  );
}

/** A page of the web application: with a session, and with a browser to send elsewhere. */
function web(page: Page): Handler {
  return (platform, request) => {
    const session = platform.sessions.start(request);
    try {
      return page(platform, request, session);
    } catch (error) {
      if (error instanceof Unauthenticated && !request.wantsJson) {
        session.intended = request.method === "GET" ? normalised(request.url) : session.previousUrl;
      }
      if (error instanceof Invalid) return error.render(request, session.previousUrl);
      throw error;
    } finally {
      if (request.method === "GET") session.previousUrl = normalised(request.url);
    }
  };
}

/** The URL as Symfony writes it: parameters sorted, spaces as `%20`. */
function normalised(url: URL): string {
  const query = new URLSearchParams(url.search);
  query.sort();
  const text = query.toString().replaceAll("+", "%20").replaceAll("%7E", "~").replaceAll("*", "%2A");
  return `${url.origin}${url.pathname}${text && `?${text}`}`;
}

/** `php artisan down` in the forms that the application answers; they come before the request's id is looked at. */
function maintenance(platform: Platform, request: Incoming): Response | undefined {
  switch (platform.options.maintenance) {
    case "off":
    case "render":
      return undefined;
    case "redirect":
      return request.path === "" ? new Abort(503, "Service Unavailable").render(request) : redirect(request.url.origin);
    case "retry":
      return new Abort(503, "Service Unavailable", { "retry-after": "60", refresh: "15" }).render(request);
    case "status500":
      return new Abort(500, "Service Unavailable").render(request);
    case "down":
      return new Abort(503, "Service Unavailable").render(request);
  }
}
