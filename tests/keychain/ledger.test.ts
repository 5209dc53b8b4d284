import assert from "node:assert/strict";
import { mayHold, note } from "../../src/keychain/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { inFolder, names } from "../support/storage/folder.ts";

const [A, B] = ["https://a.example", "https://b.example:8443"];
const at = (home: string) => ({ ...denoSystem(), env: { HOME: home, USERPROFILE: home } });

Deno.test(
  "the ledger has an origin a line, and goes with the last one",
  inFolder(async (home) => {
    const system = at(home);
    await note(system, A, true);
    await note(system, B, true);
    assert.equal(await Deno.readTextFile(`${home}/.autocom/keychain`), `${A}\n${B}\n`);
    await note(system, A, false);
    assert.deepEqual([await mayHold(system, A), await mayHold(system, B)], [false, true]);
    await note(system, B, false);
    assert.deepEqual(await names(`${home}/.autocom`), []);
  }),
);

for (const text of [`${A}\r\n${B}\r\n`, `\ufeff${A}\n${B}`, `\n ${A} \n\n${B}\n`]) {
  Deno.test(
    `FT-5: a ledger as an editor saves it still says what the keychain may hold: ${JSON.stringify(text)}`,
    inFolder(async (home) => {
      const system = at(home);
      await Deno.mkdir(`${home}/.autocom`, { mode: 0o700 });
      await Deno.writeTextFile(`${home}/.autocom/keychain`, text, { mode: 0o600 });
      assert.deepEqual([await mayHold(system, A), await mayHold(system, B)], [true, true]);
      await note(system, A, false);
      assert.deepEqual([await mayHold(system, A), await mayHold(system, B)], [false, true]);
    }),
  );
}
