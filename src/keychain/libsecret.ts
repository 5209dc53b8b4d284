import { isSystemError } from "../errors.ts";
import type { Library, Pointer, System } from "../system/mod.ts";
import type { Backend, Found } from "./backend.ts";
import { type Answer, GLIB, Glib } from "./glib.ts";
import { type Patience, QUICK } from "./patience.ts";
import { SecretBus } from "./secret_bus.ts";
import { attributesOf, CAPACITY, labelOf, problemOf } from "./secret_service.ts";
import type { Problem } from "./store.ts";

/** Found by the system's own loader, which does not look in the working folder. */
const LIBRARY = "libsecret-1.so.0";

const p = "pointer";
const slow = { nonblocking: true } as const;
/** https://gnome.pages.gitlab.gnome.org/libsecret/: what may open a dialog, and knows how to wait for its end. */
const SYMBOLS = {
  g_str_hash: { type: p },
  g_str_equal: { type: p },
  address_of_g_free: { name: "g_free", type: p },
  g_hash_table_new_full: { parameters: [p, p, p, p], result: p },
  g_hash_table_insert: { parameters: [p, p, p], result: "i32" },
  g_hash_table_unref: { parameters: [p], result: "void" },
  secret_value_new: { parameters: ["buffer", "isize", "buffer"], result: p },
  secret_value_unref: { parameters: [p], result: "void" },
  secret_service_lookup_sync: { parameters: [p, p, p, p, p], result: p, ...slow },
  secret_service_store_sync: { parameters: [p, p, p, p, p, p, p, p], result: "i32", ...slow },
  secret_service_clear_sync: { parameters: [p, p, p, p, p], result: "i32", ...slow },
} as const;

/** As go-keyring: in the first of these collections that is there, as that type. */
const COLLECTIONS = ["/org/freedesktop/secrets/collection/login", "default"];
const CONTENT_TYPE = "text/plain; charset=utf8";

type World = Pick<System, "ffi" | "clock">;

/** Undefined when it is not installed. */
export function loadLibsecret(system: World, patience: Patience): Libsecret | undefined {
  try {
    return new Libsecret(system, patience, system.ffi.dlopen(LIBRARY, GLIB).symbols);
  } catch (error) {
    if (isSystemError(error, "NotCapable")) throw error;
    return undefined;
  }
}

/** The Secret Service through libsecret, in this process. */
class Libsecret implements Backend {
  readonly #glib: Glib;
  readonly #bus: SecretBus;
  #loaded: Library<typeof SYMBOLS> | undefined;

  constructor(
    private readonly system: World,
    private readonly patience: Patience,
    private readonly basis: Library<typeof GLIB>,
  ) {
    this.#glib = new Glib(system, basis);
    this.#bus = new SecretBus(this.#glib, basis);
  }

  capacity(): number {
    return CAPACITY;
  }

  async find(account: string, unlock: boolean): Promise<Found> {
    if (unlock) {
      const lookUp = (timeout: number) =>
        this.#call(account, timeout, (attributes, error) => {
          return this.#lib.secret_service_lookup_sync(null, null, attributes, null, error);
        });
      const answer = await this.patience.ask(lookUp);
      if (answer.state === "hung") return answer;
      if (answer.state === "done" && answer.result) this.#lib.secret_value_unref(answer.result);
    }
    return await this.#bus.find(account);
  }

  async write(account: string, value: string): Promise<Problem | undefined> {
    const [secret, label] = [this.#secret(value), this.#glib.string(labelOf(account))];
    let problem: Problem | undefined;
    for (const name of COLLECTIONS) {
      const collection = this.#glib.string(name);
      const store = (timeout: number) =>
        this.#call(account, timeout, (attributes, error) => {
          return this.#lib.secret_service_store_sync(null, null, attributes, collection, label, secret, null, error);
        });
      const answer = await this.patience.ask(store);
      if (answer.state === "hung") return answer;
      this.basis.g_free(collection);
      problem = answer.state === "failed" ? problemOf(answer.complaint, "refused") : undefined;
      if (problem?.state !== "refused" && problem?.state !== "unavailable") break;
    }
    this.basis.g_free(label);
    this.#lib.secret_value_unref(secret);
    return problem;
  }

  async erase(account: string): Promise<Problem | undefined> {
    const answer = await this.#call(account, QUICK, (attributes, error) => {
      return this.#lib.secret_service_clear_sync(null, null, attributes, null, error);
    });
    if (answer.state === "hung") return answer;
    return answer.state === "failed" ? problemOf(answer.complaint, "refused") : undefined;
  }

  get #lib(): Library<typeof SYMBOLS> {
    return this.#loaded ??= this.system.ffi.dlopen(LIBRARY, SYMBOLS).symbols;
  }

  /** One call with the attributes of an account, within its time. */
  async #call<T>(
    account: string,
    timeout: number,
    call: (attributes: Pointer, error: Pointer) => Promise<T>,
  ): Promise<Answer<T>> {
    const { g_str_hash, g_str_equal, address_of_g_free: free } = this.#lib;
    const attributes = this.#lib.g_hash_table_new_full(g_str_hash, g_str_equal, free, free);
    for (const [name, value] of attributesOf(account)) {
      this.#lib.g_hash_table_insert(attributes, this.#glib.string(name), this.#glib.string(value));
    }
    const answer = await this.#glib.within(timeout, (error) => call(attributes, error));
    if (answer.state !== "hung") this.#lib.g_hash_table_unref(attributes);
    return answer;
  }

  /** A SecretValue, in memory that is not swapped out and is cleared. */
  #secret(value: string): Pointer {
    const bytes = new TextEncoder().encode(value);
    const type = new TextEncoder().encode(`${CONTENT_TYPE}\0`);
    const secret = this.#lib.secret_value_new(bytes, BigInt(bytes.length), type);
    bytes.fill(0);
    return secret;
  }
}
