import type { System } from "../system/mod.ts";
import type { Backend, Found } from "./backend.ts";
import { atScreen, type Patience, QUICK, type Waiting } from "./patience.ts";
import { parseSearch } from "./search_output.ts";
import { attributesOf, CAPACITY, labelOf, NOT_INSTALLED, problemOf } from "./secret_service.ts";
import { type Keychain, type Problem, SECRET_TOOL } from "./store.ts";
import { type Ended, pick, runTool } from "./tool.ts";
import { Verified } from "./verified.ts";

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

/** A dialog of the service's needs a screen as well as a person. */
export function open(name: string, system: Pick<System, "spawn" | "env" | "clock">, waiting?: Waiting): Keychain {
  const patience = atScreen(system, waiting);
  return new Verified(name, new SecretTool(system, patience), patience.somebody);
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
    if (unlock) {
      const asked = await this.patience.ask((timeout) => this.#run("lookup", account, { timeout }));
      if (asked.state === "hung") return asked;
    }
    const ran = await this.#run("search", account, { options: ["--all"] });
    if (ran.state !== "ended") return ran;
    if (ran.code !== 0) return problemOf(complaint(ran), "unavailable");
    const { lookup, items } = parseSearch(ran.stdout, ran.stderr, account);
    return { ...lookup, copies: items };
  }

  async write(account: string, value: string): Promise<Problem | undefined> {
    const store = { options: ["--label", labelOf(account)], stdin: value };
    const ran = await this.patience.ask((timeout) => this.#run("store", account, { ...store, timeout }));
    if (ran.state !== "ended") return ran;
    return ran.code === 0 ? undefined : problemOf(complaint(ran), "refused");
  }

  async erase(account: string): Promise<Problem | undefined> {
    const ran = await this.#run("clear", account);
    return ran.state === "ended" ? undefined : ran; // it ends with 1 when there was nothing, and then says nothing
  }

  async #run(
    verb: string,
    account: string,
    { options = [], timeout = QUICK, ...more }: { options?: string[]; timeout?: number; stdin?: string } = {},
  ): Promise<Problem | Ended> {
    const env = { ...pick(this.system.env, ENVIRONMENT), LC_ALL: "C" };
    const args = [verb, ...options, ...attributesOf(account).flat()];
    return await runTool(this.system.spawn, SECRET_TOOL, args, { env, timeout, ...more }) ?? NOT_INSTALLED;
  }
}

function complaint({ code, stderr }: Ended): string {
  const text = new TextDecoder().decode(stderr.subarray(0, 1_000)).replace("secret-tool: ", "");
  return text || `secret-tool ended with ${code}`;
}
