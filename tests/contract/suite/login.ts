/** Login in all flows, and what is left of a login that did not happen. */

import assert from "node:assert/strict";
import { walkAuthorize } from "../../platform/browser.ts";
import { autocom, execute, type World } from "../../support/harness.ts";
import { browserAs, kept, loggedInAt, visitor } from "../visitor.ts";
import type { Suite } from "./mod.ts";

const WHO = /^name\tOwner Example\n|owner@example\.test/m;

async function works(of: World): Promise<void> {
  await autocom("whoami --refresh", { out: WHO }, of);
  await autocom("orders list --per-page 1 -q", { out: /^ORDER\t.*\nORD-\d{8}-\d{4}\t/ }, of);
}

/** What is typed once the address is on the screen. */
async function* typed(of: () => World, line: () => Promise<string>) {
  while (!/\/oauth\/authorize\?/.test(of().seen.stderr)) await new Promise((resolve) => setTimeout(resolve, 1));
  yield `${await line()}\r`;
}

export const login: Suite = {
  async "a login in the browser, then no command needs a flag"(scene) {
    await using of = await loggedInAt(scene);
    of.env = { HOME: of.home, DISPLAY: ":0" };
    await works(of);
  },

  async "Cancel in the browser ends a login with 4, and nothing is kept"(scene) {
    await using of = await visitor(scene, { browser: browserAs(scene, "owner", "deny"), env: { DISPLAY: ":0" } });
    const { code, err } = await execute("auth login --tenant acme", of);
    assert.equal(code, 4, err);
    assert.match(err, /denied/);
    assert.deepEqual(kept(of), {});
  },

  async "a login without a browser takes the pasted address"(scene) {
    await using of: World = await visitor(scene, { terminal: { stdin: true, stderr: true } });
    const { owner } = scene.platform.descriptor.users;
    of.stdin = typed(() => of, () => {
      const url = /http:\/\/\S+\/oauth\/authorize\?\S+/.exec(of.seen.stderr)![0];
      return walkAuthorize((request) => fetch(request), url, owner);
    });
    const { code, err } = await execute("auth login --no-browser --tenant acme", of);
    assert.equal(code, 0, err);
    await works(of);
  },

  async "a personal access token from stdin is kept and used"(scene) {
    await using of = await visitor(scene, { stdin: `${scene.pat("owner")}\n` });
    const { code, err } = await execute("auth login --token-stdin --tenant acme", of);
    assert.equal(code, 0, err);
    assert.equal(kept(of).access!.kind, "pat");
    await works(of);
  },

  async "a personal access token as an argument is kept and used"(scene) {
    await using of = await visitor(scene);
    const { code, err } = await execute(["auth", "login", "--with-token", scene.pat("owner"), "--tenant", "acme"], of);
    assert.equal(code, 0, err);
    await works(of);
  },

  async "a token that the platform does not know is exit 4, and nothing is kept"(scene) {
    await using of = await visitor(scene, { stdin: `${scene.pat("owner").slice(0, -4)}AAAA\n` });
    const { code, err } = await execute("auth login --token-stdin --tenant acme", of);
    assert.equal(code, 4, err);
    assert.deepEqual(kept(of), {});
  },

  async "AUTOCOM_TOKEN needs no login"(scene) {
    await using of = await visitor(scene, { env: { AUTOCOM_TOKEN: scene.pat("owner"), AUTOCOM_TENANT: "acme" } });
    await works(of);
    assert.deepEqual(kept(of), {});
  },

  async "the only tenant of a user is used; of several none, exit 5; of none, exit 5"(scene) {
    for (const [user, exit] of [["manager", 0], ["admin", 5], ["nobody", 5]] as const) {
      await using of = await visitor(scene, { browser: browserAs(scene, user), env: { DISPLAY: ":0" } });
      const { code, err } = await execute("auth login", of);
      assert.equal(code, exit, err);
      assert.equal(kept(of).access!.kind, "oauth");
    }
  },

  async "a login for a tenant of others, or a suspended one, is exit 5"(scene) {
    for (const [user, tenant] of [["outsider", "acme"], ["owner", "initech"], ["owner", "nowhere"]] as const) {
      await using of = await visitor(scene, { browser: browserAs(scene, user), env: { DISPLAY: ":0" } });
      const { code, err } = await execute(`auth login --tenant ${tenant}`, of);
      assert.equal(code, 5, err);
    }
  },

  async "a logout ends the session at the platform, both tokens of it"(scene) {
    await using of = await loggedInAt(scene);
    const { access, refresh } = kept(of);
    await autocom("auth logout", { err: /./ }, of);
    assert.deepEqual(kept(of), {});
    assert.equal((await scene.api("auth/tenants", { bearer: String(access!.access_token) })).status, 401);
    await scene.isDead(String(refresh!.refresh_token));
  },

  "tenants list names the tenants of the user alone": async (scene) => {
    for (const user of ["owner", "manager", "outsider"] as const) {
      await using of = await visitor(scene, { env: { AUTOCOM_TOKEN: scene.pat(user) } });
      const { out } = await execute("tenants list -o json", of);
      const slugs = JSON.parse(out).map(({ id }: { id: string }) => id);
      assert.deepEqual(slugs, Object.keys(scene.platform.descriptor.users[user].tenants), user);
    }
  },

  async "doctor finds nothing wrong: the server answers, the session works, every document fits the schema"(scene) {
    await using of = await loggedInAt(scene);
    const { code, out, err } = await execute("doctor -o json", of);
    assert.equal(code, 0, `${out}${err}`);
  },
};
