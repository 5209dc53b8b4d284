import type { System } from "../system/mod.ts";
import type { Backend, Found } from "./backend.ts";
import type { Patience } from "./patience.ts";
import { NoWay, SessionBus } from "./session_bus.ts";
import { type Problem, SECRET_TOOL } from "./mod.ts";

type World = Pick<System, "sockets" | "files" | "spawn" | "ffi" | "env" | "clock" | "host">;

export function backend(system: World, patience: Patience): Backend {
  return new SecretService(system, patience);
}

/**
 * The Secret Service: by the session bus's own socket, which takes a third of the time and is one client throughout (a
 * service may grant an entry to each client apart). Behind it is libsecret, through `secret-tool` or in this process,
 * which knows addresses of other kinds and how to make a first keyring.
 */
class SecretService implements Backend {
  readonly #bus: SessionBus;
  #behind: Promise<Backend> | undefined;
  readonly capacity: () => number;

  constructor(private readonly system: World, private readonly patience: Patience) {
    this.#bus = new SessionBus(system, patience);
    this.capacity = this.#bus.capacity;
  }

  find(account: string, unlock: boolean): Promise<Found> {
    return this.#with((way) => way.find(account, unlock));
  }

  async write(account: string, value: string): Promise<Problem | undefined> {
    const problem = await this.#with((way) => way.write(account, value));
    // A first keyring is made in a dialog.
    const none = problem?.state === "unavailable" && this.patience.somebody && !this.#behind;
    return none ? await (await this.#other()).write(account, value) : problem;
  }

  erase(account: string): Promise<Problem | undefined> {
    return this.#with((way) => way.erase(account));
  }

  async #with<T>(step: (way: Backend) => Promise<T>): Promise<T> {
    if (!this.#behind) {
      try {
        return await step(this.#bus);
      } catch (error) {
        if (!(error instanceof NoWay)) throw error;
        this.#behind = this.#other();
      }
    }
    return await step(await this.#behind);
  }

  async #other(): Promise<Backend> {
    const tool = await this.system.files.stat(SECRET_TOOL).then(() => true, () => false);
    const { backend } = await (tool ? import("./secret_tool.ts") : import("./libsecret.ts"));
    return await backend(this.system, this.patience);
  }
}
