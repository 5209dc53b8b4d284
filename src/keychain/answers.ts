import { AppError } from "../errors.ts";

/**
 * What a keychain answers for one account. A value that is no text, or is too large, is there as the empty string: no
 * session looks like that.
 */
export type Lookup = { state: "missing" } | { state: "present"; value: string } | Problem;

/**
 * Why nothing is known about an entry. `unavailable` is a keychain that is not there: then the file may be used. The
 * others say nothing about what it holds, and are never reported as "not logged in".
 */
export type Problem =
  | { state: "locked" }
  /** `dialog`: it may be asking the person. */
  | { state: "hung"; dialog?: true }
  | { state: "refused"; why: string }
  | { state: "unavailable"; why: string };

/** Service name of every entry, as the tool before this one wrote it. */
export const SERVICE = "autocom-cli";

/** Entries can hold the value of any program: what is no UTF-8 is there, but as the empty string. */
export function present(bytes: AllowSharedBufferSource): Extract<Lookup, { state: "present" }> {
  try {
    return { state: "present", value: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { state: "present", value: "" };
  }
}

/** Absolute: a `secret-tool` earlier in PATH, or in the working folder, is not ours. */
export const SECRET_TOOL = "/usr/bin/secret-tool";

export interface Keychain {
  /** For people: `Secret Service`, `Keychain`, `Credential Manager`. */
  readonly name: string;
  /**
   * Asks to unlock it only where a person can answer. Never throws for what the keychain does, but for one thing:
   *
   * @throws {AppError} `interrupted`: the person closed the system's question with Cancel (macOS)
   */
  get(account: string): Promise<Lookup>;
  /**
   * Keeps the value, and reads it back.
   *
   * @throws {Unavailable} when there is no keychain, or it cannot hold this value: the file may be used
   * @throws {AppError} `keychain`: locked, hung or refusing
   */
  set(account: string, value: string): Promise<void>;
  /**
   * True when something was there; it is not there any more. What is `spared` stays, as if it were not there.
   *
   * @throws {Unavailable} when there is no keychain
   * @throws {AppError} `keychain`: it may still be there
   */
  delete(account: string, spared?: (value: string) => boolean): Promise<boolean>;
}

/** No keychain that could keep this: not a refusal, so the credentials file may be used instead. */
export class Unavailable extends AppError {
  constructor(action: string, readonly why: string) {
    super("keychain", `cannot ${action}: ${why}`, { hint: FILE_HINT });
  }
}

/** No keychain has an entry of that name, nor can it have one. */
export class Unnamable extends AppError {}

export const FILE_HINT = "keep the session in a file: autocom auth login --store file";

/** The error for an action that met a problem. `action`: "read the session", say. */
export function keychainError(
  keychain: Pick<Keychain, "name">,
  problem: Problem,
  action: string,
  hint?: string,
): AppError {
  switch (problem.state) {
    case "unavailable":
      return new Unavailable(action, problem.why);
    case "refused":
      return failure(`cannot ${action}: ${keychain.name}: ${problem.why}`, hint ?? FILE_HINT);
    case "locked":
      return failure(
        `cannot ${action}: the keychain is locked: ${keychain.name}`,
        hint ?? `unlock it, or ${FILE_HINT}`,
      );
    case "hung":
      return failure(
        `cannot ${action}: the keychain does not answer: ${keychain.name}`,
        hint ?? `${problem.dialog ? "close the dialog that it may show" : "try again"}, or ${FILE_HINT}`,
      );
  }
}

function failure(message: string, hint: string): AppError {
  return new AppError("keychain", message, { hint });
}
