import { packMessage, type Sent, unpackMessage, type Value } from "./wire.ts";

const ROOT = "/org/freedesktop/secrets";
const LOGIN = `${ROOT}/collection/login`;
const PROMPT = `${ROOT}/prompt/p1`;
const SESSION = `${ROOT}/session/s1`;

export type State = "unlocked" | "locked" | "no-service" | "no-keyring" | "hung";

export interface Item {
  attributes: Record<string, string>;
  label: string;
  secret: Uint8Array;
  type: string;
  modified: bigint;
}

/**
 * A session bus with a Secret Service on it, as GNOME Keyring is: `tests/contract/keychain.ts` holds it to the real one.
 * All of it may be changed between two calls.
 */
export interface FakeBus extends AsyncDisposable {
  readonly path: string;
  readonly address: string;
  state: State;
  /** A service that grants each client apart, as KeePassXC does: what one was granted is locked for the next. */
  apart: boolean;
  /** What the person says to a dialog; undefined: nothing, ever. */
  person: "approves" | "dismisses" | undefined;
  readonly items: Map<string, Item>;
  /** Methods called, in their order, and how many clients there were. */
  readonly calls: string[];
  clients: number;
  /** What is said to a client that introduces itself. */
  greeting: string;
  /** Waits before the answer to that method. */
  before: (member: string) => Promise<void> | void;
  /** The connection is closed after the answer to that method. */
  endsAfter?: string;
  /** What goes out in the place of an answer; undefined: nothing, and the connection is closed. */
  tamper: (member: string, answer: Uint8Array, message: Sent) => Uint8Array | undefined;
}

interface Client {
  granted: boolean;
  serial: number;
  send(bytes: Uint8Array): Promise<void>;
}

type Reply = { signature: string; values: Value[] } | { error: string; text: string };

/** Opens it in a folder of its own, named so that its address has to be escaped. */
export async function fakeBus(): Promise<FakeBus> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a bus,of one's own`;
  const address = `unix:guid=00112233445566778899aabbccddeeff,path=${encodeURIComponent(path)}`;
  const listener = Deno.listen({ transport: "unix", path });
  const connections = new Set<Deno.UnixConn>();
  const bus: FakeBus = {
    path,
    address,
    state: "unlocked",
    apart: false,
    person: undefined,
    items: new Map(),
    calls: [],
    clients: 0,
    greeting: "OK 00112233445566778899aabbccddeeff\r\n",
    before() {},
    tamper: (_, answer) => answer,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of connections) close(connection);
      await Deno.remove(folder, { recursive: true });
    },
  };
  const accept = async () => {
    for await (const connection of listener) {
      connections.add(connection);
      bus.clients++;
      serve(bus, connection).catch(() => {}).finally(() => (connections.delete(connection), close(connection)));
    }
  };
  void accept();
  return bus;
}

function close(connection: Deno.UnixConn): void {
  try {
    connection.close();
  } catch { /* it is closed */ }
}

async function serve(bus: FakeBus, connection: Deno.UnixConn): Promise<void> {
  let have = new Uint8Array();
  const more = async () => {
    const room = new Uint8Array(65_536);
    const length = await connection.read(room);
    if (length === null) throw new Error("the client went away");
    have = Uint8Array.from([...have, ...room.subarray(0, length)]);
  };
  const send = async (bytes: Uint8Array) => {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await connection.write(rest));
  };
  const line = async () => {
    while (!have.includes(10)) await more();
    const text = new TextDecoder().decode(have.subarray(0, have.indexOf(10) + 1));
    have = have.slice(have.indexOf(10) + 1);
    return text;
  };
  const uid = new TextEncoder().encode(`${Deno.uid()}`).toHex();
  const say = (text: string) => send(new TextEncoder().encode(text));
  const first = await line();
  const gdbus = first === "\0AUTH\r\n"; // it asks for the ways to introduce itself, and does so piece by piece
  if (gdbus) {
    await say("REJECTED EXTERNAL\r\n");
    if (await line() === "AUTH EXTERNAL\r\n") await say("DATA\r\n").then(line);
  } else if (first !== `\0AUTH EXTERNAL ${uid}\r\n`) throw new Error("a stranger");
  await say(bus.greeting);
  if (gdbus && await line() === "NEGOTIATE_UNIX_FD\r\n") await say("ERROR\r\n");
  if (await line() !== "BEGIN\r\n") throw new Error("no beginning");
  const client: Client = { granted: false, serial: 0, send };
  for (;;) {
    const found = unpackMessage(have);
    if (!found) {
      await more();
      continue;
    }
    have = have.slice(found[1]);
    await reply(bus, client, found[0]);
  }
}

