/** Sessions that end, are renewed, or were renewed by somebody else. */

import assert from "node:assert/strict";
import { autocom, execute, type World } from "../../support/harness.ts";
import type { Scene } from "../scene.ts";
import { kept, loggedInAt, tamper } from "../visitor.ts";
import type { Suite } from "./mod.ts";

const ORDERS = "orders list --per-page 1 -q";
const LISTED = /^ORDER\t.*\nORD-/;
/** A minute ago, in seconds. */
const past = () => Math.floor(Date.now() / 1000) - 60;

/** The access token's time is over, here and at the platform. */
async function ends(scene: Scene, of: World): Promise<void> {
  const access_token = await scene.control.expire(String(kept(of).access!.access_token));
  tamper(of, "access", { access_token, expires_at: past() });
}

const refreshToken = (of: World) => String(kept(of).refresh!.refresh_token);

export const session: Suite = {
  async "a token that has ended is renewed, and the pair before it is dead at once"(scene) {
    await using of = await loggedInAt(scene);
    const old = kept(of);
    await ends(scene, of);
    await autocom(ORDERS, { out: LISTED }, of);
    assert.notEqual(refreshToken(of), old.refresh!.refresh_token);
    assert.equal((await scene.api("auth/tenants", { bearer: String(old.access!.access_token) })).status, 401);
    await scene.isDead(String(old.refresh!.refresh_token));
    await autocom(ORDERS, { out: LISTED }, of); // the replay did not kill the new pair
  },

  async "a token that the platform ended early is renewed after the 401"(scene) {
    await scene.control.set({ GRAPHQL_GATES: "route" });
    await using of = await loggedInAt(scene);
    await scene.control.revoke(String(kept(of).access!.access_token));
    await autocom(ORDERS, { out: LISTED }, of);
  },

  async "where gates stand per field there is no 401: exit 4, and auth refresh mends it"(scene) {
    await using of = await loggedInAt(scene);
    await scene.control.revoke(String(kept(of).access!.access_token));
    await autocom(ORDERS, { code: 4, err: /did not accept the token.*\nhint: autocom auth refresh/ }, of);
    await autocom("auth refresh", { err: /./ }, of);
    await autocom(ORDERS, { out: LISTED }, of);
  },

  async "a refresh token that another program used ends the session, once, with 4"(scene) {
    await using of = await loggedInAt(scene);
    const taken = await (await scene.refresh(refreshToken(of))).json();
    tamper(of, "access", { expires_at: past() });
    await autocom(ORDERS, { code: 4, err: /was refused by the server/ }, of);
    assert.deepEqual(kept(of), {});
    assert.equal((await scene.api("auth/tenants", { bearer: taken.access_token })).status, 200);
  },

  async "an expired refresh token ends the session with 4"(scene) {
    await using of = await loggedInAt(scene);
    tamper(of, "refresh", { refresh_token: await scene.control.expire(refreshToken(of)) });
    tamper(of, "access", { expires_at: past() });
    await autocom(ORDERS, { code: 4, err: /was refused by the server/ }, of);
    assert.deepEqual(kept(of), {});
  },

  async "of a deleted user the new token is refused too: one renewal, then 4"(scene) {
    await using of = await loggedInAt(scene);
    await scene.control.deleteUser(scene.platform.descriptor.users.owner.email);
    tamper(of, "access", { expires_at: past() });
    await autocom(ORDERS, { code: 4, err: /did not accept the token/ }, of);
  },

  async "a revoked client is exit 1, and the session is kept"(scene) {
    await using of = await loggedInAt(scene);
    await scene.control.revokeClient();
    tamper(of, "access", { expires_at: past() });
    const before = JSON.stringify(of.keychain.items);
    const { code, err } = await execute(ORDERS, of);
    assert.equal(code, 1, err);
    assert.match(err, /client/);
    assert.equal(JSON.stringify(of.keychain.items), before);
  },

  async "new keys at the platform cost one renewal"(scene) {
    await using of = await loggedInAt(scene);
    await scene.control.replaceKeys();
    tamper(of, "access", { expires_at: past() });
    await autocom(ORDERS, { out: LISTED }, of);
  },

  async "while the platform is down, or too busy, a session is not lost"(scene) {
    for (
      const [trouble, exit] of [
        [() => scene.control.down("down"), 11],
        [() => scene.control.down("render"), 11],
        [() => scene.control.down("redirect"), 11],
        [() => scene.control.set({ TOKEN_RATE: "1" }).then(() => scene.refresh("abc")), 9],
      ] as const
    ) {
      await scene.control.reset();
      await using of = await loggedInAt(scene);
      tamper(of, "access", { expires_at: past() });
      const before = JSON.stringify(of.keychain.items);
      await trouble();
      const { code, err } = await execute(ORDERS, of);
      assert.equal(code, exit, err);
      assert.equal(JSON.stringify(of.keychain.items), before);
    }
  },
};
