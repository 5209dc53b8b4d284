/**
 * The login that a hint names, where this build has no OAuth client id: without one it would be refused at once. Loaded
 * when such a hint is given.
 *
 * @module
 */

import type { Settings } from "./config/mod.ts";

/** Up to its end; one with a token, or with an id, needs none. */
const LOGIN = /autocom auth login\b(?![^;]*--(?:token-stdin|client-id))[^;]*/;

export async function identified(hint: string, settings: Settings): Promise<string> {
  const [command] = LOGIN.exec(hint) ?? [];
  const known = await settings.get("client_id").then(({ value }) => value !== undefined, () => true);
  if (command === undefined || known) return hint;
  const why = command === hint ? "this build has no OAuth client id, so with the platform's: " : "";
  return why + hint.replace(command, () => `${command} --client-id UUID`);
}