async function reply(bus: FakeBus, client: Client, message: Sent): Promise<void> {
  const member = `${message.fields.member}`;
  bus.calls.push(member);
  const own = message.fields.of === "org.freedesktop.DBus";
  if (!own && bus.state === "hung") return;
  await bus.before(member);
  const answer = own ? ownAnswer(member) : bus.state === "no-service" ? NO_SERVICE : answerOf(bus, client, message);
  const base = { serial: ++client.serial, fields: { to: message.serial } };
  const bytes = "error" in answer
    ? packMessage({
      ...base,
      type: 3,
      fields: { ...base.fields, error: answer.error, signature: "s" },
      values: [answer.text],
    })
    : packMessage({
      ...base,
      type: 2,
      fields: { ...base.fields, ...answer.signature && { signature: answer.signature } },
      values: answer.values,
    });
  const out = bus.tamper(member, bytes, message);
  if (!out) throw new Error("closed");
  await client.send(out);
  if (member === bus.endsAfter) throw new Error("closed");
  if (member === "Prompt" && bus.person) await completed(bus, client);
}

async function completed(bus: FakeBus, client: Client): Promise<void> {
  const dismissed = bus.person === "dismisses";
  if (!dismissed) {
    client.granted = true;
    if (bus.state === "locked") bus.state = "unlocked";
  }
  const fields = { path: PROMPT, of: "org.freedesktop.Secret.Prompt", member: "Completed", signature: "bv" };
  await client.send(packMessage({ type: 4, serial: ++client.serial, fields, values: [dismissed, ["s", ""]] }));
}

const NO_SERVICE: Reply = {
  error: "org.freedesktop.DBus.Error.ServiceUnknown",
  text: "The name org.freedesktop.secrets was not provided by any .service files",
};

function ownAnswer(member: string): Reply {
  return member === "Hello" ? { signature: "s", values: [":1.7"] } : { signature: "", values: [] };
}

function answerOf(bus: FakeBus, client: Client, { fields, values }: Sent): Reply {
  const path = `${fields.path}`;
  const item = bus.items.get(path);
  const locked = bus.state === "locked" || (bus.apart && !client.granted);
  switch (`${fields.member}`) {
    case "OpenSession":
      return { signature: "vo", values: [["s", ""], SESSION] };
    case "SearchItems": {
      const wanted = values[0] as [string, string][];
      const found = [...bus.items].filter(([, { attributes }]) => wanted.every(([k, v]) => attributes[k] === v));
      const paths = found.map(([path]) => path);
      return { signature: "aoao", values: locked ? [[], paths] : [paths, []] };
    }
    case "Unlock":
      return { signature: "aoo", values: locked ? [[], PROMPT] : [values[0]!, "/"] };
    case "Prompt":
      return { signature: "", values: [] };
    case "CreateItem":
      return create(bus, path, locked, values);
  }
  if (!item) return { error: "org.freedesktop.Secret.Error.NoSuchObject", text: `The '${path}' object does not exist` };
  if (locked) return { error: "org.freedesktop.Secret.Error.IsLocked", text: "Cannot get secret of a locked object" };
  switch (`${fields.member}`) {
    case "GetSecret":
      if (values[0] !== SESSION) return { error: "org.freedesktop.Secret.Error.NoSession", text: "no such session" };
      return { signature: "(oayays)", values: [[SESSION, [], [...item.secret], item.type]] };
    case "Get":
      return { signature: "v", values: [["t", item.modified]] };
    case "Delete":
      bus.items.delete(path);
      return { signature: "o", values: ["/"] };
    default:
      return { error: "org.freedesktop.DBus.Error.UnknownMethod", text: "no such method" };
  }
}

function create(bus: FakeBus, path: string, locked: boolean, [properties, secret, replace]: Value[]): Reply {
  if (path !== LOGIN || bus.state === "no-keyring") {
    return { error: "org.freedesktop.DBus.Error.UnknownMethod", text: `Object does not exist at path “${path}”` };
  }
  if (locked) {
    return { error: "org.freedesktop.Secret.Error.IsLocked", text: "Cannot create an item in a locked collection" };
  }
  const given = Object.fromEntries(properties as [string, [string, Value]][]);
  const [, , bytes, type] = secret as [string, Value, number[], string];
  const attributes = Object.fromEntries(given["org.freedesktop.Secret.Item.Attributes"]![1] as [string, string][]);
  const label = `${given["org.freedesktop.Secret.Item.Label"]![1]}`;
  const at = put(bus, { attributes, label, type, secret: Uint8Array.from(bytes) }, replace === true);
  return { signature: "oo", values: [at, "/"] };
}

/** Adds an item, or replaces the one with exactly these attributes; gives its path. */
export function put(bus: FakeBus, item: Omit<Item, "modified">, replace = true): string {
  const key = (attributes: Record<string, string>) => JSON.stringify(Object.entries(attributes).sort());
  const same = [...bus.items].find(([, { attributes }]) => key(attributes) === key(item.attributes));
  const at = replace && same ? same[0] : `${LOGIN}/${bus.items.size + 1}_${bus.calls.length}`;
  bus.items.set(at, { ...item, modified: BigInt(1_000 + bus.items.size) });
  return at;
}
