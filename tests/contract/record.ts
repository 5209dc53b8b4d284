/**
 * Records how the platform of AUTOCOM_TEST_PLATFORM answers, into `fixtures/`: `deno task record` starts Laravel for it.
 *
 * @module
 */

import { EXCHANGES } from "./exchanges/mod.ts";
import { described, fixture } from "./platform.ts";
import { perform } from "./perform.ts";
import { Scene } from "./scene.ts";

const file = Deno.env.get("AUTOCOM_TEST_PLATFORM");
if (!file) throw new Error("the sandbox is held to fixtures, it makes none");
const platform = await described(file);
const { control } = platform;
if (!control) throw new Error("only a platform that can be put back is recorded");
const scene = new Scene(platform, control);
for (const [group, exchanges] of Object.entries(EXCHANGES)) {
  const recorded = await perform(scene, exchanges);
  await Deno.writeTextFile(
    fixture(platform.descriptor.passport, group),
    `${JSON.stringify(recorded, null, 2)}\n`,
  );
  console.log(`${group}: ${Object.keys(recorded).length} exchanges recorded`);
}
await control.reset();
await platform.close();
