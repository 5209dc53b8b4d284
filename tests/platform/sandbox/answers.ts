/**
 * Answers as Laravel writes them: compact JSON from the application, pretty JSON or an HTML page from exceptions.
 *
 * @module
 */

import type { Incoming } from "./incoming.ts";
import { errorPage, redirectPage } from "./pages.ts";

/** PHP's `json_encode`: everything beyond ASCII escaped, and the slash unless told otherwise. */
export function phpJson(value: unknown, { pretty = false, slashes = false } = {}): string {
  const text = JSON.stringify(value, null, pretty ? 4 : undefined)
    .replace(/[\u007f-\uffff]/g, (c) => c === "\x7f" ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return slashes ? text : text.replaceAll("/", "\\/");
}

/** `application/json`, compact. */
export const json = (body: unknown, status = 200): Response =>
  new Response(phpJson(body), { status, headers: { "content-type": "application/json" } });

/** Our own refusal with a `code`, as the Laravel application's `Problem`. */
export const problem = (status: number, code: string, message: string, more: Record<string, unknown> = {}): Response =>
  json({ message, code, ...more }, status);

export const html = (body: string, status = 200): Response =>
  new Response(body, { status, headers: { "content-type": "text/html; charset=utf-8" } });

/** 302 with Symfony's little page. */
export const redirect = (to: string): Response =>
  new Response(redirectPage(to), {
    status: 302,
    headers: { location: to, "content-type": "text/html; charset=utf-8" },
  });

/** 302 without a body, as a PSR-7 response becomes one. */
export const away = (location: string): Response =>
  new Response(null, { status: 302, headers: { location, "content-type": "text/html; charset=utf-8" } });

/** An answer that ends the request from wherever it is thrown. */
export class Answer extends Error {
  constructor(readonly response: Response) {
    super("answered");
  }
}

/** An exception that Laravel's handler renders: pretty JSON or a page. */
export class Abort extends Error {
  constructor(readonly status: number, message: string, readonly headers: Record<string, string> = {}) {
    super(message);
  }

  render(request: Incoming): Response {
    if (request.wantsJson) {
      const body = phpJson({ message: this.message }, { pretty: true, slashes: true });
      return new Response(body, {
        status: this.status,
        headers: { ...this.headers, "content-type": "application/json" },
      });
    }
    const response = html(errorPage(this.status, this.message), this.status);
    for (const [name, value] of Object.entries(this.headers)) response.headers.set(name, value);
    return response;
  }
}

/** Gate 1 said no. Laravel names no reason. */
export class Unauthenticated extends Error {
  render(request: Incoming): Response {
    return request.wantsJson ? json({ message: "Unauthenticated." }, 401) : redirect(`${request.url.origin}/login`);
  }
}

/** Bad input: field → texts. */
export class Invalid extends Error {
  constructor(readonly fields: Record<string, string[]>) {
    const [first = "", ...rest] = Object.values(fields).flat();
    const s = rest.length > 1 ? "s" : "";
    super(rest.length ? `${first} (and ${rest.length} more error${s})` : first);
  }

  /** `back`: the page that a browser is sent back to. */
  render(request: Incoming, back = request.url.origin): Response {
    return request.wantsJson
      ? json({ message: this.message, errors: this.fields }, 422)
      : redirect(request.headers.get("referer") ?? back);
  }
}
