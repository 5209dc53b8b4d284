/**
 * The platforms under test: the one that AUTOCOM_TEST_PLATFORM describes, else a sandbox of each dialect, of this
 * process's own.
 *
 * @module
 */

import { type Control, remoteControl } from "../platform/control.ts";
import { sandboxControl } from "../platform/sandbox/control.ts";
import { createSandbox, type Descriptor, serveSandbox } from "../platform/sandbox/mod.ts";

export interface Platform {
  /** For the names of tests. */
  readonly name: string;
  readonly descriptor: Descriptor;
  /** Undefined for a platform that nobody can put back. */
  readonly control: Control | undefined;
  close(): Promise<void>;
}

export async function openPlatforms(): Promise<Platform[]> {
  const file = Deno.env.get("AUTOCOM_TEST_PLATFORM");
  return file ? [await described(file)] : [await sandbox(13), await sandbox(12)];
}

/** The platform that a descriptor describes. It may have a `control`: where {@link Control} is served. */
export async function described(file: string): Promise<Platform> {
  const { control, ...descriptor }: Descriptor & { control?: string } = JSON.parse(await Deno.readTextFile(file));
  if (!control) {
    console.error(`SKIPPED: all but logins at ${descriptor.url}: its descriptor names no control to put it back with`);
  }
  return {
    name: new URL(descriptor.url).host,
    descriptor,
    control: control ? remoteControl(control) : undefined,
    close: () => Promise.resolve(),
  };
}

/** What was recorded of Laravel with that version of Passport: a file for each group of exchanges. */
export const fixture = (passport: 13 | 12, group: string): URL =>
  new URL(`fixtures/${passport === 13 ? "" : "passport12/"}${group}.json`, import.meta.url);

/** A sandbox behind a real socket, so that every platform is asked in the same way; of that dialect. */
export async function sandbox(passport: 13 | 12 = 13): Promise<Platform & { control: Control }> {
  const box = await createSandbox({ passport });
  const { url, shutdown } = serveSandbox(box);
  return {
    name: passport === 13 ? "sandbox" : `sandbox of Passport ${passport}`,
    descriptor: box.descriptor(url),
    control: sandboxControl(box),
    async close() {
      await shutdown();
      box.close();
    },
  };
}
