import { AppError } from "../errors.ts";
import type { Backend, Found } from "./backend.ts";
import {
  FILE_HINT,
  type Keychain,
  keychainError,
  type Lookup,
  type Problem,
  Unavailable,
  Unnamable,
} from "./answers.ts";

/** Of an account's name. */
const LONGEST = 128;
const STILL_THERE = "unlock it and try again: the entry may still be there";

/**
 * A keychain that believes nothing: each write and each removal is proved by reading. One that did not answer once is
 * not asked again in this run.
 */
export class Verified implements Keychain {
  #hung: Extract<Problem, { state: "hung" }> | undefined;
  /** It had an entry in this run. */
  #holds = false;
  #opened: Promise<Backend> | undefined;

  /**
   * `open`: called when something is asked. `somebody`: a person is there, and the system can ask them to unlock it.
   */
  constructor(
    readonly name: string,
    private readonly open: () => Promise<Backend>,
    private readonly somebody: boolean,
  ) {}

  async get(account: string): Promise<Lookup> {
    checkAccount(account);
    const { copies: _, ...found } = await this.#find(account);
    return found;
  }

  async set(account: string, value: string): Promise<void> {
    checkAccount(account);
    const action = `save "${account}"`;
    const [size, most] = [new TextEncoder().encode(value).length, (await this.#backend()).capacity(account)];
    if (size > most) throw new Unavailable(action, `it has ${size} bytes, ${this.name} keeps ${most}`);
    this.#known(await this.#find(account), action);
    let after = await this.#write(account, value, action);
    if (!holds(after, value) || (after.copies ?? 1) > 1) {
      // A second entry of that name, in another collection or with more attributes: which one is read is chance.
      await this.#ask((backend) => backend.erase(account));
      after = await this.#write(account, value, action);
    }
    if (!holds(after, value)) {
      throw this.#error({ state: "refused", why: "it does not give back what was saved" }, action);
    }
  }

  async delete(account: string, spared?: (value: string) => boolean): Promise<boolean> {
    checkAccount(account);
    const action = `remove "${account}"`;
    const found = this.#known(await this.#find(account), action, STILL_THERE);
    if (found.state === "missing" || spared?.(found.value)) return false;
    const problem = await this.#ask((backend) => backend.erase(account));
    const after = this.#known(await this.#find(account), action, STILL_THERE);
    if (after.state === "missing") return true;
    throw this.#error(problem ?? { state: "refused", why: "it is still there" }, action, STILL_THERE);
  }

  #backend(): Promise<Backend> {
    return this.#opened ??= this.open();
  }

  async #write(account: string, value: string, action: string): Promise<Found> {
    const problem = await this.#ask((backend) => backend.write(account, value));
    if (problem) throw this.#error(problem, action);
    return this.#known(await this.#find(account), action);
  }

  async #find(account: string): Promise<Found> {
    let found = await this.#ask((backend) => backend.find(account, false));
    if (found.state === "locked" && this.somebody) found = await this.#ask((backend) => backend.find(account, true));
    if (found.state === "present" || found.state === "locked") this.#holds = true;
    // It went away in the middle of a run: what it held then, it may hold now.
    return found.state === "unavailable" && this.#holds ? { state: "refused", why: found.why } : found;
  }

  async #ask<T extends Found | Problem | undefined>(
    step: (backend: Backend) => Promise<T>,
  ): Promise<T | Extract<Problem, { state: "hung" }>> {
    if (this.#hung) return this.#hung;
    const answer = await step(await this.#backend());
    if (answer?.state === "hung") this.#hung = answer;
    return answer;
  }

  /** What was found, when it tells whether there is an entry. */
  #known(found: Found, action: string, hint?: string): Extract<Found, { state: "missing" | "present" }> {
    if (found.state === "missing" || found.state === "present") return found;
    throw this.#error(found, action, hint);
  }

  #error(problem: Problem, action: string, hint?: string): AppError {
    return keychainError(this, problem, action, hint);
  }
}

function holds(found: Found, value: string): boolean {
  return found.state === "present" && found.value === value;
}

/**
 * Account names go into command lines: this charset cannot be an option, a quote or a second line.
 *
 * @throws {Unnamable}
 */
function checkAccount(account: string): void {
  const fits = /^[A-Za-z0-9._@:+/][A-Za-z0-9._@:+/-]*$/.test(account);
  if (fits && account.length <= LONGEST) return;
  const action = `use ${JSON.stringify(account.slice(0, 80))} as an account of the keychain`;
  const why = fits ? `: it is longer than ${LONGEST} characters` : "";
  throw new Unnamable("keychain", `cannot ${action}${why}`, {
    hint: fits ? FILE_HINT : "use letters, digits and . _ @ : + / -",
  });
}
