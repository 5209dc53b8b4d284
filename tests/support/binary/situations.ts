/**
 * What a session, a server or a machine can be like.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { KeychainState } from "../../contract/keychain.ts";
import type { Pair } from "../../platform/sandbox/mod.ts";
import type { Scene } from "./scene.ts";

/** Programs that a real keyring is made of and asked by. */
export const KEYRING = ["secret-tool", "gnome-keyring-daemon", "dbus-daemon", "dbus-send"];

export interface Situation {
  name: string;
  /** State of a real keyring; without one there is no keychain. */
  keyring?: KeychainState;
  /** The bus has no socket that we can go to: the keyring is reached through `secret-tool`, or where that is not installed through libsecret. */
  way?: "tool" | "library";
  /** Every command does what it is for. */
  good?: true;
  /** Tells little that another does not: only for a sweep in full. */
  rare?: true;
  /** Brings it about: files in the scene's HOME, variables in its `env`. Gives the session, if there is one. */
  set(scene: Scene): Promise<Pair | undefined>;
}

const ORIGIN_OF_NOBODY = "http://127.0.0.1:9";

export const SITUATIONS: readonly Situation[] = [
  { name: "a session in the file", good: true, set: (scene) => signIn(scene, "file", "alive") },
  { name: "an ended session in the file", good: true, set: (scene) => signIn(scene, "file", "ended") },
  {
    name: "a session in the file that the server refuses until it is renewed",
    good: true,
    async set(scene) {
      const pair = await signIn(scene, "file", "alive");
      await scene.stage.call("revoke", pair.access_token);
      await scene.stage.call("set", { graphqlGates: "route" }); // else GraphQL says it with status 200, which is too late
      return pair;
    },
  },
  {
    name: "an ended session in the file that cannot be renewed",
    async set(scene) {
      const pair = await signIn(scene, "file", "ended");
      await scene.stage.call("revoke", pair.refresh_token);
      return pair;
    },
  },
  {
    name: "a session in the keyring",
    rare: true,
    keyring: "unlocked",
    good: true,
    set: (scene) => signIn(scene, "keyring", "alive"),
  },
  {
    name: "an ended session in the keyring",
    keyring: "unlocked",
    good: true,
    set: (scene) => signIn(scene, "keyring", "ended"),
  },
  {
    name: "an ended session in the keyring, with secret-tool",
    keyring: "unlocked",
    way: "tool",
    good: true,
    set: (scene) => signIn(scene, "keyring", "ended"),
  },
  {
    name: "a session in the keyring, without secret-tool",
    rare: true,
    keyring: "unlocked",
    way: "library",
    good: true,
    set: (scene) => signIn(scene, "keyring", "alive"),
  },
  {
    name: "an ended session in the keyring, without secret-tool",
    keyring: "unlocked",
    way: "library",
    good: true,
    set: (scene) => signIn(scene, "keyring", "ended"),
  },
  { name: "a locked keyring", keyring: "locked", set: () => Promise.resolve(undefined) },
  { name: "AUTOCOM_TOKEN", set: (scene) => variable(scene, "AUTOCOM_TOKEN", scene.stage.platform.users.owner.pat) },
  {
    name: "an unknown AUTOCOM_TOKEN",
    set: (scene) => variable(scene, "AUTOCOM_TOKEN", `${scene.stage.platform.users.owner.pat}x`),
  },
  { name: "no session", set: () => Promise.resolve(undefined) },
  {
    name: "a tenant that is suspended",
    async set(scene) {
      scene.env.AUTOCOM_TENANT = "initech";
      return await signIn(scene, "file", "alive");
    },
  },
  {
    name: "a server that cannot be reached",
    async set(scene) {
      scene.env.AUTOCOM_API_URL = `${ORIGIN_OF_NOBODY}/api/v1`;
      return await signIn(scene, "file", "alive");
    },
  },
  {
    name: "a server that redirects",
    async set(scene) {
      const pair = await signIn(scene, "file", "ended");
      await scene.stage.call("set", { maintenance: "redirect" });
      return pair;
    },
  },
  {
    name: "a broken config file",
    async set(scene) {
      await Deno.writeTextFile(`${scene.home}/.autocom/config.toml`, 'tenant = "acme\n');
      return await signIn(scene, "file", "alive");
    },
  },
  {
    name: "a credentials file that others can read",
    async set(scene) {
      const pair = await signIn(scene, "file", "alive");
      await Deno.chmod(`${scene.home}/.autocom/credentials`, 0o644);
      return pair;
    },
  },
];

async function variable({ env }: Scene, name: string, value: string): Promise<undefined> {
  env[name] = await Promise.resolve(value);
}

/** A session as a login would leave it. `ended`: its access token has to be renewed. */
export async function signIn(scene: Scene, place: "file" | "keyring", life: "alive" | "ended"): Promise<Pair> {
  const { room, stage, home, env } = scene;
  const pair = await stage.call("signIn", "owner");
  const { origin, host } = new URL(env.AUTOCOM_API_URL!);
  const both = { v: 1, origin, gen: "0123456789abcdef" };
  const expires_at = Math.floor(Date.now() / 1000) + (life === "alive" ? pair.expires_in : -1);
  const person = { name: "Owner Example", email: "owner@example.test" };
  const session = {
    refresh: { ...both, client_id: stage.platform.client_id, refresh_token: pair.refresh_token },
    access: { ...both, kind: "oauth", access_token: pair.access_token, expires_at, ...person },
  };
  if (place === "file") {
    const text = JSON.stringify({ v: 1, sessions: { [origin]: session } });
    await Deno.writeTextFile(`${home}/.autocom/credentials`, text, { mode: 0o600 });
    return pair;
  }
  for (const [name, entry] of Object.entries(session)) {
    const attributes = ["service", "autocom-cli", "username", `${host}:${name}`];
    const shell = 'exec "$(command -v secret-tool || echo /.hidden/secret-tool)" "$@"';
    const tool = room.program(["store", "--label", "test", ...attributes], { env, shell });
    await tool.type(JSON.stringify(entry));
    assert.equal((await tool.end()).code, 0);
  }
  return pair;
}
