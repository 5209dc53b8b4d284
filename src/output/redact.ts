/**
 * Takes secrets out of text that is about to be printed.
 *
 * @module
 */

/** What {@link maskTokens} hides is, or follows, so many of these in a row. */
const LONG = /[\w.~+\/=-]{11}/;

/**
 * Masks what is a secret by its form, wherever it stands: a long bearer value, a JWT. A JWT has a dot, so that the random
 * `state` of an address that must be shown whole is never taken for one.
 */
export function maskTokens(text: string): string {
  // Most messages hold nothing as long as either, and to make those patterns costs more than to print a message.
  if (!LONG.test(text)) return text;
  return text
    .replace(/\b(Bearer(?:\s+|%20))[\w.~+\/=-]{20,}/gi, "$1***")
    .replace(/eyJ[\w-]{6,300}(?:\.[\w-]+)+/g, "***");
}

/**
 * Masks all that a debug line could leak (URL, form, header, JSON). Beside {@link maskTokens}: parts of a JWT, authorization
 * and cookie headers, `code=` and `state=`, the values of names that end in token, secret, password, verifier or session,
 * and 64 hex digits or more. `code_challenge` is a hash that the browser's address bar shows, and stays.
 */
export function redact(text: string): string {
  return maskTokens(text)
    .replace(/((?:set-)?cookie\\?["']?\s*[:=]\s*).*/gi, "$1***")
    .replace(/\b((?:Bearer|Basic)\s+)[^\s"',;\\]+/gi, "$1***")
    .replace(/(?<![\w-])(code|state)=[^\s&"'#]+/gi, "$1=***")
    .replace(
      /((?:token|secret|password|verifier|session)\\?["']?\s*[:=]\s*)(?:\\?"(?:\\.|[^"\\])*"?|'[^']*'?|[^\s&"',;}]+)/gi,
      "$1***",
    )
    .replace(/eyJ[\w-]{6,}/g, "***")
    .replace(/[0-9a-f]{64,}/gi, "***");
}
