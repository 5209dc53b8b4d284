/**
 * The platform under test: the one that AUTOCOM_TEST_PLATFORM describes, else a sandbox of this process's own.
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

/** Opens the platform under test. A descriptor may have a `control`: where {@link Control} is served. */
export async function openPlatform(): Promise<Platform> {
  const file = Deno.env.get("AUTOCOM_TEST_PLATFORM");
  if (!file) return await sandbox();
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

/** A sandbox behind a real socket, so that every platform is asked in the same way. */
export async function sandbox(): Promise<Platform & { control: Control }> {
  const box = await createSandbox();
  const { url, shutdown } = serveSandbox(box);
  return {
    name: "sandbox",
    descriptor: box.descriptor(url),
    control: sandboxControl(box),
    async close() {
      await shutdown();
      box.close();
    },
  };
}
