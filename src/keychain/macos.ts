import { AppError } from "../errors.ts";
import type { System } from "../system/mod.ts";
import type { Backend, Found } from "./backend.ts";
import { decode, encode } from "./go_keyring.ts";
import type { Patience } from "./patience.ts";
import { FILE_HINT, type Problem, SERVICE } from "./mod.ts";
import { type Ended, pick, runTool } from "./tool.ts";

/** Absolute: a `security` earlier in PATH, or in the working folder, is not the system's. */
export const SECURITY_TOOL = "/usr/bin/security";
/** Characters of a command on stdin. What stands beyond the 4,095th is executed as the next command. */
const LONGEST_LINE = 4_000;

/** An exit code is the last byte of the OSStatus that is named beside it. */
const MISSING = 44; // errSecItemNotFound
const CANCELLED = 128; // errSecUserCanceled
const ABSENT: Problem = { state: "unavailable", why: `there is no ${SECURITY_TOOL}` };
const PROBLEMS: Record<number, Problem> = {
  24: { state: "locked" }, // errSecInDarkWake
  29: { state: "locked" }, // errSecInteractionRequired
  36: { state: "locked" }, // errSecInteractionNotAllowed: over SSH, say
  37: { state: "unavailable", why: "there is no default keychain" }, // errSecNoDefaultKeychain
  50: { state: "unavailable", why: "there is no such keychain" }, // errSecNoSuchKeychain
  51: { state: "refused", why: "access was denied, or the password was wrong" }, // errSecAuthFailed
  53: { state: "unavailable", why: "there is no keychain" }, // errSecNotAvailable
};

export function backend(system: Pick<System, "spawn" | "env">, patience: Patience): Backend {
  return new SecurityTool(system, patience);
}

/**
 * The login keychain through `security`, which stays the same program when autocom is replaced by a newer one: entries
 * that autocom made by itself would ask for permission again (https://github.com/cli/cli/pull/13960).
 */
class SecurityTool implements Backend {
  constructor(private readonly system: Pick<System, "spawn" | "env">, private readonly patience: Patience) {}

  capacity(account: string): number {
    return Math.floor((LONGEST_LINE - addition(account, encode("")).length) / 4) * 3;
  }

  async find(account: string): Promise<Found> {
    const ran = await this.patience.ask((timeout) =>
      this.#run(["find-generic-password", ...attributesOf(account), "-w"], { timeout })
    );
    if (ran.state !== "ended") return ran;
    if (ran.code === MISSING) return { state: "missing" };
    return problemOf(ran) ?? { state: "present", value: decode(new TextDecoder().decode(ran.stdout).trim()) };
  }

  /** By a line on stdin: a secret in the arguments could be read by everybody. */
  async write(account: string, value: string): Promise<Problem | undefined> {
    const stdin = addition(account, encode(value)) + "\n";
    const ran = await this.patience.ask((timeout) => this.#run(["-i"], { timeout, stdin }));
    return ran.state === "ended" ? problemOf(ran) : ran;
  }

  async erase(account: string): Promise<Problem | undefined> {
    const ran = await this.patience.ask((timeout) =>
      this.#run(["delete-generic-password", ...attributesOf(account)], { timeout })
    );
    if (ran.state !== "ended") return ran;
    return ran.code === MISSING ? undefined : problemOf(ran);
  }

  async #run(args: string[], options: { timeout: number; stdin?: string }): Promise<Problem | Ended> {
    const env = pick(this.system.env, ["HOME"]);
    const ran = await runTool(this.system.spawn, SECURITY_TOOL, args, { ...options, env }) ?? ABSENT;
    return ran.state === "hung" ? { ...ran, dialog: true } : ran; // it asks whether somebody is there or not
  }
}

/** Every word is of characters that the tool's own parser, which is not a shell's, takes as they are. */
function addition(account: string, value: string): string {
  return ["add-generic-password", "-U", ...attributesOf(account), "-w", value].join(" ");
}

function attributesOf(account: string): string[] {
  return ["-s", SERVICE, "-a", account];
}

/** What the tool says is never quoted: it repeats words that it does not understand, and they may be of the secret. */
function problemOf({ code }: Ended): Problem | undefined {
  if (code === 0) return undefined;
  if (code === CANCELLED) {
    throw new AppError("interrupted", "cancelled: the keychain may not be used", { hint: FILE_HINT });
  }
  return PROBLEMS[code] ?? { state: "refused", why: `${SECURITY_TOOL} ended with ${code}` };
}
