/**
 * The login that a hint names, where this build has no OAuth client id: without one it would be refused at once. Loaded
 * when such a hint is given.
 *
 * @module
 */

import type { Settings } from "./config/mod.ts";

const LOGIN = "autocom auth login";

export async function identified(hint: string, settings: Settings): Promise<string> {
  const at = hint.indexOf(LOGIN);
  const [command = ""] = at < 0 ? [] : hint.slice(at).split(";", 1);
  // One with a token, or with an id, needs none.
  if (at < 0 || command.includes("--token-stdin") || command.includes("--client-id")) return hint;
  const known = await settings.get("client_id").then(({ value }) => value !== undefined, () => true);
  if (known) return hint;
  const why = command === hint ? "this build has no OAuth client id, so with the platform's: " : "";
  return why + hint.replace(command, () => `${command} --client-id UUID`);
}
