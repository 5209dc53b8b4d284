/**
 * The real world. Imported by `main.ts` alone; everywhere else the world is a parameter.
 *
 * @module
 */

import { snapshot } from "./environment.ts";
import { onCrash } from "./last.ts";
import type { Clock, Host, Serve, Signals, Socket, System } from "./mod.ts";
import { denoPermissions } from "./permissions.ts";
import { spawn } from "./spawn.ts";
import { terminal } from "./terminal.ts";
import { transport } from "./transport.ts";

export { toTheEnd } from "./last.ts";

/** Opens nothing: the environment is read, once, when it is first asked for; so is a file of certificates. */
export function denoSystem(): System {
  let env: Record<string, string> | undefined;
  let send: System["fetch"] | undefined;
  const system: System = {
    io: terminal(() => system.env, signals),
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
    sockets: { connect },
    serve,
    ffi: Deno,
    permissions: denoPermissions,
    trustSystem() {
      // The runtime reads the variable when it makes its first client.
      if (!system.env.DENO_TLS_CA_STORE) Deno.env.set("DENO_TLS_CA_STORE", "system,mozilla");
    },
    signals,
    host: host(),
  };
  return system;
}

/**
 * One snapshot, and the variable that the runtime reads by itself: loopback never goes through a proxy (measured:
 * HTTP_PROXY got the bearer of http://127.0.0.1).
 */
function environment(): Record<string, string> {
  const env = snapshot(Deno.env);
  const exempt = [env.NO_PROXY ?? env.no_proxy, "127.0.0.1", "[::1]", "::1", "localhost"].filter(Boolean).join(",");
  Deno.env.set("NO_PROXY", exempt);
  Deno.env.set("no_proxy", exempt);
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
  onCrash,
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
