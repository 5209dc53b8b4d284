/**
 * The real world. Imported by `main.ts` alone; everywhere else the world is a parameter.
 *
 * @module
 */

import { ENVIRONMENT } from "./environment.ts";
import { inherited } from "./inherited.ts";
import type { Clock, Host, Serve, Signals, System } from "./mod.ts";
import { denoPermissions } from "./permissions.ts";
import { spawn } from "./spawn.ts";
import { terminal } from "./terminal.ts";
import { transport } from "./transport.ts";

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
  const env: Record<string, string> = {};
  for (const name of ENVIRONMENT) {
    const value = Deno.env.get(name);
    if (value) env[name] = value;
  }
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
  on: (listener) => hear(Deno.build.os === "windows" ? ["SIGINT"] : ["SIGHUP", "SIGINT", "SIGTERM"], listener),
  onTerminal: (listener) => hear(Deno.build.os === "windows" ? [] : ["SIGCONT", "SIGWINCH", "SIGQUIT"], listener),
  onCrash(listener) {
    globalThis.addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      listener(event.reason);
    });
  },
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
