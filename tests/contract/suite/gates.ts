/** Which gate refused is the exit code: 4 before 5 before 6, in every mode. */

import assert from "node:assert/strict";
import type { Switches } from "../../platform/control.ts";
import { execute } from "../../support/harness.ts";
import { REFUSED_TOKENS } from "../exchanges/refusals.ts";
import { outcome, visitor } from "../visitor.ts";
import type { Suite } from "./mod.ts";

const MODES: Switches[] = (["field", "route"] as const).flatMap((GRAPHQL_GATES) =>
  (["handler", "stock"] as const).map((ERRORS) => ({ GRAPHQL_GATES, ERRORS }))
);
const nameOf = ({ GRAPHQL_GATES, ERRORS }: Switches) =>
  `${GRAPHQL_GATES === "field" ? "per field" : "on the route"}, ${
    ERRORS === "stock" ? "the packages' own" : "rendered"
  } errors`;

const AUDIT = "{ audit_log(per_page: 1) { data { id } } }";

/** Tenants that are not good for the viewer, whose only tenant is acme. */
const BAD_TENANTS = ["nowhere", "ACME", "globex", "initech"];

export const gates: Suite = {
  ...Object.fromEntries(MODES.map((mode) =>
    [`exit codes of the three gates, ${nameOf(mode)}`, async (scene) => {
      await scene.control.set(mode);
      // A bare 500 says nothing of a tenant: stancl/tenancy's own way to miss one.
      const bare = mode.GRAPHQL_GATES === "route" && mode.ERRORS === "stock";
      const ask = (token: string, tenant: string) => outcome(scene, { token, tenant, document: AUDIT });
      for (const tenant of ["acme", ...BAD_TENANTS]) {
        assert.equal((await ask("unknown", tenant)).exit, 4, `a bad token, ${tenant}`);
        const unheardOf = tenant === "nowhere" || tenant === "ACME";
        const expected = tenant === "acme" ? 6 : bare && unheardOf ? 11 : 5;
        const { exit, error } = await ask(scene.pat("viewer"), tenant);
        assert.equal(exit, expected, `a good token, ${tenant}, no permission: ${error?.message}`);
        if (exit === 6) assert.match(error!.message, /permission "admin\.audit_log" is missing/);
      }
      assert.equal((await ask(scene.pat("owner"), "acme")).exit, 0);
    }] satisfies [string, Suite[string]]
  )),

  ...Object.fromEntries(MODES.map((mode) =>
    [`orders list at the first two gates, ${nameOf(mode)}`, async (scene) => {
      await scene.control.set(mode);
      const bare = mode.GRAPHQL_GATES === "route" && mode.ERRORS === "stock";
      for (
        const [token, tenant, exit] of [
          ["", "acme", 4],
          ["unknown", "acme", 4],
          ["unknown", "nowhere", 4],
          [scene.pat("owner"), "", bare ? 11 : 5],
          [scene.pat("owner"), "nowhere", bare ? 11 : 5],
          [scene.pat("owner"), "initech", 5],
          [scene.pat("outsider"), "acme", 5],
          [scene.pat("nobody"), "acme", 5],
          [scene.pat("owner"), "acme", 0],
        ] as const
      ) {
        await using of = await visitor(scene, { env: { AUTOCOM_TOKEN: token, AUTOCOM_TENANT: tenant } });
        const { code, out, err } = await execute("orders list --per-page 1 -o json", of);
        assert.equal(code, exit, `${token.slice(0, 8)}, "${tenant}": ${err}`);
        assert.equal(out === "", exit !== 0);
        if (exit) assert.equal(JSON.parse(err).error.exit, exit);
      }
    }] satisfies [string, Suite[string]]
  )),

  ...Object.fromEntries(
    Object.entries(REFUSED_TOKENS).filter(([name]) => name !== "an empty token").map(([name, make]) =>
      [
        `${name} is exit 4, for REST and for GraphQL`,
        async (scene) => {
          const token = await make(scene);
          await using of = await visitor(scene, { env: { AUTOCOM_TOKEN: token, AUTOCOM_TENANT: "acme" } });
          for (const command of ["whoami --refresh", "orders list", "tenants list"]) {
            const { code, out, err } = await execute(command, of);
            assert.deepEqual([code, out], [4, ""], `${command}: ${err}`);
            assert.ok(!err.includes(token), "the token is shown");
          }
        },
      ] satisfies [string, Suite[string]]
    ),
  ),
};
