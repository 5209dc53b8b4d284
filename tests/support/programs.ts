/**
 * The system's programs that tests start, and whether they are there. Administrators' programs (`chroot`, on some systems
 * `ip`) lie in folders that an ordinary user's PATH lacks: tests look there too.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";

/** Folders of programs: this process's, then those of administrators. */
export const PATH = searchPath(Deno.env.get("PATH") ?? "");

/** That PATH with the administrators' folders behind it. */
export function searchPath(path: string): string {
  if (Deno.build.os === "windows") return path;
  const folders = path.split(":").filter(Boolean);
  return [...folders, ...["/usr/sbin", "/sbin"].filter((folder) => !folders.includes(folder))].join(":");
}

/** Those of the programs that are in no folder of the PATH. */
export function missing(programs: readonly string[], path = PATH): string[] {
  const folders = path.split(":");
  return programs.filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
}

/** What makes `unshare` and `nsenter` work for others than root, where the kernel lets them be root in a namespace. */
export const AS_ROOT = Deno.build.os === "windows" || Deno.uid() === 0 ? [] : ["--map-root-user"];

/** True when this process may make mounts of its own, behind `unshare -m` with {@link AS_ROOT}. */
export async function canMount(): Promise<boolean> {
  if (Deno.build.os !== "linux" || missing(["unshare", "mount"]).length > 0) return false;
  return (await new Deno.Command("unshare", { args: ["-m", ...AS_ROOT, "true"], stderr: "null" }).output()).success;
}
