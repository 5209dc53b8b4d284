/**
 * One contract for every platform: the sandbox in both its dialects, or whatever AUTOCOM_TEST_PLATFORM describes. What
 * was recorded of Laravel (`deno task record`) is held against each of them, by the version of Passport.
 */

import assert from "node:assert/strict";
import { EXCHANGES } from "./exchanges/mod.ts";
import { perform } from "./perform.ts";
import { fixture, openPlatforms, type Platform } from "./platform.ts";
import { Scene } from "./scene.ts";
import { READING, SUITE } from "./suite/mod.ts";

for (const platform of await openPlatforms()) await contract(platform);

async function contract(platform: Platform): Promise<void> {
  const { control, name: where, descriptor: { passport } } = platform;
  const ignore = !control;
  const scene = new Scene(platform, control!);

  for (const [group, exchanges] of Object.entries(EXCHANGES)) {
    Deno.test({
      name: `${where} answers as recorded: ${group}`,
      ignore,
      async fn(t) {
        const fixtures = JSON.parse(await Deno.readTextFile(fixture(passport, group)));
        const recorded = await perform(scene, exchanges);
        assert.deepEqual(Object.keys(recorded), Object.keys(fixtures), "record them: deno task record");
        for (const [name, answers] of Object.entries(recorded)) {
          await t.step(name, () => assert.deepEqual(answers, fixtures[name]));
        }
      },
    });
  }

  const slow = where.startsWith("sandbox") ? {} : (await import("./suite/slow.ts")).SLOW;

  for (const [name, test] of Object.entries({ ...SUITE, ...slow })) {
    Deno.test({
      name: `${where}: ${name}`,
      ignore: ignore && !Object.hasOwn(READING, name),
      // The platform's socket, and a browser's driver, outlive a test.
      sanitizeOps: false,
      sanitizeResources: false,
      async fn() {
        await control?.reset();
        await test(scene);
      },
    });
  }

  Deno.test.afterAll(async () => {
    await control?.reset();
    await platform.close();
  });
}
