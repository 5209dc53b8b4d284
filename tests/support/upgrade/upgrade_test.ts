/**
 * A test of the compiled program that replaces itself: each gets a machine; all of a file share two built versions.
 *
 * @module
 */

import assert from "node:assert/strict";
import { sha256 } from "../../../build/pinned.ts";
import { RUNTIME } from "../build/tree.ts";
import { missing } from "../programs.ts";
import { Built, type Machine, NEW, OLD } from "./built.ts";

export const ignore = !RUNTIME || Deno.build.os !== "linux";
/** With a mount namespace of its own, as root. */
export const AS_ROOT = !ignore && Deno.uid() === 0 && missing(["unshare", "mount", "setpriv"]).length === 0;
if (!ignore && !AS_ROOT) console.error("SKIPPED: upgrades on other disks and by other users: this needs root");

let made: Promise<Built> | undefined;
let folder: string | undefined;
const built = () => made ??= Built.make().then((all) => (folder = all.folder, all));

export function upgradeTest(
  name: string,
  body: (machine: Machine, built: Built) => Promise<void>,
  without = false,
): void {
  Deno.test({
    name,
    ignore: ignore || without,
    async fn() {
      const all = await built();
      await using machine = await all.machine();
      await body(machine, all);
    },
    sanitizeResources: false, // the server of all of them
    sanitizeOps: false,
  });
}

export const isOneOf = async (machine: Machine) => {
  const hash = await sha256(await Deno.readFile(machine.path));
  const versions = await Promise.all([OLD!, NEW!].map(async (version) => {
    return [await sha256(await Deno.readFile(machine.built.program(version))), version] as const;
  }));
  const found = new Map(versions).get(hash);
  assert.ok(found, "the program is neither the old one nor the new one");
  return found;
};

// The server ends with the process; what was built is not needed any more.
globalThis.addEventListener("unload", () => folder && Deno.removeSync(folder, { recursive: true }));
