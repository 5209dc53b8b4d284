import { AppError } from "../../../src/errors.ts";
import { type Keychain, Unavailable } from "../../../src/keychain/mod.ts";
import type { Running } from "../binary/running.ts";
import type { Thrown } from "./agent.ts";

/** Keychains of an agent (`agent.ts`), each as a new run of the program would open it. */
export class Remote implements AsyncDisposable {
  #runs = 0;

  constructor(private readonly agent: Running) {}

  open(name = "remote"): Keychain {
    const run = this.#runs++;
    const call = <T>(method: string, ...args: string[]) => this.call(run, method, ...args) as Promise<T>;
    return {
      name,
      get: (account) => call("get", account),
      set: (account, value) => call("set", account, value),
      delete: (account) => call("delete", account),
    };
  }

  /** One call after the other. */
  async call(run: number, method: string, ...args: string[]): Promise<unknown> {
    await this.agent.type(`${JSON.stringify([run, method, ...args])}\n`);
    const [result, thrown] = JSON.parse(await this.agent.line()) as [unknown, Thrown?];
    if (thrown) throw errorOf(thrown);
    return result ?? undefined;
  }

  /** Ends it; gives what it said on stderr. */
  async complaints(): Promise<string> {
    return (await this.agent.end()).err;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent.end();
  }
}

function errorOf({ unavailable, kind, message, hint }: Thrown): AppError {
  const error = unavailable ? new Unavailable("", "") : new AppError(kind, "");
  return Object.assign(error, { message, hint });
}
