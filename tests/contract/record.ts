/**
 * Records how the platform of AUTOCOM_TEST_PLATFORM answers, into `fixtures/`: `deno task record` starts Laravel for it.
 *
 * @module
 */

import { EXCHANGES } from "./exchanges/mod.ts";
import { openPlatform } from "./platform.ts";
import { perform } from "./perform.ts";
import { Scene } from "./scene.ts";

if (!Deno.env.has("AUTOCOM_TEST_PLATFORM")) throw new Error("the sandbox is held to fixtures, it makes none");
const platform = await openPlatform();
const { control } = platform;
if (!control) throw new Error("only a platform that can be put back is recorded");
const scene = new Scene(platform, control);
for (const [group, exchanges] of Object.entries(EXCHANGES)) {
  const recorded = await perform(scene, exchanges);
  await Deno.writeTextFile(
    new URL(`fixtures/${group}.json`, import.meta.url),
    `${JSON.stringify(recorded, null, 2)}\n`,
  );
  console.log(`${group}: ${Object.keys(recorded).length} exchanges recorded`);
}
await control.reset();
await platform.close();
