import type { Pointer } from "../system/mod.ts";
import type { Found } from "./backend.ts";
import { cstring, type ErrorRoom, type Glib } from "./glib.ts";
import { attributesOf, problemOf } from "./secret_service.ts";
import { present, type Problem } from "./answers.ts";

const SECRETS = "org.freedesktop.secrets";
const SERVICE = "/org/freedesktop/secrets";
const [SESSION_BUS, NO_FLAGS, NO_LIMIT] = [2, 0, 0x7fffffff] as const;

/**
 * Looks entries up by messages on the session bus: https://specifications.freedesktop.org/secret-service. A search of
 * libsecret's first agrees with the service on a key, which takes longer than all the rest (6 of 14 ms); go-keyring does
 * without one too, on a socket that is the user's own. Nothing of this opens a dialog.
 */
export class SecretBus {
  #connection: Promise<Pointer> | undefined;
  #timeout = 0;

  constructor(private readonly glib: Glib) {}

  /** Of several entries the one that was changed last. `timeout`: milliseconds for each message. */
  async find(account: string, timeout: number, again = true): Promise<Found> {
    this.#timeout = timeout;
    let there = false;
    try {
      const [session, { unlocked, locked }] = await Promise.all([this.#session(), this.#search(account)]);
      const paths = [...unlocked, ...locked];
      const copies = paths.length;
      there = copies > 0;
      const newest = copies > 1 ? await this.#newest(paths) : paths[0];
      if (newest === undefined) return { state: "missing" };
      if (locked.includes(newest)) return { state: "locked", copies };
      return { ...await this.#secret(newest, session), copies };
    } catch (error) {
      if (!(error instanceof Obstacle)) throw error;
      const { problem } = error;
      if (!there || problem.state !== "refused" && problem.state !== "unavailable") return problem;
      // Another process removed the entry meanwhile, or the keychain that had it will not give it.
      return again ? await this.find(account, timeout, false) : { state: "refused", why: problem.why };
    }
  }

  /** A way for secrets to come through, without a key of its own. The service ends it with the connection. */
  async #session(): Promise<string> {
    return await this.#call(SERVICE, "Secret.Service", "OpenSession", "('plain', <''>)", "(vo)", (answer) => {
      return this.glib.text(answer, 1);
    });
  }

  async #search(account: string): Promise<{ unlocked: string[]; locked: string[] }> {
    const attributes = attributesOf(account).map(([name, value]) => `'${name}': '${value}'`).join(", ");
    return await this.#call(SERVICE, "Secret.Service", "SearchItems", `({${attributes}},)`, "(aoao)", (answer) => {
      const paths = (at: number) =>
        Array.from({ length: this.glib.count(answer, at) }, (_, index) => this.glib.text(answer, at, index));
      return { unlocked: paths(0), locked: paths(1) };
    });
  }

  async #newest(paths: string[]): Promise<string | undefined> {
    let newest: { path: string; modified: bigint } | undefined;
    const property = "('org.freedesktop.Secret.Item', 'Modified')";
    for (const path of paths) {
      const modified = await this.#call(path, "DBus.Properties", "Get", property, "(v)", (answer) => {
        const bytes = this.glib.bytes(answer, 0, 0);
        return bytes.length === 8 ? new BigUint64Array(bytes.buffer)[0]! : 0n; // what is no time is old
      });
      if (!newest || modified >= newest.modified) newest = { path, modified };
    }
    return newest?.path;
  }

  async #secret(path: string, session: string): Promise<Found> {
    return await this.#call(path, "Secret.Item", "GetSecret", `(objectpath '${session}',)`, "((oayays))", (answer) => {
      const bytes = this.glib.bytes(answer, 0, 2); // of session, parameters, value and content type
      const found = present(bytes);
      bytes.fill(0);
      return found;
    });
  }

  /**
   * One message and its answer, which is freed when it was read. `type`: of the answer. GLib refuses any other: to take
   * a part that is not there would end the process.
   */
  async #call<T>(
    path: string,
    of: string,
    method: string,
    parameters: string,
    type: string,
    read: (answer: Pointer) => T,
  ): Promise<T> {
    const { g_bus_get_sync: connect, g_dbus_connection_call_sync: send } = this.glib.calls;
    this.#connection ??= this.#wait(null, (_, error) => connect(SESSION_BUS, null, error));
    const texts = { path: cstring(path), of: cstring(`org.freedesktop.${of}`), method: cstring(method) };
    const message = { to: cstring(SECRETS), ...texts, type: cstring(type), values: this.glib.variant(parameters) };
    const connection = await this.#connection;
    const answer = await this.#wait(message, ({ to, path, of, method, type, values }, error) => {
      return send(connection, to, path, of, method, values, type, NO_FLAGS, NO_LIMIT, null, error);
    });
    try {
      return read(answer);
    } finally {
      void this.glib.calls.g_variant_unref(answer);
    }
  }

  async #wait<G>(given: G, call: (given: G, error: ErrorRoom) => Promise<Pointer>): Promise<Pointer> {
    const answer = await this.glib.within(this.#timeout, given, call);
    if (answer.state === "done") return answer.result;
    throw new Obstacle(answer.state === "hung" ? answer : problemOf(answer.complaint));
  }
}

/** Ends a look-up. */
class Obstacle extends Error {
  constructor(readonly problem: Problem) {
    super(problem.state);
  }
}
