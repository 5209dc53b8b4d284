import { isSystemError } from "../errors.ts";
import type { Spawn } from "../system/mod.ts";
import type { Problem } from "./answers.ts";

/** Most bytes of output that are looked at: several entries of ours. */
const LIMIT = 32_768;

export type Ended = { state: "ended"; code: number; stdout: Uint8Array; stderr: Uint8Array };

/**
 * Runs the tool of a keychain. One that was killed because it printed too much has ended: what it printed is an entry
 * that is no session, or a complaint. Undefined when there is no such program.
 */
export async function runTool(
  spawn: Spawn,
  path: string,
  args: string[],
  options: { env: Record<string, string>; timeout: number; stdin?: string },
): Promise<Ended | Problem | undefined> {
  try {
    const ran = await spawn.run(path, args, { ...options, limit: LIMIT });
    if (ran.code !== null) return { state: "ended", ...ran, code: ran.code };
    if (ran.stdout.length > LIMIT) return { state: "ended", ...ran, code: 0 };
    return ran.stderr.length > LIMIT ? { state: "ended", ...ran, code: 1 } : { state: "hung" };
  } catch (error) {
    if (isSystemError(error, "NotFound")) return undefined;
    return notStarted(path, error);
  }
}

/** A program that this machine never runs (EACCES, ENOEXEC) is no way to a keychain; what else is in the way may pass. */
function notStarted(path: string, error: unknown): Problem {
  const [, words, number] = /: ([^:]{1,80} \(os error (\d+)\))$/.exec(`${error}`) ?? [];
  if (!words) throw error; // a defect: the verb does not declare what it needs
  const state = number === "13" || number === "8" ? "unavailable" : "refused";
  return { state, why: `${path} cannot be started: ${words}` };
}

/** Those variables of the environment that are set: nothing else of it reaches the tool. */
export function pick(env: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => env[name] ? [[name, env[name]]] : []));
}
