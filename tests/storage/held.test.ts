import assert from "node:assert/strict";
import { holdFirmly } from "../../src/storage/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { Clock, Files } from "../../src/system/mod.ts";
import { inFolder } from "../support/storage/folder.ts";
import { refuses } from "../support/storage/refuses.ts";

const system = denoSystem();

/** The system refuses one call on every file with what Windows says of a region that is locked (error 33). */
const refusing = (call: "unlock" | "write") => {
  const openSync: Files["openSync"] = (path, options) => {
    const file = Deno.openSync(path, options);
    const refuse = () =>
      Promise.reject(Object.assign(new Error("The region is locked. (os error 33)"), { code: "EBUSY" }));
    return Object.assign(file, { [call]: refuse });
  };
  return { ...system, files: { ...system.files, openSync } };
};

Deno.test(
  "what is written is written, also where the system cannot give the lock back before the file is closed",
  inFolder(async (folder) => {
    const held = await holdFirmly(refusing("unlock"), `${folder}/f`);
    assert.equal(await held.write("the new text"), true);
    held.close();
    assert.equal(await Deno.readTextFile(`${folder}/f`), "the new text");
    const again = await holdFirmly(system, `${folder}/f`);
    assert.equal(await again.write("another"), true, "the lock is free");
    again.close();
  }),
);

Deno.test(
  "what is not written is said",
  inFolder(async (folder) => {
    const held = await holdFirmly(refusing("write"), `${folder}/f`);
    await refuses(held.write("x"), /cannot write .*EBUSY/);
    held.close();
  }),
);

Deno.test(
  "who was told to keep it waits for another program, no longer than said, and says so",
  inFolder(async (folder) => {
    const path = `${folder}/f`;
    const other = await Deno.open(path, { write: true, create: true, mode: 0o600 });
    await other.lock(true);
    let slept = 0;
    const clock: Clock = { ...system.clock, sleep: (ms) => Promise.resolve(void (slept += ms)) };
    const held = await holdFirmly({ ...system, clock }, path);
    await refuses(held.write("mine"), /cannot write .*another autocom holds it, for more than 5 s/, /fuser/);
    assert.ok(slept >= 5_000 && slept < 6_000, `${slept} ms`);
    assert.equal(await Deno.readTextFile(path), "");
    clock.sleep = () => other.unlock();
    assert.equal(await held.write("mine"), true);
    held.close();
    other.close();
    assert.equal(await Deno.readTextFile(path), "mine");
  }),
);
