/**
 * The real world. Imported by `main.ts` alone; everywhere else the world is a parameter.
 *
 * @module
 */

import { AppError, isSystemError } from "../errors.ts";
import { ENVIRONMENT } from "./environment.ts";
import type { Clock, Host, Input, Io, Output, Ran, RunOptions, Serve, Signals, Spawn, System } from "./mod.ts";
import { denoPermissions } from "./permissions.ts";
import { transport } from "./transport.ts";

/** Opens nothing: the environment is read, once, when it is first asked for; so is a file of certificates. */
export function denoSystem(): System {
  let env: Record<string, string> | undefined;
  let send: System["fetch"] | undefined;
  const system: System = {
    io: terminal(() => system.env),
    get env() {
      return env ??= environment();
    },
    files: Deno,
    fetch: (request) => (send ??= transport(system.env))(request),
    clock,
    random: {
      bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
      uuid: () => crypto.randomUUID(),
    },
    spawn,
    serve,
    ffi: Deno,
    permissions: denoPermissions,
    signals,
    host: host(),
  };
  return system;
}

/**
 * One snapshot, and the two variables that the runtime reads by itself: loopback never goes through a proxy
 * (measured: HTTP_PROXY got the bearer of http://127.0.0.1), and the system's certificates count.
 */
function environment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of ENVIRONMENT) {
    const value = Deno.env.get(name);
    if (value) env[name] = value;
  }
  const exempt = [env.NO_PROXY ?? env.no_proxy, "127.0.0.1", "[::1]", "::1", "localhost"].filter(Boolean).join(",");
  Deno.env.set("NO_PROXY", exempt);
  Deno.env.set("no_proxy", exempt);
  if (!env.DENO_TLS_CA_STORE) Deno.env.set("DENO_TLS_CA_STORE", "system,mozilla");
  return env;
}

function terminal(env: () => System["env"]): Io {
  const stdin = new StandardInput();
  const stderr = output(Deno.stderr);
  const prompts = async () =>
    (await import("./prompt.ts")).prompts({ input: stdin, output: stderr, env: env(), signals });
  return {
    stdin,
    stdout: output(Deno.stdout),
    stderr,
    prompt: {
      select: async (...question) => await (await prompts()).select(...question),
      confirm: async (...question) => await (await prompts()).confirm(...question),
    },
  };
}

function output(stream: typeof Deno.stdout): Output {
  const encoder = new TextEncoder();
  return {
    isTerminal: stream.isTerminal(),
    columns() {
      try {
        return Deno.consoleSize().columns || 80;
      } catch {
        return 80;
      }
    },
    async write(text) {
      let rest = encoder.encode(text);
      try {
        while (rest.length > 0) rest = rest.subarray(await stream.write(rest));
      } catch (error) {
        if (isSystemError(error, "BrokenPipe")) throw new AppError("pipe-closed", "the reader of the output went away");
        const why = (error as Error).message.replace(/ \(os error \d+\)$/, "");
        throw new AppError("failure", `cannot write the output: ${why}`);
      }
    },
  };
}

/** One pending read at a time, kept when its reader loses interest: the next one gets the bytes. */
class StandardInput implements Input {
  readonly isTerminal = Deno.stdin.isTerminal();
  #pending?: Promise<Uint8Array | null>;

  setRaw(on: boolean): void {
    Deno.stdin.setRaw(on, { cbreak: Deno.build.os !== "windows" && on });
  }

  async *chunks(signal?: AbortSignal): AsyncIterable<Uint8Array> {
    const aborted = new Promise<null>((resolve) => signal?.addEventListener("abort", () => resolve(null)));
    while (!signal?.aborted) {
      this.#pending ??= this.#read();
      const chunk = await Promise.race([this.#pending, aborted]);
      if (signal?.aborted) return;
      this.#pending = undefined;
      if (chunk === null) return;
      yield chunk;
    }
  }

  async #read(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(16_384);
    const count = await Deno.stdin.read(buffer);
    return count === null ? null : buffer.subarray(0, count);
  }
}

const clock: Clock = {
  now: () => Date.now(),
  timeout: (ms) => AbortSignal.timeout(ms),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        clearTimeout(timer);
        reject(signal!.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal?.addEventListener("abort", stop, { once: true });
    }),
};

const spawn: Spawn = {
  run: runProgram,
  launch(command, args, env) {
    try {
      const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
      const child = new Deno.Command(command, { args, env, clearEnv: true, detached: true, ...quiet }).spawn();
      child.unref();
      child.status.catch(() => {});
      return true;
    } catch {
      return false;
    }
  },
};

async function runProgram(command: string, args: string[], options: RunOptions): Promise<Ran> {
  const { env, timeout, limit = 1 << 20 } = options;
  const child = new Deno.Command(command, {
    args,
    env,
    clearEnv: true,
    stdin: options.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let killed = false;
  const kill = () => {
    killed = true;
    try {
      child.kill("SIGKILL");
    } catch { /* it has ended by itself */ }
  };
  const timer = setTimeout(kill, timeout);
  globalThis.addEventListener("unload", kill);
  try {
    const [stdout, stderr, status] = await Promise.all([
      collect(child.stdout, limit, kill),
      collect(child.stderr, limit, kill),
      child.status,
      options.stdin === undefined ? undefined : feed(child.stdin, options.stdin),
    ]);
    return { code: killed ? null : status.code, stdout, stderr };
  } finally {
    clearTimeout(timer);
    globalThis.removeEventListener("unload", kill);
  }
}

async function feed(stdin: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch { /* the program went away: its exit code tells */ }
}

async function collect(stream: ReadableStream<Uint8Array>, limit: number, kill: () => void): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) {
      kill();
      break;
    }
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

const serve: Serve = {
  ports: [8765, 8766, 8767, 8768, 8769],
  listen(port, handler) {
    const server = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, handler);
    return {
      port: server.addr.port,
      async shutdown() {
        // A half-sent request holds shutdown() for over 4 s (measured on 2.7.11), so it is bounded.
        const closed = new AbortController();
        const bound = clock.sleep(1_000, closed.signal).catch(() => {});
        await Promise.race([server.shutdown(), bound]);
        closed.abort();
      },
    };
  },
};

const signals: Signals = {
  on(listener) {
    const names = Deno.build.os === "windows" ? ["SIGINT"] as const : ["SIGHUP", "SIGINT", "SIGTERM"] as const;
    const added = names.map((name) => {
      const heard = () => listener(name);
      Deno.addSignalListener(name, heard);
      return () => Deno.removeSignalListener(name, heard);
    });
    return () => added.forEach((remove) => remove());
  },
  onCrash(listener) {
    globalThis.addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      listener(event.reason);
    });
  },
};

function host(): Host {
  const os = Deno.build.os;
  return {
    os: os === "windows" || os === "darwin" ? os : "linux",
    arch: Deno.build.arch,
    uid: os === "windows" ? null : Deno.uid(),
    pid: Deno.pid,
  };
}
