import { isSystemError } from "../errors.ts";
import type { Library, Pointer, System } from "../system/mod.ts";
import { type Backend, type Found, present } from "./backend.ts";
import { GLIB, Glib } from "./glib.ts";
import { type Patience, QUICK } from "./patience.ts";
import { attributesOf, CAPACITY, labelOf, problemOf } from "./secret_service.ts";
import type { Problem } from "./store.ts";

/** Found by the system's own loader, which does not look in the working folder. */
const LIBRARY = "libsecret-1.so.0";

const p = "pointer";
const slow = { nonblocking: true } as const;
/** https://gnome.pages.gitlab.gnome.org/libsecret/: the slow ones ask the service, on threads of their own. */
const SYMBOLS = {
  ...GLIB,
  secret_item_get_modified: { parameters: [p], result: "u64" },
  secret_item_get_secret: { parameters: [p], result: p },
  secret_value_new: { parameters: ["buffer", "isize", "buffer"], result: p },
  secret_value_get: { parameters: [p, "buffer"], result: p },
  secret_value_unref: { parameters: [p], result: "void" },
  secret_service_search_sync: { parameters: [p, p, p, "i32", p, p], result: p, ...slow },
  secret_service_store_sync: { parameters: [p, p, p, p, p, p, p, p], result: "i32", ...slow },
  secret_service_clear_sync: { parameters: [p, p, p, p, p], result: "i32", ...slow },
} as const;

/** SecretSearchFlags. */
const [ALL, UNLOCK, LOAD_SECRETS] = [2, 4, 8] as const;

/** As go-keyring: in the first of these collections that is there, as that type. */
const COLLECTIONS = ["/org/freedesktop/secrets/collection/login", "default"];
const CONTENT_TYPE = "text/plain; charset=utf-8";

type World = Pick<System, "ffi" | "clock">;
type Answer<T> = { state: "done"; result: T } | { state: "failed"; complaint: string } | { state: "hung" };

/** Undefined when it is not installed. */
export function loadLibsecret(system: World, patience: Patience): Libsecret | undefined {
  try {
    return new Libsecret(system, patience, system.ffi.dlopen(LIBRARY, SYMBOLS).symbols);
  } catch (error) {
    if (isSystemError(error, "NotCapable")) throw error;
    return undefined;
  }
}

/**
 * The Secret Service through libsecret, in this process. A search opens no dialog unless it is told to unlock. A call
 * that hangs cannot be taken back: it keeps its thread, and all that it was given, until the process ends.
 */
export class Libsecret implements Backend {
  readonly #glib: Glib;

  constructor(
    private readonly system: World,
    private readonly patience: Patience,
    private readonly lib: Library<typeof SYMBOLS>,
  ) {
    this.#glib = new Glib(system.ffi, lib);
  }

  capacity(): number {
    return CAPACITY;
  }

  async find(account: string, unlock: boolean): Promise<Found> {
    const flags = ALL | LOAD_SECRETS | (unlock ? UNLOCK : 0);
    const search = (timeout: number) =>
      this.#call(account, timeout, (attributes, error) => {
        return this.lib.secret_service_search_sync(null, null, attributes, flags, null, error);
      });
    const answer = await (unlock ? this.patience.ask(search) : search(QUICK));
    if (answer.state === "hung") return answer;
    if (answer.state === "failed") return problemOf(answer.complaint, "unavailable");
    const items = this.#glib.take(answer.result).map((item) => this.#take(item));
    const newest = items.reduce((a, b) => b.modified >= a.modified ? b : a, { modified: -1n, found: MISSING });
    return { ...newest.found, copies: items.length };
  }

  async write(account: string, value: string): Promise<Problem | undefined> {
    const [secret, label] = [this.#secret(value), this.#glib.string(labelOf(account))];
    let problem: Problem | undefined;
    for (const name of COLLECTIONS) {
      const collection = this.#glib.string(name);
      const store = (timeout: number) =>
        this.#call(account, timeout, (attributes, error) => {
          return this.lib.secret_service_store_sync(null, null, attributes, collection, label, secret, null, error);
        });
      const answer = await this.patience.ask(store);
      if (answer.state === "hung") return answer;
      this.lib.g_free(collection);
      problem = answer.state === "failed" ? problemOf(answer.complaint, "refused") : undefined;
      if (problem?.state !== "refused" && problem?.state !== "unavailable") break;
    }
    this.lib.g_free(label);
    this.lib.secret_value_unref(secret);
    return problem;
  }

  async erase(account: string): Promise<Problem | undefined> {
    const answer = await this.#call(account, QUICK, (attributes, error) => {
      return this.lib.secret_service_clear_sync(null, null, attributes, null, error);
    });
    if (answer.state === "hung") return answer;
    return answer.state === "failed" ? problemOf(answer.complaint, "refused") : undefined;
  }

  /** One call with the attributes of an account, within its time. */
  async #call<T>(
    account: string,
    timeout: number,
    call: (attributes: Pointer, error: Pointer) => Promise<T>,
  ): Promise<Answer<T>> {
    const [attributes, error] = [this.#glib.table(attributesOf(account)), this.#glib.noError()];
    const over = new AbortController();
    const late = this.system.clock.sleep(timeout, over.signal).then(() => HUNG, () => HUNG);
    const done = call(attributes, error).then((result) => ({ state: "done", result }) as const);
    const answer = await Promise.race([done, late]);
    over.abort();
    if (answer.state === "hung") return answer;
    this.lib.g_hash_table_unref(attributes);
    const complaint = this.#glib.takeError(error);
    return complaint === undefined ? answer : { state: "failed", complaint };
  }

  /** Reads one entry, and gives it back to the library. Only of a locked one there is no secret. */
  #take(item: Pointer): { found: Found; modified: bigint } {
    const modified = this.lib.secret_item_get_modified(item);
    const secret = this.lib.secret_item_get_secret(item);
    this.lib.g_object_unref(item);
    if (!secret) return { found: { state: "locked" }, modified };
    const length = new BigUint64Array(1);
    const address = this.lib.secret_value_get(secret, length);
    const found = present(this.#glib.bytes(address, Number(length[0])));
    this.lib.secret_value_unref(secret);
    return { found, modified };
  }

  /** A SecretValue, in memory that is not swapped out and is cleared. */
  #secret(value: string): Pointer {
    const bytes = new TextEncoder().encode(value);
    const secret = this.lib.secret_value_new(
      bytes,
      BigInt(bytes.length),
      new TextEncoder().encode(`${CONTENT_TYPE}\0`),
    );
    bytes.fill(0);
    return secret;
  }
}

const HUNG = { state: "hung" } as const;
const MISSING: Found = { state: "missing" };
