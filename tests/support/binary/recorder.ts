/**
 * The program with a recorder around its world, compiled as the program is: the same `run`, the same permissions. It
 * writes down what the ports are used for and what Deno refuses, and while an answer of the API is read it tries all that
 * a program can do with permissions. The {@link Report} goes to the file `AUTOCOM_REPORT`, which is opened first.
 * With `AUTOCOM_CRASH` the way to the server fails with an error that quotes the request: `throw`, `reject` (an error
 * that nobody waits for) or `body`.
 *
 * @module
 */

import { run } from "../../../src/run.ts";
import { denoSystem } from "../../../src/system/deno.ts";
import type { Fetch, PermissionName, System } from "../../../src/system/mod.ts";

/** `start`: before the verb begins. `after`: an answer of the API is there. */
export type Phase = "start" | "before" | "after";

export interface Report {
  /** What the ports were used for. */
  used: Record<Phase, PermissionName[]>;
  /** The program's own calls that Deno refused. */
  refused: string[];
  /** What could be done at each moment while an answer was read. */
  could: PermissionName[][];
}

type Use = (...args: never[]) => PermissionName[];

const opening: Use = (_path: string, { read, write, append, create }: Deno.OpenOptions = {}) => [
  ...(read ? ["read" as const] : []),
  ...(write || append || create ? ["write" as const] : []),
];
/** What a call of a port needs. Ports that are not here need nothing. */
const USES: { [Port in keyof System]?: Record<string, Use> } = {
  files: {
    open: opening,
    openSync: opening,
    lstat: () => ["read"],
    lstatSync: () => ["read"],
    stat: () => ["read"],
    statSync: () => ["read"],
    realPath: () => ["read"],
    readDir: () => ["read"],
    rename: () => ["read", "write"],
    mkdir: () => ["write"],
    remove: () => ["write"],
    chmod: () => ["write"],
    chmodSync: () => ["write"],
  },
  spawn: { run: () => ["run"], launch: () => ["run"] },
  sockets: { connect: () => ["read", "write"] },
  serve: { listen: () => ["net"] },
  ffi: { dlopen: () => ["ffi"] },
};

/** What each permission allows, done to what is there on every machine. */
function tries(home: string): [PermissionName, () => unknown][] {
  const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
  return [
    ["read", () => Deno.openSync("/etc/passwd").close()],
    ["read", () => Deno.readDirSync(home).next()],
    ["write", () => Deno.openSync(`${home}/tried`, { write: true, create: true }).close()],
    ["write", () => Deno.removeSync(`${home}/tried`)],
    ["env", () => Deno.env.get("HOME")],
    ["env", () => Deno.env.set("HOME", home)],
    ["run", () => new Deno.Command("/usr/bin/secret-tool", { args: ["--version"], ...quiet }).spawn().unref()],
    ["run", () => new Deno.Command("/bin/sh", { args: ["-c", ":"], ...quiet }).spawn().unref()],
    ["ffi", () => Deno.dlopen("libc.so.6", {}).close()],
    ["ffi", () => Deno.UnsafePointer.create(4096n)],
    ["sys", () => Deno.uid()],
  ];
}

class Recorder {
  readonly #file = Deno.openSync(Deno.env.get("AUTOCOM_REPORT")!, { write: true, create: true, truncate: true });
  readonly #crash = Deno.env.get("AUTOCOM_CRASH");
  readonly #tries = tries(Deno.env.get("HOME")!);
  readonly #used = {
    start: new Set<PermissionName>(),
    before: new Set<PermissionName>(),
    after: new Set<PermissionName>(),
  };
  readonly #report: Report = { used: { start: [], before: [], after: [] }, refused: [], could: [] };
  #phase: Phase = "start";

  around(real: System): System {
    const ports = Object.keys(USES) as (keyof typeof USES)[];
    return {
      ...real,
      ...Object.fromEntries(
        ports.map((name) => [name, this.#port(name, real[name] as unknown as Record<string, unknown>)]),
      ),
      fetch: this.#fetch(real.fetch),
      permissions: {
        keep: (names) => {
          if (this.#phase === "start") this.#phase = "before";
          real.permissions.keep(names);
        },
      },
    };
  }

  write(): void {
    for (const [phase, names] of Object.entries(this.#used)) this.#report.used[phase as Phase] = [...names];
    this.#file.writeSync(new TextEncoder().encode(JSON.stringify(this.#report)));
  }

  /** A fresh object: those of Deno's namespace cannot be wrapped in place. */
  #port(name: keyof typeof USES, real: Record<string, unknown>): unknown {
    return new Proxy({}, {
      get: (_target, key) => {
        const value = real[key as string];
        const use = USES[name]![key as string];
        if (!use) return value;
        return (...args: never[]) =>
          this.#call(`${name}.${String(key)}`, use(...args), () => (value as Use).apply(real, args));
      },
    });
  }

  #call<T>(name: string, needs: PermissionName[], act: () => T): T {
    for (const need of needs) this.#used[this.#phase].add(need);
    const refused = (error: unknown): never => {
      if (error instanceof Deno.errors.NotCapable) {
        this.#report.refused.push(`${name} ${this.#phase}: ${error.message}`);
      }
      throw error;
    };
    try {
      const result = act();
      return (result instanceof Promise ? result.catch(refused) : result) as T;
    } catch (error) {
      return refused(error);
    }
  }

  #fetch(send: Fetch): Fetch {
    return async (request) => {
      const secret = request.headers.get("Authorization") ?? await request.clone().text();
      if (this.#crash === "throw") throw new Error(`cannot send ${secret}`);
      if (this.#crash === "reject") void Promise.reject(new Error(`nobody waits for ${secret}`));
      const answer = await this.#call("fetch", ["net"], () => send(request));
      if (!request.headers.has("Authorization") || !answer.body) return answer;
      const source = answer.body.getReader();
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
        pull: async (to) => {
          this.#phase = "after";
          if (this.#crash === "body") throw new Error(`cannot read the answer to ${secret}`);
          const { done, value } = await source.read();
          if (done || this.#report.could.length < 8) this.#tryAll();
          if (done) to.close();
          else to.enqueue(value);
        },
        cancel: (reason) => source.cancel(reason),
      }, { highWaterMark: 0 });
      return new Response(body, answer);
    };
  }

  #tryAll(): void {
    const could = this.#tries.filter(([, act]) => {
      try {
        act();
        return true;
      } catch (error) {
        return !(error instanceof Deno.errors.NotCapable);
      }
    });
    this.#report.could.push([...new Set(could.map(([name]) => name))]);
  }
}

if (import.meta.main) {
  const recorder = new Recorder();
  const code = await run(Deno.args, recorder.around(denoSystem()));
  recorder.write();
  Deno.exit(code);
}
