/** The token endpoint: codes, refresh tokens, and every way in which they are no good. */

import { type Ask, type Fields, form, type Scene } from "../scene.ts";
import type { Exchanges } from "./mod.ts";

/** With a fresh code. */
const codes: Record<string, Fields> = {
  "is exchanged": {},
  "with another verifier": { code_verifier: "another-verifier-of-forty-three-characters-0" },
  "without a verifier": { code_verifier: null },
  "with a verifier that is too short": { code_verifier: "short" },
  "with another port": { redirect_uri: "http://127.0.0.1:8766/callback" },
  "without a port": { redirect_uri: "http://127.0.0.1/callback" },
  "without a redirect": { redirect_uri: null },
  "for a client that is not known": { client_id: "00000000-0000-4000-8000-000000000000" },
  "for no client": { client_id: null },
  "with a secret that the client has not": { client_secret: "secret" },
  "of which a character was changed": { code: "def50200" + "0".repeat(852) },
  "that is empty": { code: "" },
};

const renewals: Record<string, Fields> = {
  "is renewed": {},
  "with an empty scope": { scope: "" },
  "with a scope that was not granted": { scope: "orders" },
  "with every scope": { scope: "*" },
  "for a client that is not known": { client_id: "00000000-0000-4000-8000-000000000000" },
  "that is empty": { refresh_token: "" },
  "that is random text": { refresh_token: "abc" },
};

const grants: Record<string, Fields> = {
  "no grant": {},
  "a grant that is none": { grant_type: "nope" },
  "a password": { grant_type: "password", username: "owner@example.test", password: "password" },
  "a personal access token": { grant_type: "personal_access", user_id: "1" },
  "a client's own credentials": { grant_type: "client_credentials", client_secret: "x" },
  "a device code": { grant_type: "urn:ietf:params:oauth:grant-type:device_code", device_code: "x" },
};

const elsewhere: Record<string, [path: string, ask?: Ask]> = {
  "no token endpoint for GET": ["/oauth/token"],
  "no revocation": ["/oauth/revoke", { body: form({ token: "x" }) }],
  "no introspection": ["/oauth/introspect", { body: form({ token: "x" }) }],
  "no device flow": ["/oauth/device/code", { body: form({ client_id: "x" }) }],
  "no metadata": ["/.well-known/oauth-authorization-server"],
  "no list of tokens": ["/oauth/tokens", { as: "owner" }],
};

export const token: Exchanges = {
  ...Object.fromEntries(
    Object.entries(codes).map(([name, changes]) => [
      `a code ${name}`,
      async (scene: Scene) => scene.exchange(await scene.code(), changes),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(renewals).map(([name, changes]) => [
      `a refresh token ${name}`,
      async (scene: Scene) => scene.refresh((await scene.signIn()).refresh_token, changes),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(grants).map(([name, fields]) => [`a grant: ${name}`, (scene: Scene) => scene.token(fields)]),
  ),
  ...Object.fromEntries(
    Object.entries(elsewhere).map(([name, [path, ask]]) => [name, (scene: Scene) => scene.ask(path, ask)]),
  ),
  async "a code twice; what it gave the first time lives on"(scene) {
    const code = await scene.code();
    const { access_token, refresh_token } = await (await scene.exchange(code)).json();
    return [
      await scene.exchange(code),
      await scene.api("auth/tenants", { bearer: access_token }),
      await scene.refresh(refresh_token),
    ];
  },
  async "a wrong verifier does not burn the code"(scene) {
    const code = await scene.code();
    const wrong = await scene.exchange(code, { code_verifier: "another-verifier-of-forty-three-characters-0" });
    return [wrong, await scene.exchange(code)];
  },
  "an expired code": async (scene) => scene.exchange(await scene.control.expire(await scene.code())),
  async "a code as JSON"(scene) {
    const body = Object.fromEntries(
      form({
        grant_type: "authorization_code",
        client_id: scene.platform.descriptor.client_id,
        redirect_uri: "http://127.0.0.1:8765/callback",
        code_verifier: "a-verifier-of-forty-three-characters-0123456",
        code: await scene.code(),
      }),
    );
    return scene.token({}, { body });
  },
  "a body that is no JSON": (scene) => scene.token({}, { body: "{", headers: { "content-type": "application/json" } }),
  "an error is JSON whatever is asked for": (scene) =>
    scene.token({ grant_type: "refresh_token", refresh_token: "abc" }, { accept: "text/html" }),
  async "rotation: the old pair is dead at once, a replay does not kill the new one"(scene) {
    const old = await scene.signIn();
    const fresh = await (await scene.refresh(old.refresh_token)).json();
    return [
      await scene.api("auth/tenants", { bearer: old.access_token }),
      await scene.refresh(old.refresh_token),
      await scene.api("auth/tenants", { bearer: fresh.access_token }),
      await scene.refresh(fresh.refresh_token),
    ];
  },
  async "an expired refresh token"(scene) {
    return scene.refresh(await scene.control.expire((await scene.signIn()).refresh_token));
  },
  async "a revoked refresh token; its access token lives on"(scene) {
    const { access_token, refresh_token } = await scene.signIn();
    await scene.control.revoke(refresh_token);
    return [await scene.refresh(refresh_token), await scene.api("auth/tenants", { bearer: access_token })];
  },
  async "the refresh token of an access token that was revoked"(scene) {
    const { access_token, refresh_token } = await scene.signIn();
    await scene.control.revoke(access_token);
    return scene.refresh(refresh_token);
  },
  async "the refresh token of an access token that expired"(scene) {
    const { access_token, refresh_token } = await scene.signIn();
    await scene.control.expire(access_token);
    return scene.refresh(refresh_token);
  },
  "a personal access token is no refresh token": (scene) => scene.refresh(scene.pat("owner")),
  async "a deleted user can renew, and the new token is refused"(scene) {
    const { refresh_token } = await scene.signIn();
    await scene.control.deleteUser(scene.platform.descriptor.users.owner.email);
    const renewed = await scene.refresh(refresh_token);
    const { access_token } = await renewed.clone().json();
    return [renewed, await scene.api("auth/tenants", { bearer: access_token })];
  },
  async "a revoked client can't renew"(scene) {
    const { refresh_token } = await scene.signIn();
    await scene.control.revokeClient();
    return scene.refresh(refresh_token);
  },
  async "new keys: the access token is void, the refresh token is not"(scene) {
    const { access_token, refresh_token } = await scene.signIn();
    await scene.control.replaceKeys();
    return [await scene.api("auth/tenants", { bearer: access_token }), await scene.refresh(refresh_token)];
  },
};
