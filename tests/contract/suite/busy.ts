/** Limits, maintenance in all its forms, and values that the platform refuses. */

import assert from "node:assert/strict";
import type { Maintenance } from "../../platform/control.ts";
import { execute } from "../../support/harness.ts";
import { outcome, tokenHolder } from "../visitor.ts";
import type { Suite } from "./mod.ts";

/** What the program says of each form; a redirect or a page is no answer of an API. */
const DOWN: Record<Maintenance, RegExp> = {
  down: /is not available: Service Unavailable.*\nhint: try again later/,
  retry: /is not available: Service Unavailable.*\nhint: try again in 60 s/,
  render: /is not available: status 503/,
  redirect: /a redirect to .* which is not followed/,
  status500: /Service Unavailable/,
};

export const busy: Suite = {
  ...Object.fromEntries(
    Object.entries(DOWN).map(([form, said]) =>
      [
        `down for maintenance (${form}) is exit 11 for every command, and over when it is over`,
        async (scene) => {
          await using of = await tokenHolder(scene, "owner");
          await scene.control.down(form as Maintenance);
          for (const command of ["orders list -q", "whoami --refresh", "tenants list"]) {
            const { code, out, err } = await execute(command, of);
            assert.deepEqual([code, out], [11, ""], `${command}: ${err}`);
            assert.match(err, said);
          }
          await scene.control.reset();
          assert.equal((await execute("orders list -q", of)).code, 0);
        },
      ] satisfies [string, Suite[string]]
    ),
  ),

  ...Object.fromEntries(
    (["field", "route"] as const).map((GRAPHQL_GATES) =>
      [
        `too many requests are exit 9, which says when to come back, gates ${GRAPHQL_GATES}`,
        async (scene) => {
          await using of = await tokenHolder(scene, "owner");
          await scene.control.set({ API_RATE: "1", GRAPHQL_GATES });
          assert.equal((await execute("orders list -q", of)).code, 0);
          for (const command of ["orders list -q", "whoami --refresh", "tenants list"]) {
            const { code, err } = await execute(command, of);
            assert.equal(code, 9, err);
            assert.match(err, /limits the rate of requests.*\nhint: try again in (5\d|60) s/);
          }
        },
      ] satisfies [string, Suite[string]]
    ),
  ),

  async "values that the platform refuses are exit 8, each with its field"(scene) {
    const who = { token: scene.pat("owner"), tenant: "acme" };
    for (
      const [document, fields] of [
        ["{ orders(per_page: 1000) { data { id } } }", ["per_page"]],
        ['{ orders(customer_id: "5", per_page: 1000) { data { id } } }', ["customer_id", "per_page"]],
        ['{ orders(from: "2026-02-30") { data { id } } }', ["from"]],
        ['{ orders(customer_id: "5") { data { id } } }', ["customer_id"]],
      ] as const
    ) {
      const { exit, error } = await outcome(scene, { ...who, document });
      assert.equal(exit, 8);
      assert.deepEqual(Object.keys(error!.fields!), fields);
    }
    await using of = await tokenHolder(scene, "owner");
    const { code, out, err } = await execute(["orders", "list", "--customer", "5", "-o", "json"], of);
    assert.deepEqual([code, out], [8, ""], err);
  },

  async "a document that the schema refuses is exit 8 and names doctor"(scene) {
    const { exit, error } = await outcome(scene, {
      token: scene.pat("owner"),
      tenant: "acme",
      document: "{ orders { data { nope } } }",
    });
    assert.equal(exit, 8);
    assert.match(error!.hint!, /autocom doctor/);
  },

  async "what the platform cannot find is exit 7"(scene) {
    await using of = await tokenHolder(scene, "owner");
    for (const id of ["00000000-0000-4000-8000-000000000000", "ORD-20260101-9999"]) {
      const { code, err } = await execute(["orders", "get", id], of);
      assert.equal(code, 7, err);
    }
  },
};
