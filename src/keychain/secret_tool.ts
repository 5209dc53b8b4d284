import type { System } from "../system/mod.ts";
import { refusals } from "../storage/mod.ts";
import { absent, type Backend, type Found } from "./backend.ts";
import { busPaths } from "./bus_address.ts";
import type { Patience } from "./patience.ts";
import { parseSearch } from "./search_output.ts";
import { attributesOf, CAPACITY, labelOf, NOT_INSTALLED, problemOf } from "./secret_service.ts";
import { NO_BUS, present, type Problem, SECRET_TOOL } from "./mod.ts";
import { type Ended, pick, runTool } from "./tool.ts";

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

/** Measured while another process stored and cleared: `No such secret item at path: …`, `Object does not exist at path …`. */
const GONE = /^(No such|Object does not exist).* at path/;

type World = Pick<System, "spawn" | "env" | "files" | "host">;

/** What GLib does without a bus, in another user's home, would keep that user out: a folder for caches, or a bus of root's. */
export async function backend(system: World, patience: Patience): Promise<Backend> {
  const isSafe = await hasBus(system) || !(await (await refusals()).isOthers(system, system.env.HOME));
  return isSafe ? new SecretTool(system, patience) : absent(NO_BUS);
}

/** Whether there is one where GLib looks, which starts one otherwise. */
export async function hasBus(system: Pick<System, "env" | "files" | "host">): Promise<boolean> {
  const address = system.env.DBUS_SESSION_BUS_ADDRESS;
  return address ? !/(^|;)autolaunch:/.test(address) : (await busPaths(system)).length > 0;
}

/**
 * The Secret Service through `secret-tool` of libsecret. `search` never opens a dialog, and alone tells a locked entry
 * from a missing one.
 */
class SecretTool implements Backend {
  constructor(private readonly system: Pick<System, "spawn" | "env">, private readonly patience: Patience) {}

  capacity(): number {
    return CAPACITY;
  }

  async find(account: string, unlock: boolean): Promise<Found> {
    if (!unlock) return await this.#search(account);
    const asked = await this.patience.ask((timeout) => this.#run("lookup", account, { timeout }));
    if (asked.state !== "ended") return asked;
    const found = await this.#search(account);
    // What was granted to the process that asked may be locked for the next one.
    return found.state === "locked" && asked.code === 0 ? present(asked.stdout) : found;
  }

  async write(account: string, value: string): Promise<Problem | undefined> {
    const store = { options: ["--label", labelOf(account)], stdin: value };
    const ran = await this.patience.ask((timeout) => this.#run("store", account, { ...store, timeout }));
    if (ran.state !== "ended") return ran;
    return ran.code === 0 ? undefined : problemOf(complaint(ran));
  }

  async erase(account: string): Promise<Problem | undefined> {
    const ran = await this.patience.quick((timeout) => this.#run("clear", account, { timeout }));
    return ran.state === "ended" ? undefined : ran; // it ends with 1 when there was nothing, and then says nothing
  }

  /** `again`: what another process removes in the middle of it is looked for once more. */
  async #search(account: string, again = true): Promise<Found> {
    const search = (timeout: number) => this.#run("search", account, { options: ["--all"], timeout });
    const ran = await this.patience.quick(search);
    if (ran.state !== "ended") return ran;
    if (again && GONE.test(complaint(ran))) return await this.#search(account, false);
    if (ran.code !== 0) return problemOf(complaint(ran));
    const { lookup, items } = parseSearch(ran.stdout, ran.stderr, account);
    return { ...lookup, copies: items };
  }

  async #run(
    verb: string,
    account: string,
    { options = [], ...more }: { options?: string[]; timeout: number; stdin?: string },
  ): Promise<Problem | Ended> {
    const env = { ...pick(this.system.env, ENVIRONMENT), LC_ALL: "C" };
    const args = [verb, ...options, ...attributesOf(account).flat()];
    return await runTool(this.system.spawn, SECRET_TOOL, args, { env, ...more }) ?? NOT_INSTALLED;
  }
}

function complaint({ code, stderr }: Ended): string {
  const text = new TextDecoder().decode(stderr.subarray(0, 1_000));
  // GLib's warnings and the attributes of other entries can stand before it.
  return /^secret-tool: (.+)/m.exec(text)?.[1] || text.trim() || `secret-tool ended with ${code}`;
}
