import { join } from "node:path";
import { Running } from "../binary/running.ts";
import type { World } from "../../contract/keychain.ts";
import { Remote } from "./remote.ts";
import { CACHED } from "../cached.ts";

/**
 * Keychains in a process with that world's environment, where there is no `secret-tool`. The library looks at the
 * environment of its process, once.
 */
export function libsecretAgent({ system }: Pick<World, "system">, ...switches: "--somebody"[]): Remote {
  const script = join(import.meta.dirname!, "agent.ts");
  const args = ["run", "-A", ...CACHED, script, "--no-tool", ...switches];
  const { HOME, DENO_DIR = `${HOME}/.cache/deno` } = Deno.env.toObject();
  const env = { ...system.env, DENO_DIR };
  return new Remote(new Running(Deno.execPath(), { args, env, clearEnv: true }, 60_000));
}
