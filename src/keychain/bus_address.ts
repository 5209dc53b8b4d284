import type { System } from "../system/mod.ts";

/** Longer than any list of addresses that can be reached: a path has 107 bytes. */
const LONGEST = 4_096;

/**
 * Paths of the sockets that the session bus may listen at, in the order in which they are tried: those of the variable,
 * else the one in the user's own folder. https://dbus.freedesktop.org/doc/dbus-specification.html#addresses
 * What is no absolute path (`unix:abstract=`, `tcp:`, `unixexec:`, `autolaunch:`) is not among them.
 */
export async function busPaths({ env, files, host }: Pick<System, "env" | "files" | "host">): Promise<string[]> {
  const { DBUS_SESSION_BUS_ADDRESS: addresses, XDG_RUNTIME_DIR: folder } = env;
  const own = folder?.startsWith("/") ? `${folder}/bus` : undefined;
  if (addresses) return addresses.length > LONGEST ? [] : addresses.split(";").flatMap((one) => pathOf(one, own));
  const info = own && await files.stat(own).catch(() => undefined);
  return info && info.isSocket && info.uid === host.uid ? [own] : [];
}

function pathOf(address: string, own: string | undefined): string[] {
  if (!address.startsWith("unix:")) return [];
  const pairs = Object.fromEntries(address.slice(5).split(",").map((pair) => pair.split(/=(.*)/s)));
  try {
    const path = pairs.runtime === "yes" ? own : decodeURIComponent(pairs.path ?? "");
    return path?.startsWith("/") ? [path] : [];
  } catch {
    return []; // escapes that are no UTF-8
  }
}
