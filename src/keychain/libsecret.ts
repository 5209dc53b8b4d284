import type { Library, Pointer, System } from "../system/mod.ts";
import { absent, type Backend, type Found } from "./backend.ts";
import { type Answer, CALLS, cstring, type ErrorRoom, Glib } from "./glib.ts";
import { load } from "./library.ts";
import type { Patience } from "./patience.ts";
import { SecretBus } from "./secret_bus.ts";
import { NO_BUS, type Problem } from "./mod.ts";
import { backend as withTool, hasBus } from "./secret_tool.ts";
import { attributesOf, CAPACITY, CONTENT_TYPE, labelOf, problemOf } from "./secret_service.ts";

/** Found by the system's own loader, which does not look in the working folder. */
const LIBRARY = "libsecret-1.so.0";

const p = "pointer";
const aside = { nonblocking: true } as const;
/** https://gnome.pages.gitlab.gnome.org/libsecret/: what may open a dialog, and knows how to wait for its end. */
const SYMBOLS = {
  g_str_hash: { type: p },
  g_str_equal: { type: p },
  g_free: { type: p },
  g_strdup: { parameters: ["buffer"], result: p },
  g_hash_table_new_full: { parameters: [p, p, p, p], result: p },
  g_hash_table_insert: { parameters: [p, p, p], result: "i32" },
  g_hash_table_unref: { parameters: [p], result: "void" },
  secret_value_new: { parameters: ["buffer", "isize", "buffer"], result: p },
  secret_value_unref: { parameters: [p], result: "void" },
  secret_service_lookup_sync: { parameters: [p, p, p, p, "buffer"], result: p, ...aside },
  secret_service_store_sync: { parameters: [p, p, p, "buffer", "buffer", p, p, "buffer"], result: "i32", ...aside },
  secret_service_clear_sync: { parameters: [p, p, p, p, "buffer"], result: "i32", ...aside },
} as const;

/** As go-keyring: in the first of these collections that is there, as that type. */
const COLLECTIONS = ["/org/freedesktop/secrets/collection/login", "default"];

type World = Pick<System, "files" | "spawn" | "ffi" | "env" | "host">;

/** As where there is a `secret-tool`; without the library either, what would use that says what is missing. */
export async function backend(system: World, patience: Patience): Promise<Backend> {
  const calls = load(system.ffi, LIBRARY, CALLS);
  if (!calls) return await withTool(system, patience);
  // The one that GLib would start inherits the whole environment.
  return await hasBus(system) ? new Libsecret(system, patience, calls) : absent(NO_BUS);
}

/** The Secret Service through libsecret, in this process. */
class Libsecret implements Backend {
  readonly #glib: Glib;
  readonly #bus: SecretBus;
  #loaded: Library<typeof SYMBOLS> | undefined;

  constructor(
    private readonly system: Pick<System, "ffi">,
    private readonly patience: Patience,
    calls: Library<typeof CALLS>,
  ) {
    this.#glib = new Glib(system, patience, LIBRARY, calls);
    this.#bus = new SecretBus(this.#glib);
  }

  capacity(): number {
    return CAPACITY;
  }

  async find(account: string, unlock: boolean): Promise<Found> {
    if (unlock) {
      const lookUp = (timeout: number) =>
        this.#call(account, timeout, null, (attributes, _, error) => {
          return this.#lib.secret_service_lookup_sync(null, null, attributes, null, error);
        });
      const answer = await this.patience.ask(lookUp);
      if (answer.state === "hung") return answer;
      if (answer.state === "done" && answer.result) this.#lib.secret_value_unref(answer.result);
    }
    // Of many entries each takes a message: all of them have no longer than one.
    return await this.patience.quick((timeout) =>
      this.patience.within(timeout, this.#bus.find(account, timeout), () => ({ state: "hung" }))
    );
  }

  async write(account: string, value: string): Promise<Problem | undefined> {
    const secret = this.#secret(value);
    let problem: Problem | undefined;
    for (const collection of COLLECTIONS) {
      const texts = { collection: cstring(collection), label: cstring(labelOf(account)) };
      const store = (timeout: number) =>
        this.#call(account, timeout, texts, (attributes, { collection, label }, error) => {
          return this.#lib.secret_service_store_sync(null, null, attributes, collection, label, secret, null, error);
        });
      const answer = await this.patience.ask(store);
      if (answer.state === "hung") return answer;
      problem = answer.state === "failed" ? problemOf(answer.complaint) : undefined;
      if (problem?.state !== "refused" && problem?.state !== "unavailable") break;
    }
    this.#lib.secret_value_unref(secret);
    return problem;
  }

  async erase(account: string): Promise<Problem | undefined> {
    const clear = (timeout: number) =>
      this.#call(account, timeout, null, (attributes, _, error) => {
        return this.#lib.secret_service_clear_sync(null, null, attributes, null, error);
      });
    const answer = await this.patience.quick(clear);
    if (answer.state === "hung") return answer;
    return answer.state === "failed" ? problemOf(answer.complaint) : undefined;
  }

  get #lib(): Library<typeof SYMBOLS> {
    return this.#loaded ??= this.system.ffi.dlopen(LIBRARY, SYMBOLS).symbols;
  }

  /** One call with the attributes of an account and what else is `given`, within its time. */
  async #call<G, T>(
    account: string,
    timeout: number,
    given: G,
    call: (attributes: Pointer, given: G, error: ErrorRoom) => Promise<T>,
  ): Promise<Answer<T>> {
    const { g_str_hash, g_str_equal, g_free, g_strdup } = this.#lib;
    const attributes = this.#lib.g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (const [name, value] of attributesOf(account)) {
      this.#lib.g_hash_table_insert(attributes, g_strdup(cstring(name)), g_strdup(cstring(value)));
    }
    const answer = await this.#glib.within(timeout, given, (given, error) => call(attributes, given, error));
    if (answer.state !== "hung") this.#lib.g_hash_table_unref(attributes);
    return answer;
  }

  /** A SecretValue, in memory that is not swapped out and is cleared. */
  #secret(value: string): Pointer {
    const bytes = new TextEncoder().encode(value);
    const secret = this.#lib.secret_value_new(bytes, BigInt(bytes.length), cstring(CONTENT_TYPE));
    bytes.fill(0);
    return secret;
  }
}
