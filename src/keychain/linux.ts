import type { System } from "../system/mod.ts";
import type { Backend, Found } from "./backend.ts";
import { Patience, type Waiting } from "./patience.ts";
import { CAPACITY, NOT_INSTALLED } from "./secret_service.ts";
import { SecretTool } from "./secret_tool.ts";
import type { Keychain, Problem } from "./store.ts";
import { Verified } from "./verified.ts";

type World = Pick<System, "spawn" | "ffi" | "env" | "clock">;

/** The Secret Service (GNOME Keyring, KWallet, KeePassXC). Its dialogs need a screen as well as a person. */
export function open(name: string, system: World, waiting?: Waiting): Keychain {
  const { DISPLAY, WAYLAND_DISPLAY } = system.env;
  const patience = new Patience(system.clock, DISPLAY || WAYLAND_DISPLAY ? waiting : undefined);
  return new Verified(name, new SecretService(system, patience), patience.somebody);
}

/** `secret-tool` where it is installed, else the library that it is made of. */
class SecretService implements Backend {
  #way: Backend;

  constructor(private readonly system: World, private readonly patience: Patience) {
    this.#way = new SecretTool(system, patience);
  }

  capacity(): number {
    return CAPACITY;
  }

  async find(account: string, unlock: boolean): Promise<Found> {
    const found = await this.#way.find(account, unlock);
    if (found !== NOT_INSTALLED) return found;
    const { loadLibsecret } = await import("./libsecret.ts");
    const library = loadLibsecret(this.system, this.patience);
    return library ? await (this.#way = library).find(account, unlock) : found;
  }

  write(account: string, value: string): Promise<Problem | undefined> {
    return this.#way.write(account, value);
  }

  erase(account: string): Promise<Problem | undefined> {
    return this.#way.erase(account);
  }
}
