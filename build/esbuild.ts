/**
 * The bundler under `deno bundle`. Deno fetches it from npm by itself, past deno.lock: so the build puts it in Deno's
 * cache first, with a hash of its own, and refuses one that is there already and differs.
 *
 * @module
 */

import { join } from "node:path";
import { npmFile, pinned } from "./pinned.ts";
import { BuildError } from "./process.ts";

/** What Deno 2.7.11 and 2.9.6 ask for; a test shows that `deno bundle` runs the file at {@link esbuildPath}. */
const VERSION = "0.25.5";

/** Deno's name for it in its cache: from 2.9 on another one, for the same bytes. */
const FOLDER = /^2\.[0-8]\./.test(Deno.version.deno) ? `esbuild-${VERSION}` : `esbuild-${VERSION}-1`;

/** SHA-256 of the executable in `@esbuild/<host>`. */
const HOSTS: Readonly<Record<string, string>> = {
  "linux-x64": "3331e0b23c99d93d9a39e436a4838de40ca1c95ac3bcbd9874ba169d8545b634",
  "linux-arm64": "d6d656d9326ce1c55c01f73604a3cffda35c63cce60016e9ed795ac91cd1e67d",
  "darwin-x64": "e7b2a105f88836f1e080a76180e5cd8e59d1c22f6575d63f5a77a104954c427e",
  "darwin-arm64": "58d144357454bca840167171380785b133b1e5e682d0c51afa8c80158bfd3f8a",
  "win32-x64": "889543031385fb79a28b09a5611a3a03f913beb5a608c7de29390c13f1030994",
  "win32-arm64": "34dd62536675871311e6e0d2bf9917f5671f3ecee695205dc4eaf649947348e7",
};

/** Makes sure that the esbuild which `deno bundle` is going to run is the pinned one. */
export async function pinEsbuild(denoDir: string): Promise<void> {
  const expected = HOSTS[host()];
  if (!expected) throw new BuildError(`no esbuild is pinned for this host, ${host()}`);
  const file = Deno.build.os === "windows" ? "esbuild.exe" : "bin/esbuild";
  await pinned(esbuildPath(denoDir), expected, () => npmFile(`@esbuild/${host()}`, VERSION, file));
}

/** Where `deno bundle` looks for it. */
export function esbuildPath(denoDir: string): string {
  return join(denoDir, "dl", FOLDER, `esbuild-${host()}${Deno.build.os === "windows" ? ".exe" : ""}`);
}

function host(): string {
  const os = Deno.build.os === "windows" ? "win32" : Deno.build.os;
  return `${os}-${Deno.build.arch === "aarch64" ? "arm64" : "x64"}`;
}
