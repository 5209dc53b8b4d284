import type { System } from "../system/mod.ts";
import type { Backend, Found } from "./backend.ts";
import { Bus, Refused } from "./bus.ts";
import { busPaths } from "./bus_address.ts";
import { type Call, TooLarge, type Writer } from "./bus_message.ts";
import type { Patience } from "./patience.ts";
import { attributesOf, CAPACITY, CONTENT_TYPE, keptOf, labelOf, problemOf } from "./secret_service.ts";
import { present, type Problem } from "./answers.ts";

const SECRETS = "org.freedesktop.secrets";
const SERVICE = "/org/freedesktop/secrets";
/** As go-keyring: in the first of these collections that is there. */
const COLLECTIONS = [`${SERVICE}/collection/login`, `${SERVICE}/aliases/default`];
/** In the place of a path: there is none. */
const NONE = "/";

/** Nothing is known: the bus is out of reach, or what is at its address does not speak as one. */
export class NoWay extends Error {}

type World = Pick<System, "sockets" | "env" | "files" | "host">;

/**
 * The Secret Service by messages on the session bus: https://specifications.freedesktop.org/secret-service. No key is
 * agreed upon, as go-keyring does without: the socket is the user's own. No dialog opens but in {@link Patience.ask}.
 * Throws {@link NoWay} where something else has to be tried.
 */
export class SessionBus implements Backend {
  #bus: Bus | undefined;
  /** A way for secrets to come through, without a key of its own. The service ends it with the connection. */
  #session: string | undefined;

  constructor(private readonly system: World, private readonly patience: Patience) {}

  capacity(): number {
    return CAPACITY;
  }

  async find(account: string, unlock: boolean): Promise<Found> {
    if (unlock) {
      const problem = await this.#ask(async (bus) => await this.#unlock(bus, (await search(bus, account)).locked));
      if (problem) return problem;
    }
    return await this.patience.quick((timeout) => this.#within(timeout, (bus) => this.#find(bus, account, true)));
  }

  async write(account: string, value: string): Promise<Problem | undefined> {
    return await this.#ask(async (bus) => {
      const session = await this.#open(bus);
      let problem: Problem | undefined;
      for (const path of COLLECTIONS) {
        const create = () => this.#change(bus, creation(path, session, account, value), "oo");
        problem = await create();
        if (problem?.state === "locked" && this.patience.somebody) {
          problem = await this.#unlock(bus, [path]) ?? await create();
        }
        if (problem?.state !== "refused" && problem?.state !== "unavailable") break;
      }
      return problem;
    });
  }

  async erase(account: string): Promise<Problem | undefined> {
    return await this.#ask(async (bus) => {
      for (const path of (await search(bus, account)).unlocked) {
        const problem = await this.#change(bus, call(path, "Item", "Delete"), "o");
        if (problem) return problem;
      }
      return undefined;
    });
  }

  /** Of several entries the one that was changed last. `again`: what is gone meanwhile is looked for once more. */
  async #find(bus: Bus, account: string, again: boolean): Promise<Found> {
    const opening = this.#session === undefined ? bus.send(OPENING) : undefined;
    const { unlocked, locked } = await search(bus, account);
    if (opening !== undefined) this.#session = await opened(bus, opening);
    const paths = [...unlocked, ...locked];
    const copies = paths.length;
    if (copies === 0) return { state: "missing" };
    try {
      const path = copies > 1 ? await newest(bus, paths) : paths[0]!;
      if (locked.includes(path)) return { state: "locked", copies };
      const session = this.#session!;
      const secret = (await bus.call(call(path, "Item", "GetSecret", "o", (body) => body.text(session)), "(oayays)"))
        .align(8);
      if (secret.path() !== session || secret.blob().length > 0) throw new TypeError("of another session");
      return { ...present(secret.blob()), copies };
    } catch (error) {
      if (error instanceof Refused) {
        const problem = keptOf(error.message);
        if (!again || problem.state === "locked") return { ...problem, copies };
        this.#session = undefined; // another process removed the entry, or the service began anew
        return await this.#find(bus, account, false);
      }
      if (!(error instanceof TooLarge)) throw error;
      this.#leave();
      return { state: "present", value: "", copies };
    }
  }

  async #open(bus: Bus): Promise<string> {
    return this.#session ??= await opened(bus, bus.send(OPENING));
  }

  /** Asks the person. What they answer is seen by looking again. */
  async #unlock(bus: Bus, paths: string[]): Promise<Problem | undefined> {
    const all = (body: Writer) => body.array(4, () => paths.forEach((path) => body.text(path)));
    const answer = await bus.call(call(SERVICE, "Service", "Unlock", "ao", all), "aoo");
    answer.paths();
    await complete(bus, answer.path());
    return undefined;
  }

  /** A call whose answer ends with the path of a question to the person, if it has one. */
  async #change(bus: Bus, call: Call, signature: "oo" | "o"): Promise<Problem | undefined> {
    try {
      const answer = await bus.call(call, signature);
      if (signature === "oo") answer.path();
      const question = answer.path();
      if (question === NONE) return undefined;
      if (!this.patience.somebody) return { state: "locked" };
      await complete(bus, question);
      return undefined;
    } catch (error) {
      if (error instanceof Refused) return (signature === "oo" ? problemOf : keptOf)(error.message);
      throw error;
    }
  }

  async #ask(work: (bus: Bus) => Promise<Problem | undefined>): Promise<Problem | undefined> {
    return await this.patience.ask((timeout) => this.#within(timeout, work));
  }

  /** Does it with the bus, within its time. */
  async #within<T>(timeout: number, work: (bus: Bus) => Promise<T>): Promise<T | Problem> {
    const done = this.#try(work);
    done.catch(() => {}); // it may be given up
    return await this.patience.within(timeout, done, () => {
      this.#leave();
      return { state: "hung" };
    });
  }

  async #try<T>(work: (bus: Bus) => Promise<T>): Promise<T | Problem> {
    try {
      return await work(this.#bus ??= await this.#connect());
    } catch (error) {
      if (error instanceof Refused) return problemOf(error.message);
      this.#leave();
      throw new NoWay();
    }
  }

  async #connect(): Promise<Bus> {
    for (const path of await busPaths(this.system)) {
      const socket = await this.system.sockets.connect(path).catch(() => undefined);
      if (socket) return new Bus(socket, this.system.host.uid);
    }
    throw new NoWay();
  }

  #leave(): void {
    this.#bus?.close();
    this.#bus = this.#session = undefined;
  }
}

