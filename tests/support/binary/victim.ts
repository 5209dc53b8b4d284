/**
 * A program that writes until it is killed: `victim.ts config|credentials FOLDER` saves two values in turn, through the
 * functions that the program saves with. Prints a line when it is in full swing.
 *
 * @module
 */

import { settings } from "../../../src/config/mod.ts";
import { changeSessions } from "../../../src/keychain/mod.ts";
import { withLock } from "../../../src/storage/mod.ts";
import { denoSystem } from "../../../src/system/deno.ts";
import type { System } from "../../../src/system/mod.ts";

export const VICTIMS = ["config", "credentials"] as const;
export type Victim = (typeof VICTIMS)[number];

/** The two values that are written in turn. */
const VALUES = ["a".repeat(60), "b".repeat(20)] as const;
const ORIGIN = "https://a.example";

/** The file in `~/.autocom` that a victim writes, the two texts that it can have, and the lock beside it. */
export function textOf(victim: Victim): { file: string; texts: string[]; beside: string } {
  if (victim === "config") {
    return { file: "config.toml", texts: VALUES.map((value) => `tenant = "${value}"\n`), beside: ".config.toml.lock" };
  }
  const texts = VALUES.map((_, turn) => `${JSON.stringify({ v: 1, sessions: { [ORIGIN]: sessionOf(turn) } })}\n`);
  return { file: "credentials", texts, beside: "session.lock" };
}

function sessionOf(turn: number) {
  return { access: { access_token: VALUES[turn]!.repeat(200) }, refresh: { turn } };
}

/** Saves `VALUES[turn]` where the HOME of that system is. */
export async function save(system: System, victim: Victim, turn: 0 | 1): Promise<void> {
  if (victim === "config") {
    await settings(system).set("tenant", VALUES[turn]);
    return;
  }
  const lock = `${system.env.HOME}/.autocom/session.lock`;
  const change = () => changeSessions(system, (all) => ({ ...all, [ORIGIN]: sessionOf(turn) }));
  await withLock(system, lock, change, { timeout: 60_000 });
}

/** The system with that HOME and nothing else in its environment. */
export function systemAt(home: string): System {
  return { ...denoSystem(), env: { HOME: home } };
}

if (import.meta.main) {
  const [victim, home] = Deno.args as [Victim, string];
  const system = systemAt(home);
  const twice = async () => {
    for (const turn of [1, 0] as const) await save(system, victim, turn);
  };
  await twice(); // all that is loaded on demand is there now
  console.log("writing");
  for (;;) await twice();
}
