/**
 * A platform of the test's own inside a room: sessions without a login, faults between two requests, and all that arrived.
 * {@link openStage} is the test's side; run as a program it is the other one: JSON lines, `[call, ...args]` on stdin,
 * `[result]` or `[null, error]` on stdout, the platform's descriptor first.
 *
 * @module
 */

import process from "node:process";
import { createInterface } from "node:readline";
import {
  createSandbox,
  type Descriptor,
  type Logged,
  type Pair,
  type Sandbox,
  type SandboxOptions,
  serveSandbox,
  type UserName,
} from "../../platform/sandbox/mod.ts";
import type { Room } from "./room.ts";
import type { Running } from "./running.ts";
import { CACHED } from "../cached.ts";

/** A request with the body of its answer; empty when it was never answered. */
export type Exchange = Logged & { answer: string };

function calls(platform: Sandbox, url: string, exchanges: Exchange[]) {
  let more = Promise.withResolvers<void>();
  platform.log.push = (...logged) => {
    more.resolve();
    more = Promise.withResolvers();
    return exchanges.push(...logged.map((one) => ({ ...one, answer: "" })));
  };
  return {
    signIn: (user: UserName): Pair => platform.signIn(user),
    revoke: (token: string) => platform.revokeToken(token),
    set: (options: Partial<SandboxOptions>) => void Object.assign(platform.options, options),
    reset(): Descriptor {
      platform.reset();
      return platform.descriptor(url);
    },
    /** What was carried out since this was asked last. */
    exchanges: () => exchanges.splice(0),
    /** Waits until that path was asked for and it was carried out; with a latency it is not answered yet. */
    async carriedOut(path: string): Promise<void> {
      while (!exchanges.some(({ url }) => new URL(url).pathname === path)) await more.promise;
    },
  };
}

type Calls = ReturnType<typeof calls>;

export class Stage {
  #before: Promise<unknown> = Promise.resolve();
  constructor(public platform: Descriptor, private readonly running: Running) {}

  get apiUrl(): string {
    return `${this.platform.url}/api/v1`;
  }

  /** Back to the start: no session lives, every order is as it was. */
  async reset(): Promise<void> {
    this.platform = await this.call("reset");
  }

  /** Has it done on the stage. */
  call<Name extends keyof Calls>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<Awaited<ReturnType<Calls[Name]>>> {
    const answer = this.#before.then(async () => {
      await this.running.type(`${JSON.stringify([name, ...args])}\n`);
      const [result, error] = JSON.parse(await this.running.line());
      if (error) throw new Error(`${name}: ${error}`);
      return result;
    });
    this.#before = answer.catch(() => {});
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running.end();
  }
}

/** Starts a file of this folder that serves a test as long as its room: a program of a room by itself is killed too soon. */
export function serving(room: Room, file: string): Running {
  const program = [Deno.execPath(), "run", "-A", "--no-check", ...CACHED, file];
  const env = { HOME: Deno.env.get("HOME") ?? "", DENO_DIR: Deno.env.get("DENO_DIR") ?? "" };
  return room.program(program, { env, shell: 'exec 3<&0; "$@" <&3 & wait' });
}

/** Opens a stage in the room, to be left before the room is. */
export async function openStage(room: Room): Promise<Stage> {
  const running = serving(room, import.meta.filename!);
  return new Stage(JSON.parse(await running.line()), running);
}

if (import.meta.main) {
  const sandbox = await createSandbox();
  const exchanges: Exchange[] = [];
  const { url } = serveSandbox({
    ...sandbox,
    async fetch(request) {
      const response = await sandbox.fetch(request);
      const id = response.headers.get("x-request-id");
      const exchange = exchanges.findLast(({ url, requestId }) => url === request.url && requestId === id);
      if (exchange) exchange.answer = await response.clone().text();
      return response;
    },
  });
  const known: Record<string, (...args: never[]) => unknown> = calls(sandbox, url, exchanges);
  const say = (value: unknown) => console.log(JSON.stringify(value));
  say(sandbox.descriptor(url));
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, ...args] = JSON.parse(line);
    try {
      say([await known[name]!(...args as never[]) ?? null]);
    } catch (error) {
      say([null, String(error)]);
    }
  }
  Deno.exit(0);
}
