import { AppError } from "../errors.ts";

/**
 * What a keychain answers for one account. `locked` and `hung` say nothing about what it holds, and are never reported
 * as "not logged in"; `unavailable` is a keychain that is not there: then the file may be used.
 * A value that is no text, or is too large, is there as the empty string: no session looks like that.
 */
export type Lookup =
  | { state: "missing" }
  | { state: "present"; value: string }
  | { state: "locked" }
  | { state: "unavailable"; why: string }
  | { state: "hung" };

export interface Keychain {
  /** For people: `Secret Service (secret-tool)`. */
  readonly name: string;
  /** Never throws for what the keychain does; asks to unlock it only where a person can answer. */
  get(account: string): Promise<Lookup>;
  /**
   * Keeps the value, and reads it back.
   *
   * @throws {Unavailable} when there is no keychain, or it cannot hold this value: the file may be used
   * @throws {AppError} `keychain`: locked, hung or refusing
   */
  set(account: string, value: string): Promise<void>;
  /**
   * True when something was there; it is not there any more.
   *
   * @throws {Unavailable} when there is no keychain
   * @throws {AppError} `keychain`: it may still be there
   */
  delete(account: string): Promise<boolean>;
}

/** Service name of every entry, as the tool before this one wrote it. */
export const SERVICE = "autocom-cli";

/** No keychain that could keep this: not a refusal, so the credentials file may be used instead. */
export class Unavailable extends AppError {
  constructor(action: string, why: string) {
    super("keychain", `cannot ${action}: ${why}`, { hint: FILE_HINT });
  }
}

export const FILE_HINT = "keep the session in a file: autocom auth login --store file";

/** The error for a look-up that found neither an entry nor its absence. `action`: "read the session", say. */
export function keychainError(
  keychain: Pick<Keychain, "name">,
  lookup: Exclude<Lookup, { state: "missing" | "present" }>,
  action: string,
  hint = `${lookup.state === "locked" ? "unlock it" : "close the dialog that it may show"}, or ${FILE_HINT}`,
): AppError {
  if (lookup.state === "unavailable") return new Unavailable(action, lookup.why);
  const why = lookup.state === "locked" ? "is locked" : "does not answer";
  return new AppError("keychain", `cannot ${action}: the keychain ${why}: ${keychain.name}`, { hint });
}

/**
 * Account names go into a command line: this charset cannot be an option, a quote or a second line.
 *
 * @throws {AppError} `keychain`
 */
export function checkAccount(account: string): void {
  if (/^[A-Za-z0-9._@:+/][A-Za-z0-9._@:+/-]{0,127}$/.test(account)) return;
  throw new AppError("keychain", `cannot use ${JSON.stringify(account.slice(0, 80))} as an account of the keychain`, {
    hint: "use letters, digits and . _ @ : + / -",
  });
}
