/**
 * What the first two gates must refuse, and how each comes about.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { generateKeyPairSync, sign } from "node:crypto";
import type { Ask, Scene } from "../scene.ts";
import type { Exchanges } from "./mod.ts";

const keys = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
let foreign: ReturnType<typeof keys> | undefined;

/** A JWT with the claims of `token`, some changed, under a key that no platform trusts. */
export function forged(token: string, changes: Record<string, unknown> = {}, header: object = {}): string {
  const [, payload] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload!, "base64url").toString());
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encode({ typ: "JWT", alg: "RS256", ...header })}.${encode({ ...claims, ...changes })}`;
  return `${text}.${sign("sha256", Buffer.from(text), (foreign ??= keys()).privateKey).toString("base64url")}`;
}

/** Gives the bearer to send; the owner's session, or his personal access token, is what it was before. */
export const REFUSED_TOKENS: Record<string, (scene: Scene) => Promise<string> | string> = {
  "an empty token": () => "",
  "random text": () => "an-unknown-token",
  "three parts that are no JWT": () => "a.b.c",
  "a JWT signed with another key": (scene) => forged(scene.pat("owner")),
  "a token of another installation": (scene) =>
    forged(scene.pat("owner"), { jti: "0".repeat(80), aud: "00000000-0000-4000-8000-000000000000" }),
  "a JWT without a signature": (scene) => `${forged(scene.pat("owner"), {}, { alg: "none" }).replace(/[^.]+$/, "")}`,
  "a token with one character changed": (scene) =>
    scene.pat("owner").replace(/.(?=.{20}$)/, (character) => character === "A" ? "B" : "A"),
  "an expired session": async (scene) => await scene.control.expire((await scene.signIn()).access_token),
  "an expired personal access token": (scene) => scene.control.expire(scene.pat("owner")),
  async "a revoked session"(scene) {
    const { access_token } = await scene.signIn();
    await scene.control.revoke(access_token);
    return access_token;
  },
  async "a revoked personal access token"(scene) {
    await scene.control.revoke(scene.pat("owner"));
    return scene.pat("owner");
  },
  async "a session that was renewed"(scene) {
    const { access_token, refresh_token } = await scene.signIn();
    await (await scene.refresh(refresh_token)).body?.cancel();
    return access_token;
  },
  async "a session that was logged out"(scene) {
    const { access_token } = await scene.signIn();
    await (await scene.api("auth/logout", { method: "POST", bearer: access_token })).body?.cancel();
    return access_token;
  },
  async "a token of a deleted user"(scene) {
    await scene.control.deleteUser(scene.platform.descriptor.users.owner.email);
    return scene.pat("owner");
  },
  async "a session of a revoked client"(scene) {
    const { access_token } = await scene.signIn();
    await scene.control.revokeClient();
    return access_token;
  },
  async "a token from before the keys were replaced"(scene) {
    await scene.control.replaceKeys();
    return scene.pat("owner");
  },
};

/** Who asks, and for which tenant. */
export const REFUSED_TENANTS: Record<string, Ask> = {
  "no tenant": { as: "owner" },
  "an empty tenant": { as: "owner", tenant: "" },
  "the tenant 0": { as: "owner", tenant: "0" },
  "an unknown tenant": { as: "owner", tenant: "nowhere" },
  "a tenant in other case": { as: "owner", tenant: "ACME" },
  "two tenants": { as: "owner", tenant: "acme, globex" },
  "a suspended tenant": { as: "owner", tenant: "initech" },
  "a tenant of others": { as: "outsider", tenant: "acme" },
  "a user in no tenant": { as: "nobody", tenant: "acme" },
};

/** The exchanges for each entry. */
export function each<T>(entries: Record<string, T>, make: (name: string, value: T) => Exchanges): Exchanges {
  return Object.assign({}, ...Object.entries(entries).map(([name, value]) => make(name, value)));
}
