/** Holds the sandbox to what Laravel answered: `deno task record` writes the fixtures. */

import assert from "node:assert/strict";
import { EXCHANGES } from "./exchanges/mod.ts";
import { perform } from "./perform.ts";
import { sandbox } from "./platform.ts";
import { Scene } from "./scene.ts";

for (const [group, exchanges] of Object.entries(EXCHANGES)) {
  Deno.test(`the sandbox answers as Laravel did: ${group}`, async (t) => {
    const fixtures = JSON.parse(await Deno.readTextFile(new URL(`fixtures/${group}.json`, import.meta.url)));
    const platform = await sandbox();
    try {
      const recorded = await perform(new Scene(platform, platform.control), exchanges);
      assert.deepEqual(Object.keys(recorded), Object.keys(fixtures), "deno task record");
      for (const [name, answers] of Object.entries(recorded)) {
        await t.step(name, () => assert.deepEqual(answers, fixtures[name]));
      }
    } finally {
      await platform.close();
    }
  });
}
