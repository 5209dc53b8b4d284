/**
 * The one function that every address passes through, and what a header may hold.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { Layer } from "./call.ts";

const LOOPBACK = ["127.0.0.1", "[::1]"];
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;
const TOKEN_LIMIT = 16_384;

/** Whether tokens may be sent there: `https:`, or plain `http:` to a loopback literal. A name can resolve elsewhere. */
export function isSecure(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.includes(url.hostname));
}

/** Whether the text has the form of a bearer token (RFC 6750, section 2.1), at most 16 KB. */
export function isToken(text: string): boolean {
  return text.length <= TOKEN_LIMIT && TOKEN.test(text);
}

/** Whether the text can be a tenant's slug; what a person names is checked before, so another one is the server's. */
export function isSlug(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text);
}

/** Lets requests through to one origin only. */
export function guard(origin: string): Layer {
  return (next) => (call) => {
    const { url } = call;
    if (!isSecure(url)) {
      throw new AppError("usage", `will not send anything to "${url.origin}" in clear text`, { hint: "use https://" });
    }
    if (url.origin !== origin) throw new AppError("bug", `a request for "${origin}" was addressed to "${url.origin}"`);
    return next(call);
  };
}
