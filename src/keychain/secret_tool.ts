import { AppError, isSystemError } from "../errors.ts";
import type { Ran, System } from "../system/mod.ts";
import { parseSearch } from "./search_output.ts";
import { checkAccount, FILE_HINT, type Keychain, keychainError, type Lookup, SERVICE, Unavailable } from "./store.ts";

/** Absolute: a `secret-tool` earlier in PATH, or in the working folder, is not ours. */
const TOOL = "/usr/bin/secret-tool";
/** In bytes. `secret-tool store` cuts what is longer than 8,192 and ends with 0. */
const LONGEST = 8_000;
/** Milliseconds for an answer that needs nobody, and for one that a person gives in a dialog of the system's. */
const QUICK = 3_000;
const PATIENT = 60_000;
/** Milliseconds after which a person is told what is being waited for. */
const NOTICE = 1_000;

const STILL_THERE = "unlock it and try again: the entry may still be there";

/** What libsecret needs to find the bus and the dialog; nothing else of our environment reaches it. */
const ENVIRONMENT = [
  "HOME",
  "XDG_RUNTIME_DIR",
  "DBUS_SESSION_BUS_ADDRESS",
  "XDG_DATA_HOME",
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "XAUTHORITY",
];

/**
 * The Secret Service (GNOME Keyring, KWallet, KeePassXC) through `secret-tool` of libsecret, with the attributes that
 * go-keyring uses, so that entries of the tool before this one are read, replaced and removed.
 *
 * `search` never opens a dialog, and alone tells a locked entry from a missing one, so every action begins with it.
 */
export class SecretTool implements Keychain {
  readonly name = "Secret Service (secret-tool)";
  /** A keychain that did not answer once is not asked again in this run. */
  #hung = false;

  constructor(
    private readonly system: Pick<System, "spawn" | "env" | "clock">,
    private readonly waiting?: () => void | Promise<void>,
  ) {}

  async get(account: string): Promise<Lookup> {
    checkAccount(account);
    const { lookup } = await this.#find(account);
    if (lookup.state !== "locked" || !this.#canAsk()) return lookup;
    await this.#ask(["lookup", ...attributes(account)]);
    return (await this.#find(account)).lookup;
  }

  async set(account: string, value: string): Promise<void> {
    const action = `save "${account}"`;
    const size = new TextEncoder().encode(value).length;
    if (size > LONGEST) throw new Unavailable(action, `it has ${size} bytes, ${this.name} keeps ${LONGEST}`);
    const before = await this.get(account);
    if (before.state !== "missing" && before.state !== "present") throw keychainError(this, before, action);
    await this.#store(account, value, action);
    const first = await this.#find(account);
    if (holds(first.lookup, value) && first.items === 1) return;
    // A second entry of that name, in another collection or with more attributes: which one is read is chance.
    await this.#run(["clear", ...attributes(account)]);
    await this.#store(account, value, action);
    const second = await this.#find(account);
    if (!holds(second.lookup, value)) throw this.#refused(action, "it does not give back what was saved");
  }

  async delete(account: string): Promise<boolean> {
    const action = `remove "${account}"`;
    const before = await this.get(account);
    if (before.state === "missing") return false;
    if (before.state !== "present") throw keychainError(this, before, action, STILL_THERE);
    await this.#run(["clear", ...attributes(account)]);
    const after = await this.get(account);
    if (after.state === "missing") return true;
    if (after.state !== "present") throw keychainError(this, after, action, STILL_THERE);
    throw this.#refused(action, "it is still there");
  }

  async #store(account: string, value: string, action: string): Promise<void> {
    const label = `Password for '${account}' on '${SERVICE}'`;
    const ran = await this.#ask(["store", "--label", label, ...attributes(account)], value);
    if (ran.state !== "ended") throw keychainError(this, ran, action);
    if (ran.code === 0) return;
    if (/locked/i.test(ran.complaint)) throw keychainError(this, { state: "locked" }, action);
    // No keyring was ever made, and without a display none can be.
    if (/does not exist/i.test(ran.complaint)) throw new Unavailable(action, "there is no keyring yet");
    throw this.#refused(action, ran.complaint);
  }

  async #find(account: string): Promise<{ lookup: Lookup; items: number }> {
    const ran = await this.#run(["search", "--all", ...attributes(account)]);
    if (ran.state !== "ended") return { lookup: ran, items: 0 };
    if (ran.code !== 0) return { lookup: { state: "unavailable", why: ran.complaint }, items: 0 };
    return parseSearch(ran.stdout, ran.stderr, account);
  }

  #refused(action: string, why: string): AppError {
    return new AppError("keychain", `cannot ${action}: ${this.name}: ${why}`, { hint: FILE_HINT });
  }

  /** Somebody is there, and has a screen on which the system can ask. */
  #canAsk(): boolean {
    const { DISPLAY, WAYLAND_DISPLAY } = this.system.env;
    return this.waiting !== undefined && Boolean(DISPLAY || WAYLAND_DISPLAY);
  }

  /** A call that may open a dialog of the system's. */
  async #ask(args: string[], stdin?: string): Promise<Outcome> {
    if (!this.#canAsk()) return await this.#run(args, stdin);
    const answered = new AbortController();
    const notice = this.system.clock.sleep(NOTICE, answered.signal).then(this.waiting, () => {});
    notice.catch(() => {}); // thrown below, when the answer is there
    try {
      return await this.#run(args, stdin, PATIENT);
    } finally {
      answered.abort();
      await notice;
    }
  }

  async #run(args: string[], stdin?: string, timeout = QUICK): Promise<Outcome> {
    if (this.#hung) return { state: "hung" };
    const env: Record<string, string> = { LC_ALL: "C" };
    for (const name of ENVIRONMENT) {
      const value = this.system.env[name];
      if (value) env[name] = value;
    }
    let ran: Ran;
    try {
      ran = await this.system.spawn.run(TOOL, args, { env, timeout, ...(stdin !== undefined && { stdin }) });
    } catch (error) {
      if (!isSystemError(error, "NotFound")) throw error;
      const why = `${TOOL} is not installed (package libsecret-tools, or libsecret)`;
      return { state: "unavailable", why };
    }
    // Killed while it was printing, it printed too much: that is an entry, and no session.
    const flooding = ran.code === null && ran.stdout.length > LONGEST;
    this.#hung = ran.code === null && !flooding;
    return this.#hung ? { state: "hung" } : { ...ran, code: ran.code ?? 0, state: "ended", complaint: complaint(ran) };
  }
}

type Outcome =
  | { state: "unavailable"; why: string }
  | { state: "hung" }
  | { state: "ended"; code: number; stdout: Uint8Array; stderr: Uint8Array; complaint: string };

function attributes(account: string): string[] {
  return ["service", SERVICE, "username", account];
}

function holds(lookup: Lookup, value: string): boolean {
  return lookup.state === "present" && lookup.value === value;
}

const WORDS: [RegExp, string][] = [
  [/Cannot autolaunch D-Bus|Could not connect/, "there is no session bus (D-Bus)"],
  [/org\.freedesktop\.secrets was not provided/, "no keyring service is running (Secret Service)"],
];

/** The first line of what the tool said, in our words where they are known. */
function complaint({ code, stderr }: Ran): string {
  const text = new TextDecoder().decode(stderr.subarray(0, 1_000));
  const known = WORDS.find(([pattern]) => pattern.test(text));
  return known?.[1] ??
    (text.split("\n")[0]!.replace("secret-tool: ", "").slice(0, 200) || `secret-tool ended with ${code}`);
}
