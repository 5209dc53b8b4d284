/**
 * What this program knows of itself: all of it stamped by the build.
 *
 * @module
 */

import { userAgent } from "../api/mod.ts";
import { VERSION } from "../build_info.ts";
import { AppError } from "../errors.ts";
import type { System } from "../system/mod.ts";
import { RELEASE_KEYS, RELEASES, RUNTIME } from "./stamps.ts";
import { type Platform, platformOf } from "./targets.ts";

export interface Own {
  readonly version: string;
  readonly platform: Platform;
  /** GitLab's API address of the project. */
  readonly releases: string;
  /** minisign public keys. */
  readonly keys: readonly string[];
  /** SHA-256 of the runtime under it; empty when unknown. */
  readonly runtime: string;
  /** All that a release server is told. */
  readonly userAgent: string;
}

/** Undefined for a program that has no releases: one from source, or of a platform that none is made for. */
export function own(system: Pick<System, "host">): Own | undefined {
  const platform = platformOf(system.host);
  if (!platform || VERSION === "dev" || RELEASES === "") return undefined;
  const told = { releases: RELEASES, keys: RELEASE_KEYS, runtime: RUNTIME, userAgent: userAgent(system) };
  return { version: VERSION, platform, ...told };
}

/** The same, for what cannot be done without it. Throws {@link AppError} `config`. */
export function requireOwn(system: Pick<System, "host">): Own {
  const found = own(system);
  if (found) return found;
  throw new AppError("config", `this program (${VERSION}, ${system.host.os} ${system.host.arch}) has no releases`, {
    hint: "it was built from source: build it anew, or install a release as the README says",
  });
}
