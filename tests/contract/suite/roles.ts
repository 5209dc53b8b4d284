/** Each role against each action: what the role allows is done, what it does not is exit 6 and changes nothing. */

import assert from "node:assert/strict";
import seed from "../../platform/seed.json" with { type: "json" };
import type { UserName } from "../../platform/sandbox/mod.ts";
import { execute } from "../../support/harness.ts";
import { outcome, tokenHolder } from "../visitor.ts";
import { ACTIONS, permissionsOf, REST_ACTIONS, type Role } from "./actions.ts";
import type { Suite } from "./mod.ts";

/** A user of acme in each role has the role's name. */
const ROLES = Object.keys(seed.roles) as (Role & UserName)[];

export const roles: Suite = {
  ...Object.fromEntries(
    ROLES.map((role) =>
      [`the ${role} does through REST what the role allows, and no audit row is left`, async (scene) => {
        for (const [name, { permission, path, command, ...ask }] of Object.entries(REST_ACTIONS)) {
          const allowed = permissionsOf(role).includes(permission);
          const before = await scene.control.rows("acme");
          const answer = await scene.api(path, { as: role, tenant: "acme", ...ask });
          assert.equal(answer.ok, allowed, `${name}: ${answer.status}`);
          if (!allowed) assert.deepEqual([answer.status, (await answer.json()).permission], [403, permission], name);
          else await answer.body?.cancel();
          assert.equal(await scene.control.rows("acme") !== before, allowed && ask.method !== "GET", name);
          if (!command) continue;
          await using of = await tokenHolder(scene, role);
          const now = await scene.control.rows("acme");
          const { code, err } = await execute(command, of);
          assert.equal(code, allowed ? 0 : 6, `${command}: ${err}`);
          assert.equal(await scene.control.rows("acme") !== now, allowed && ask.method !== "GET", command);
        }
        assert.deepEqual(await scene.control.audit(), []);
      }] satisfies [string, Suite[string]]
    ),
  ),
  ...Object.fromEntries(
    (["field", "route"] as const).flatMap((GRAPHQL_GATES) =>
      ROLES.map((role) =>
        [
          `the ${role} does what the role allows and nothing else, gates ${
            GRAPHQL_GATES === "field" ? "per field" : "on the route"
          }`,
          async (scene) => {
            await scene.control.set({ GRAPHQL_GATES });
            let before = await scene.control.rows("acme");
            for (const [name, { permission, document, variables, mutation, command }] of Object.entries(ACTIONS)) {
              const allowed = permissionsOf(role).includes(permission);
              const audited = (await scene.control.audit()).length;
              const given = await variables?.(scene);
              const { exit, error } = await outcome(scene, {
                token: scene.pat(role),
                tenant: "acme",
                document,
                variables: given,
              });
              assert.equal(exit, allowed ? 0 : 6, `${name}: ${error?.message}`);
              const rows = (await scene.control.audit()).slice(audited);
              const expected = mutation ? [["acme", allowed ? "ok" : "FORBIDDEN"]] : [];
              assert.deepEqual(rows.map(({ tenant, result }) => [tenant, result]), expected, name);
              if (mutation) {
                const after = await scene.control.rows("acme");
                assert.equal(after !== before, allowed, `business rows after: ${name}`);
                before = after;
              }
              if (!allowed) assert.match(error!.message, new RegExp(`permission "${permission}" is missing`));
              if (!command) continue;
              await using of = await tokenHolder(scene, role);
              const { code, err } = await execute(await command(scene), of);
              assert.equal(code, exit, `${name}: ${err}`);
              if (!mutation) continue;
              const after = await scene.control.rows("acme");
              assert.equal(after !== before, allowed, `business rows after the command: ${name}`);
              before = after;
            }
          },
        ] satisfies [string, Suite[string]]
      )
    ),
  ),
};