const OPENING = call(SERVICE, "Service", "OpenSession", "sv", (body) => body.text("plain").signature("s").text(""));

async function opened(bus: Bus, serial: number): Promise<string> {
  const answer = await bus.answer(serial, "vo");
  answer.value(answer.signature());
  return answer.path();
}

async function search(bus: Bus, account: string): Promise<{ unlocked: string[]; locked: string[] }> {
  const attributes = (body: Writer) => body.pairs(attributesOf(account));
  const answer = await bus.call(call(SERVICE, "Service", "SearchItems", "a{ss}", attributes), "aoao");
  return { unlocked: answer.paths(), locked: answer.paths() };
}

async function newest(bus: Bus, paths: string[]): Promise<string> {
  const property = (body: Writer) => body.text("org.freedesktop.Secret.Item").text("Modified");
  const asked = paths.map((path) => {
    const of = "org.freedesktop.DBus.Properties";
    return [path, bus.send({ ...call(path, "", "Get", "ss", property), of })] as const;
  });
  let newest: { path: string; modified: bigint } | undefined;
  for (const [path, serial] of asked) {
    const answer = await bus.answer(serial, "v");
    if (answer.signature() !== "t") throw new TypeError("no time");
    const modified = answer.u64();
    if (!newest || modified >= newest.modified) newest = { path, modified };
  }
  return newest!.path;
}

/** As go-keyring fills it: label, attributes, and the secret of (session, parameters, value, type); what is there is replaced. */
function creation(collection: string, session: string, account: string, value: string): Call {
  const property = (body: Writer, name: string, type: string) =>
    body.align(8).text(`org.freedesktop.Secret.Item.${name}`).signature(type);
  return call(collection, "Collection", "CreateItem", "a{sv}(oayays)b", (body) => {
    body.array(8, () => {
      property(body, "Label", "s").text(labelOf(account));
      property(body, "Attributes", "a{ss}").pairs(attributesOf(account));
    });
    const bytes = new TextEncoder().encode(value);
    body.align(8).text(session).blob(new Uint8Array()).blob(bytes).text(CONTENT_TYPE).u32(1);
  });
}

/** Lets the service ask the person, if it has a question. What they answered is seen by looking again. */
async function complete(bus: Bus, question: string): Promise<void> {
  const start = (body: Writer) => body.text("");
  if (question !== NONE) await bus.complete(call(question, "Prompt", "Prompt", "s", start));
}

function call(path: string, of: string, member: string, signature?: string, write?: Call["write"]): Call {
  return { to: SECRETS, path, of: `org.freedesktop.Secret.${of}`, member, signature, write };
}
