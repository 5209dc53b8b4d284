import type { Socket } from "../system/mod.ts";
import { ANSWER, type Call, callOf, type Message, parseMessage, type Reader, REFUSAL, SIGNAL } from "./bus_message.ts";

const BUS = { to: "org.freedesktop.DBus", path: "/org/freedesktop/DBus", of: "org.freedesktop.DBus" } as const;
/** Most bytes that are read in one run. */
const LIMIT = 1 << 20;

/** An answer that is an error: its name, and the service's words, which may be of any language, or none; as GDBus says it. */
export class Refused extends Error {}

/** One connection to a bus, which is one client to the services on it. Any other error than {@link Refused} ends it. */
export class Bus {
  #out: number[] = [];
  readonly #answers = new Map<unknown, Message | undefined>();
  readonly #completed = new Set<unknown>();
  #have = new Uint8Array();
  #welcome = false;
  #read = 0;
  #serial = 0;

  constructor(private readonly socket: Socket, uid: number | null) {
    const name = new TextEncoder().encode(`${uid}`).toHex();
    this.#out.push(...new TextEncoder().encode(`\0AUTH EXTERNAL ${name}\r\nBEGIN\r\n`));
    this.send({ ...BUS, member: "Hello" });
  }

  /** Adds a call to those that go out with the next wait for an answer; gives the number of it. */
  send(call: Call): number {
    this.#out = this.#out.concat(callOf(++this.#serial, call));
    this.#answers.set(this.#serial, undefined);
    return this.#serial;
  }

  /** The answer to that call, which is of that signature. */
  async answer(serial: number, signature: string): Promise<Reader> {
    let message: Message | undefined;
    while (!(message = this.#answers.get(serial))) await this.#more();
    this.#answers.delete(serial);
    const { type, body } = message;
    if (type === REFUSAL) {
      throw new Refused(`GDBus.Error:${message.name}: ${`${message.signature}`.startsWith("s") ? body.text() : ""}`);
    }
    if (message.signature !== signature) throw new TypeError("another answer");
    return body;
  }

  async call(call: Call, signature: string): Promise<Reader> {
    return await this.answer(this.send(call), signature);
  }

  /** Starts what that object is for, and waits until it says that it has completed. */
  async complete(start: Call): Promise<void> {
    const rule = `type='signal',member='Completed',path='${start.path}'`;
    this.send({ ...BUS, member: "AddMatch", signature: "s", write: (body) => body.text(rule) });
    await this.call(start, "");
    while (!this.#completed.delete(start.path)) await this.#more();
  }

  close(): void {
    this.socket.close();
  }

  async #more(): Promise<void> {
    const out = Uint8Array.from(this.#out);
    this.#out = [];
    if (out.length > 0) await this.socket.write(out);
    const bytes = await this.socket.read();
    if (!bytes || (this.#read += bytes.length) > LIMIT) throw new TypeError("closed");
    const all = new Uint8Array(this.#have.length + bytes.length);
    all.set(this.#have);
    all.set(bytes, this.#have.length);
    this.#have = all;
    if (!this.#welcome) this.#admit();
    if (this.#welcome) this.#sort();
  }

  /** The bus says `OK` and its number, or why not. */
  #admit(): void {
    const end = this.#have.indexOf(10);
    if (end < 0 && this.#have.length < 256) return;
    if (String.fromCharCode(...this.#have.subarray(0, 3)) !== "OK ") throw new TypeError("not admitted");
    this.#have = this.#have.subarray(end + 1);
    this.#welcome = true;
  }

  #sort(): void {
    for (;;) {
      const found = parseMessage(this.#have);
      if (!found) return;
      const { message, size } = found;
      this.#have = this.#have.subarray(size);
      if (message.type === SIGNAL && message.member === "Completed") this.#completed.add(message.path);
      const answer = message.type === ANSWER || message.type === REFUSAL;
      if (answer && this.#answers.has(message.to)) this.#answers.set(message.to, message);
    }
  }
}
