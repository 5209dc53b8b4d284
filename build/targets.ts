/**
 * The platforms of a release.
 *
 * @module
 */

import { type Platform, PLATFORMS } from "../src/upgrade/targets.ts";
import { BuildError } from "./process.ts";

export interface Target extends Platform {
  /** Name of its permission set in deno.json. */
  permissions: "linux" | "macos" | "windows";
  /** Suffix of its package on npm. */
  npm: string;
  /** SHA-256 of the runtime that `fromNpm` in runtime.ts makes. On Linux it is Deno's official one, byte for byte. */
  npmRuntime: string;
  /** What a start loads is embedded as bytecode, too. Every host of a build must run this target's runtime. */
  bytecode?: true;
}

const BUILDS: readonly (Omit<Target, keyof Platform> & Pick<Platform, "triple">)[] = [
  {
    triple: "x86_64-unknown-linux-gnu",
    permissions: "linux",
    npm: "linux-x64",
    npmRuntime: "237f4a83881e3655ee97afccaf10991a2c971ed5f4cf3fc5d3234091f153eead",
    bytecode: true,
  },
  {
    triple: "aarch64-unknown-linux-gnu",
    permissions: "linux",
    npm: "linux-arm64",
    npmRuntime: "0947ed5b46c699d2f5d7be58e69fa179ebb6fd79698f0fbb1b075d4e2347833e",
  },
  {
    triple: "x86_64-apple-darwin",
    permissions: "macos",
    npm: "darwin-x64",
    npmRuntime: "e86ac250d3df9ba889bcea67e6f0f1152cde3cf560742b681407387a3d597cb7",
  },
  {
    triple: "aarch64-apple-darwin",
    permissions: "macos",
    npm: "darwin-arm64",
    npmRuntime: "cf3889d7ec30ab91f68d9b09c1a4fd3f2d1050a1a725c2f995459c1873f15b9a",
  },
  {
    triple: "x86_64-pc-windows-msvc",
    permissions: "windows",
    npm: "win32-x64",
    npmRuntime: "f61a8733b07d8fe6746543e8c602a0f583cd9baa591a94d63ea59c2349a7ef85",
  },
];

export const TARGETS: readonly Target[] = PLATFORMS.map((platform) => ({
  ...platform,
  ...BUILDS.find(({ triple }) => triple === platform.triple)!,
}));

/** The target of that name. Throws {@link BuildError} with the list of all. */
export function targetOf(triple: string): Target {
  const target = TARGETS.find((row) => row.triple === triple);
  if (target) return target;
  throw new BuildError(`unknown target "${triple}": one of ${TARGETS.map((row) => row.triple).join(", ")}`);
}

/** Name of the built file, e.g. `autocom-x86_64-pc-windows-msvc.exe`. */
export function fileName(target: Target): string {
  return `autocom-${target.triple}${target.permissions === "windows" ? ".exe" : ""}`;
}
