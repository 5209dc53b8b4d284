import { isSystemError } from "../errors.ts";
import type { Spawn } from "../system/mod.ts";

/** Most bytes of output that are looked at: several entries of ours. */
const LIMIT = 32_768;

export type Ended = { state: "ended"; code: number; stdout: Uint8Array; stderr: Uint8Array };

/**
 * Runs the tool of a keychain. One that was killed because it printed too much has ended, and printed an entry that is
 * no session. Undefined when there is no such program.
 */
export async function runTool(
  spawn: Spawn,
  path: string,
  args: string[],
  options: { env: Record<string, string>; timeout: number; stdin?: string },
): Promise<Ended | { state: "hung" } | undefined> {
  try {
    const ran = await spawn.run(path, args, { ...options, limit: LIMIT });
    if (ran.code !== null) return { state: "ended", ...ran, code: ran.code };
    return ran.stdout.length > LIMIT ? { state: "ended", ...ran, code: 0 } : { state: "hung" };
  } catch (error) {
    if (isSystemError(error, "NotFound")) return undefined;
    throw error;
  }
}

/** Those variables of the environment that are set: nothing else of it reaches the tool. */
export function pick(env: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => env[name] ? [[name, env[name]]] : []));
}
