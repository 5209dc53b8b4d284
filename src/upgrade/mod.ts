/**
 * Releases: the check beside a command, and the program that replaces itself. All of it is loaded when it is wanted; this
 * door is part of every start.
 *
 * @module
 */

import { VERSION } from "../build_info.ts";
import type { Settings } from "../config/mod.ts";
import type { System } from "../system/mod.ts";
import type { Check } from "./check.ts";

export type { Check } from "./check.ts";
export type { Verdict } from "./judge.ts";
export type { Choice, Outcome } from "./perform.ts";

/**
 * The version check of a command for a person at a terminal, before permissions are given up; undefined when it is not
 * wanted: `off` says so for reasons of the command's, or a setting, or one that cannot be read. Never throws.
 */
export async function versionCheck(system: System, settings: Settings, off: boolean): Promise<Check | undefined> {
  const { stdout, stderr } = system.io;
  if (off || VERSION === "dev" || !stdout.isTerminal || !stderr.isTerminal) return undefined;
  try {
    if ((await settings.get("no_upgrade_check")).value || (await settings.get("no_telemetry")).value) return undefined;
  } catch {
    return undefined;
  }
  return await (await import("./check.ts")).begin(system);
}

/** The program that replaces itself: see `work.ts`. */
export const work = () => import("./work.ts");
