/** Many programs at once. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileName } from "../../../build/targets.ts";
import { build, HOST, ROOT, RUNTIME } from "../../support/build/tree.ts";
import type { Suite } from "./mod.ts";

const CROWD = 40;
const binary = join(ROOT, "dist", fileName(HOST));

const tests: Suite = {
  async [`${CROWD} programs at once, two tenants in turn: every answer belongs to the tenant that asked`](scene) {
    if (!existsSync(binary)) await build(ROOT, []);
    const { url } = scene.platform.descriptor;
    const home = await Deno.makeTempDir({ prefix: "autocom-" });
    const orders = async (tenant: string) => {
      const query = "{ orders(per_page: 100) { data { id } } }";
      const { data } = await (await scene.graphql(query, { tenant })).json();
      return data.orders.data.map(({ id }: { id: string }) => id).slice(0, 50);
    };
    const expected = { acme: await orders("acme"), globex: await orders("globex") };
    const ask = async (tenant: "acme" | "globex") => {
      const env = {
        HOME: home,
        AUTOCOM_API_URL: `${url}/api/v1`,
        AUTOCOM_TENANT: tenant,
        AUTOCOM_TOKEN: scene.pat("owner"),
      };
      const args = ["orders", "list", "--per-page", "50", "-o", "json"];
      const { code, stdout, stderr } = await new Deno.Command(binary, { args, env, clearEnv: true }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      const ids = JSON.parse(new TextDecoder().decode(stdout)).map(({ id }: { id: string }) => id);
      assert.deepEqual(ids, expected[tenant]);
    };
    try {
      await Promise.all(Array.from({ length: CROWD }, (_, n) => ask(n % 2 ? "acme" : "globex")));
    } finally {
      await Deno.remove(home, { recursive: true });
    }
  },
};

export const crowd: Suite = RUNTIME ? tests : {}; // why not was said already
