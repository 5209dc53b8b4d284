import type { System } from "../system/mod.ts";
import { Patience, type Waiting } from "./patience.ts";
import { SecretTool, TOOL } from "./secret_tool.ts";
import type { Keychain } from "./store.ts";
import { Verified } from "./verified.ts";

/**
 * The Secret Service (GNOME Keyring, KWallet, KeePassXC): through `secret-tool` where it is installed, else through the
 * library that it is made of. A dialog of the service's needs a screen as well as a person.
 */
export async function open(
  name: string,
  system: Pick<System, "files" | "spawn" | "ffi" | "env" | "clock">,
  waiting?: Waiting,
): Promise<Keychain> {
  const { DISPLAY, WAYLAND_DISPLAY } = system.env;
  const patience = new Patience(system.clock, DISPLAY || WAYLAND_DISPLAY ? waiting : undefined);
  const installed = await system.files.stat(TOOL).then(() => true, () => false);
  const library = installed ? undefined : (await import("./libsecret.ts")).loadLibsecret(system, patience);
  return new Verified(name, library ?? new SecretTool(system, patience), patience.somebody);
}
