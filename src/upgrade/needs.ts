/**
 * Whether this machine is new enough for a release: asked before anything is downloaded.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { System } from "../system/mod.ts";
import type { Need } from "./manifest.ts";

/** Throws {@link AppError} `config`. What cannot be found out counts as new enough. */
export function checkNeed(
  system: Pick<System, "ffi" | "host" | "installed">,
  version: string,
  need: Need | undefined,
): void {
  const there = need && versionOf(system, need.system);
  if (!there || !isBelow(there, need.version)) return;
  const [wanted, has] = [need.version.join("."), there.join(".")];
  throw new AppError("config", `autocom ${version} needs ${need.system} ${wanted} or newer: this machine has ${has}`, {
    hint: "nothing was downloaded; stay on this version, or upgrade the system",
  });
}

function isBelow(there: readonly number[], wanted: readonly number[]): boolean {
  for (let at = 0; at < wanted.length; at++) {
    const [a, b] = [there[at] ?? 0, wanted[at]!];
    if (a !== b) return a < b;
  }
  return false;
}

function versionOf(
  { ffi, host, installed }: Pick<System, "ffi" | "host" | "installed">,
  system: Need["system"],
): number[] | undefined {
  try {
    if (system === "glibc") return host.os === "linux" ? numbers(glibc(ffi)) : undefined;
    const release = numbers(installed.kernel());
    if (system === "Windows") return host.os === "windows" ? release : undefined;
    return host.os === "darwin" && release ? macOS(release) : undefined;
  } catch {
    return undefined;
  }
}

function numbers(text: string): number[] | undefined {
  const found = /^\d{1,5}(\.\d{1,5}){0,3}/.exec(text)?.[0];
  return found?.split(".").map(Number);
}

/** Darwin 20 is macOS 11, 24 is 15; since then both count alike: 25 is 26. */
function macOS([major = 0, minor = 0]: readonly number[]): number[] {
  if (major < 20) return [10, major - 4];
  return [major < 25 ? major - 9 : major + 1, minor];
}

function glibc(ffi: System["ffi"]): string {
  const library = ffi.dlopen("libc.so.6", { gnu_get_libc_version: { parameters: [], result: "pointer" } });
  try {
    return new ffi.UnsafePointerView(library.symbols.gnu_get_libc_version()!).getCString();
  } finally {
    library.close();
  }
}

/** Where Apple keeps what runs programs for Intel: only on Apple silicon. */
const ROSETTA = "/Library/Apple/usr/libexec/oah/libRosettaRuntime";

/** True for the program for Intel on Apple silicon. */
export async function isTranslated({ files, host }: Pick<System, "files" | "host">): Promise<boolean> {
  if (host.os !== "darwin" || host.arch !== "x86_64") return false;
  return await files.stat(ROSETTA).then(() => true, () => false);
}
