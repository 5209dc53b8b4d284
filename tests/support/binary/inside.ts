/**
 * What runs inside a room of `driver.ts`: the sandbox, and errands that can be done only there. Speaks JSON lines: first
 * the platform's descriptor; then for each `[id, call, ...args]` on stdin one `[id, result]` or `[id, null, error]`. Ends
 * with its stdin.
 *
 * @module
 */

import process from "node:process";
import { createInterface } from "node:readline";
import type { KeychainState, World } from "../../contract/keychain.ts";
import { gnomeKeyring } from "../keychain/gnome_keyring.ts";
import { createSandbox, optionsFrom } from "../../platform/sandbox/mod.ts";

const sandbox = await createSandbox(optionsFrom(Deno.env.toObject()));
const arrivals = new EventTarget();
const { addr } = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
  arrivals.dispatchEvent(new Event(new URL(request.url).pathname));
  return sandbox.fetch(request);
});
let keyring: World | undefined;

/** The answer of {@link ERRANDS.fetch}: what a `Response` is made of. */
export type Answer = [status: number, headers: [string, string][], body: string];

const ERRANDS = {
  async fetch(url: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(url, { ...init, redirect: "manual" });
    return [response.status, [...response.headers], await response.text()];
  },
  /** Listens at that address until the room is left. */
  occupy(hostname: string, port: number) {
    Deno.listen({ hostname, port });
  },
  /** Serves this one answer to everything; gives the address. */
  answer(status: number, body: unknown): string {
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => Response.json(body, { status }));
    return `http://127.0.0.1:${server.addr.port}/api/v1`;
  },
  /** True when somebody listens there. */
  async answers(hostname: string, port: number): Promise<boolean> {
    const connection = await Deno.connect({ hostname, port }).catch(() => undefined);
    connection?.close();
    return connection !== undefined;
  },
  /** Opens so many connections there that stay open, each with one of these beginnings; gives how many could be had. */
  async crowd(port: number, count: number, beginnings: string[]): Promise<number> {
    let open = 0;
    for (let at = 0; at < count; at++) {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => undefined);
      if (!connection) continue;
      open++;
      await connection.write(new TextEncoder().encode(beginnings[at % beginnings.length])).catch(() => {});
    }
    return open;
  },
  /** Sends these bytes and reads to the end of the answer. */
  async send(port: number, bytes: string): Promise<string> {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
    const buffer = new Uint8Array(65_536);
    let text = "";
    for (;;) {
      const count = await connection.read(buffer).catch(() => null);
      if (count === null) return text;
      text += new TextDecoder().decode(buffer.subarray(0, count));
    }
  },
  /** Milliseconds before each answer of the sandbox. */
  latency(ms: number) {
    sandbox.options.latency = ms;
  },
  /** Waits until that path is asked for. */
  async arrival(path: string) {
    await new Promise((resolve) => arrivals.addEventListener(path, resolve, { once: true }));
  },
  /** Living tokens, without the personal access tokens. */
  alive: () => sandbox.alive(),
  /** Puts a real keyring into that state; gives the variables with which programs find it. */
  async keyring(state: KeychainState): Promise<Record<string, string>> {
    keyring ??= await gnomeKeyring();
    await keyring.become(state);
    return { ...keyring.system.env };
  },
};

export type Errands = typeof ERRANDS;

const say = (value: unknown) => console.log(JSON.stringify(value));
say({ ...sandbox.descriptor(), url: `http://127.0.0.1:${addr.port}` });
for await (const line of createInterface({ input: process.stdin })) {
  const [id, call, ...args] = JSON.parse(line);
  const errand = ERRANDS[call as keyof Errands] as (...args: unknown[]) => unknown;
  void Promise.try(errand, ...args).then((result) => say([id, result ?? null]), (error) => say([id, null, `${error}`]));
}
await keyring?.close();
Deno.exit(0);
