/**
 * What the address and the tenant of this run's own change in a command that the program names. Loaded when something
 * failed, or a message names a command.
 *
 * @module
 */

import { checkApiUrl, checkTenant } from "./config/mod.ts";
import { shellQuote } from "./storage/mod.ts";

/**
 * The commands that go to a server, to where their options may begin; the others are of this machine alone. One of ours
 * begins the text, or stands behind a colon, a question or a pipe.
 */
const COMMAND =
  /(?<=^|[:?|] )autocom (?:(?:audit|auth|customers|orders|products|schema|team|tenants) [a-z][a-z-]*|api|call|doctor|graphql|login|logout|whoami)(?![\w-])/g;
const ADDRESS = /(?<=^|[:?] )autocom config get api_url/;
/** They act in no tenant, or would save it. */
const TENANTLESS = /^autocom (?:auth|login|logout|tenants|whoami)\b/;

/**
 * A hint, or a command, as it holds for this run. What `config get` prints is another address where an option or a
 * variable gave the run its own; and a command that is typed without the options goes to another server, or another
 * tenant, with whatever it sends. Not for a text that repeats a word of somebody else's without quotes.
 */
export function addressed(
  text: string,
  apiUrl?: string,
  env: Readonly<Record<string, string>> = {},
  tenant?: string,
): string {
  const by = apiUrl ? "--api-url" : env.AUTOCOM_API_URL && "AUTOCOM_API_URL";
  const found = by ? checked(text, by) : text;
  // What is accepted nowhere leads nowhere, and may hold a password.
  const address = accepted(checkApiUrl, apiUrl);
  const slug = accepted(checkTenant, tenant);
  if (!address && !slug) return found;
  const own = outline(found);
  let [said, from] = ["", 0];
  for (const { 0: command, index } of own.matchAll(COMMAND)) {
    const end = index + command.length;
    const [rest = ""] = own.slice(end).split(/; |[:?|] autocom /, 1);
    said += found.slice(from, end);
    from = end;
    if (rest.includes("--help") && !command.endsWith("call")) continue;
    if (address && !rest.includes("--api-url")) said += ` --api-url ${shellQuote(address)}`;
    if (slug && !TENANTLESS.test(command) && !/--tenant\b/.test(rest)) said += ` --tenant ${slug}`;
  }
  return said + found.slice(from);
}

function checked(text: string, by: string): string {
  const found = ADDRESS.exec(outline(text));
  if (!found) return text;
  const before = text.slice(0, found.index);
  const short = before.replace(/the address: $/, "");
  return `${short}${short === before ? "check " : ""}${by}${text.slice(found.index + found[0].length)}`;
}

/**
 * The text, with as many other characters where it repeats words of the person's, or of the server's: in quotes, also a
 * shell's, or in brackets.
 */
function outline(text: string): string {
  const last = text.lastIndexOf(")");
  let said = "";
  while (said.length < text.length) {
    const at = said.length;
    let end = at;
    if (text.startsWith("$'", at)) end = endOf(text, at + 2, "'", true);
    else if (text[at] === '"') end = endOf(text, at + 1, '"', true);
    else if (text[at] === "'" && /[\s=(]/.test(text[at - 1] ?? " ")) end = endOf(text, at + 1, "'", false);
    else if (text[at] === "(" && at < last) end = last + 1;
    said += end > at ? "_".repeat(end - at) : text[at];
  }
  return said;
}

/** Behind the closing quote, or the end of the text. */
function endOf(text: string, from: number, quote: string, escapes: boolean): number {
  for (let at = from; at < text.length; at++) {
    if (escapes && text[at] === "\\") at++;
    else if (!escapes && text.startsWith("'\\''", at)) at += 3; // one inside, as a shell reads it
    else if (text[at] === quote) return at + 1;
  }
  return text.length;
}

function accepted(check: (text: string) => string, text: string | undefined): string | undefined {
  try {
    return text && check(text);
  } catch {
    return undefined;
  }
}
