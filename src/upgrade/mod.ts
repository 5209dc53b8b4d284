/**
 * Releases: the check beside a command, and the program that replaces itself. All of it is loaded when it is wanted; this
 * door is part of every start.
 *
 * @module
 */

import type { App } from "../app.ts";
import { VERSION } from "../build_info.ts";
import type { Settings } from "../config/mod.ts";
import type { System } from "../system/mod.ts";
import type { Check } from "./check.ts";
import type { Verdict } from "./judge.ts";
import type { Choice, Outcome } from "./perform.ts";

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

const loaded = async (app: App) => {
  const [own, perform] = await Promise.all([import("./own.ts"), import("./perform.ts")]);
  return { own: own.requireOwn(app.system), ...perform };
};

export async function upgrade(app: App, choice: Choice): Promise<Outcome> {
  const { own, upgrade } = await loaded(app);
  return await upgrade(app, own, choice);
}

export async function rollback(app: App, choice: Choice): Promise<Outcome> {
  const { own, rollback } = await loaded(app);
  return await rollback(app, own, choice);
}

export async function judge(app: App, files: readonly string[]): Promise<Verdict[]> {
  const { own } = await loaded(app);
  return await (await import("./judge.ts")).judge(app, own, files);
}
