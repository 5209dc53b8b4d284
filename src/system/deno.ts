/**
 * The real world. Imported by `main.ts` alone; everywhere else the world is a parameter.
 *
 * @module
 */

import { snapshot, STEERING } from "./environment.ts";
import { onCrash } from "./last.ts";
import type { Clock, Host, Serve, Signals, Socket, Spawn, System } from "./mod.ts";
import { inherited } from "./inherited.ts";
import { denoPermissions } from "./permissions.ts";
import { terminal } from "./terminal.ts";
import { transport } from "./transport.ts";

export { toTheEnd } from "./last.ts";

/** The runtime has it; its types have not. */
declare function setImmediate(callback: () => void): unknown;

/** Opens nothing: the environment is read, once, when it is first asked for; so is a file of certificates. */
export function denoSystem(): System {
  let env: Record<string, string> | undefined;
  let way: System["fetch"] | undefined;
  const send = () => way ??= transport(system.env);
  const system: System = {
    io: terminal(() => system.env, signals),
    get env() {
      return env ??= environment();
    },
    files: Deno,
    fetch: Object.assign((request: Request) => send()(request), {
      unmade: (url: URL, init: RequestInit) => send().unmade!(url, init),
    }),
    clock,
    random: {
      bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
      uuid: () => crypto.randomUUID(),
    },
    spawn,
    sockets: { connect },
    serve,
    ffi: Deno,
    permissions: denoPermissions,
    trustSystem() {
      // The runtime reads the variable when it makes its first client.
      Deno.env.set("DENO_TLS_CA_STORE", system.env.DENO_TLS_CA_STORE ?? "system,mozilla");
    },
    turn: () => new Promise((resolve) => void setImmediate(resolve)),
    signals,
    host: host(),
    installed: { program: () => Deno.execPath(), kernel: () => Deno.osRelease() },
  };
  return system;
}

/**
 * One snapshot. What would steer the runtime past it is taken out of the process before anything is opened: which proxy is
 * asked is decided in `proxy.ts` alone, and the rest is none of the person's settings.
 */
function environment(): Record<string, string> {
  const env = snapshot(Deno.env);
  for (const name of STEERING) Deno.env.delete(name);
  return env;
}

const clock: Clock = {
  now: () => Date.now(),
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
  run: async (...given) => await (await import("./spawn.ts")).runProgram(...given),
  launch(command, args, env) {
    try {
      const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
      const child = new Deno.Command(command, { args, env, clearEnv: true, detached: true, ...quiet }).spawn();
      child.unref();
      return child.status.then(({ code }) => code);
    } catch {
      return false;
    }
  },
};

async function connect(path: string): Promise<Socket> {
  const connection = await Deno.connect({ transport: "unix", path });
  const room = new Uint8Array(16_384);
  return {
    async read() {
      const length = await connection.read(room);
      return length === null ? null : room.slice(0, length);
    },
    async write(bytes) {
      for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await connection.write(rest));
    },
    close: () => connection.close(),
  };
}

const serve: Serve = {
  ports: [8765, 8766, 8767, 8768, 8769],
  listen(port, handler) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port });
    const { hostname, port: bound } = listener.addr;
    if (hostname !== "127.0.0.1" || (port !== 0 && bound !== port)) {
      listener.close();
      throw new Deno.errors.AddrNotAvailable(`the system listens on ${hostname}:${bound}`);
    }
    // Whoever comes before the code is there waits in the system's queue.
    const serving = import("./loopback.ts").then(({ serveLoopback }) => serveLoopback(listener, handler));
    return { port: bound, shutdown: async () => await (await serving).close() };
  },
};

const signals: Signals = {
  on: (listener) => hear(Deno.build.os === "windows" ? ["SIGINT"] : ["SIGHUP", "SIGINT", "SIGTERM"], listener),
  onTerminal: (listener, only) =>
    hear(Deno.build.os === "windows" ? [] : only ? [only] : ["SIGCONT", "SIGWINCH", "SIGQUIT"], listener),
  onCrash,
};

/**
 * A signal that was ignored when this process began (`nohup`) stays ignored. With the first listener the runtime takes
 * HUP, INT and TERM over, so that it has to be told. Returns the way to stop.
 */
function hear<Name extends Deno.Signal>(names: readonly Name[], listener: (name: Name) => void): () => void {
  const { ignored } = inherited();
  for (const name of names.filter((name) => ignored.includes(name))) Deno.addSignalListener(name, ignore);
  const added = names.filter((name) => !ignored.includes(name)).map((name) => {
    const heard = () => listener(name);
    Deno.addSignalListener(name, heard);
    return () => Deno.removeSignalListener(name, heard);
  });
  return () => added.forEach((remove) => remove());
}

function ignore(): void {}

function host(): Host {
  const os = Deno.build.os;
  return {
    os: os === "windows" || os === "darwin" ? os : "linux",
    arch: Deno.build.arch,
    uid: os === "windows" ? null : Deno.uid(),
    pid: Deno.pid,
  };
}
