import type { System } from "../system/mod.ts";

/**
 * Paths of the sockets that the session bus may listen at, in the order in which they are tried: those of the variable,
 * else the one in the user's own folder. https://dbus.freedesktop.org/doc/dbus-specification.html#addresses
 * What is no path (`unix:abstract=`, `tcp:`, `unixexec:`, `autolaunch:`) is not among them.
 */
export async function busPaths({ env, files, host }: Pick<System, "env" | "files" | "host">): Promise<string[]> {
  const { DBUS_SESSION_BUS_ADDRESS: addresses, XDG_RUNTIME_DIR: folder } = env;
  const own = `${folder}/bus`;
  if (addresses) return addresses.slice(0, 4_096).split(";").flatMap((address) => pathOf(address, folder && own));
  if (!folder) return [];
  const info = await files.stat(own).catch(() => undefined);
  return info?.isSocket && info.uid === host.uid ? [own] : [];
}

function pathOf(address: string, own?: string): string[] {
  if (!address.startsWith("unix:")) return [];
  const pairs = Object.fromEntries(address.slice(5).split(",").map((pair) => pair.split(/=(.*)/s)));
  try {
    const path = pairs.runtime === "yes" ? own : decodeURIComponent(pairs.path ?? "");
    return path?.startsWith("/") ? [path] : [];
  } catch {
    return [];
  }
}
