/**
 * Worlds to log in from, and what a login leaves behind.
 *
 * @module
 */

import { walkAuthorize } from "../platform/browser.ts";
import { browserOf, type User, type World, world } from "./harness.ts";

/** A desktop whose browser approves as that user. */
export async function desktop(changes: Partial<World> = {}, user: User = "owner"): Promise<World> {
  const made = await world(changes);
  made.env.DISPLAY ??= ":0";
  made.browser ??= browserOf(made.sandbox, user);
  return made;
}

/** The address that a login printed. */
export function shown({ seen }: World): string {
  const url = /^ {2}(http\S+)$/m.exec(seen.stderr)?.[1] ?? /"url":"([^"]+)"/.exec(seen.stdout)?.[1];
  if (!url) throw new Error(`no address in ${seen.stdout}${seen.stderr}`);
  return url;
}

/** Where the browser is sent once a person on another device approved: the address that they paste. */
export async function approved(of: World, user: User = "owner", decision: "approve" | "deny" = "approve") {
  const { email, password } = of.sandbox.descriptor().users[user];
  return await walkAuthorize((request) => of.sandbox.fetch(request), shown(of), { email, password }, decision);
}

/** What is pasted once the address is shown; each line ends with Enter. */
export async function* pasting(lines: () => Promise<string[]>): AsyncIterable<string> {
  for (const line of await lines()) yield `${line}\r`;
}

/** The port of the callback that an address names. */
export function callbackPort(address: string): number {
  return Number(new URL(new URL(address).searchParams.get("redirect_uri")!).port);
}

/** The session as it is stored: two entries, from the keychain or the file. */
export async function stored(of: World): Promise<{
  place: "keychain" | "file" | "none";
  access?: Record<string, unknown>;
  refresh?: Record<string, unknown>;
}> {
  const host = new URL(of.sandbox.origin).host;
  const entries = of.keychain.items.map(({ attributes, secret }) => [
    attributes.username!.replace(`${host}:`, ""),
    JSON.parse(secret),
  ]);
  const file = await Deno.readTextFile(`${of.home}/.autocom/credentials`).catch(() => undefined);
  if (file === undefined) return { place: entries.length === 0 ? "none" : "keychain", ...Object.fromEntries(entries) };
  if (entries.length > 0) throw new Error("the session is in two places");
  return { place: "file", ...JSON.parse(file).sessions[of.sandbox.origin] };
}

/** The text of `config.toml`; undefined when there is none. */
export function configOf(of: World): Promise<string | undefined> {
  return Deno.readTextFile(`${of.home}/.autocom/config.toml`).catch(() => undefined);
}

/** The requests for tokens that the platform got. */
export function tokenRequests({ sandbox }: World) {
  return sandbox.log.filter(({ url }) => new URL(url).pathname === "/oauth/token");
}

/** Every secret that the platform saw or gave: states, codes, verifiers, tokens. Fails when one is missing. */
export function secretsOf(of: World): string[] {
  const form = new URLSearchParams(tokenRequests(of)[0]!.body);
  const state = of.sandbox.log.map(({ url }) => new URL(url).searchParams.get("state")).find(Boolean);
  const tokens = of.keychain.items.map(({ secret }) => JSON.parse(secret)).map((e) =>
    e.access_token ?? e.refresh_token
  );
  const secrets = [state, form.get("code"), form.get("code_verifier"), ...tokens];
  if (secrets.length !== 5 || secrets.some((secret) => !secret)) throw new Error(`only ${secrets.length} secrets`);
  return secrets as string[];
}
