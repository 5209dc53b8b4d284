/**
 * The outside world as types. `deno.ts` has the real one; tests bring their own, port by port.
 * This folder is the only one that may mention `Deno`.
 *
 * @module
 */

export type { Conventional } from "./environment.ts";
import type { authorities as Authorities } from "./authorities.ts";
import type { Proxy } from "./proxy.ts";
import type { Prompt } from "./asks.ts";

export type { Asks, Choice, Paint, Prompt } from "./asks.ts";
export type { Proxy, ThroughProxy } from "./proxy.ts";

/** See `proxy.ts`: the proxy that is set, and the one for that address. Loaded when somebody asks. */
export async function proxies(env: System["env"], target: URL): Promise<{ set?: Proxy; used?: Proxy }> {
  const { proxyFor, proxyOf } = await import("./proxy.ts");
  const [set, used] = [proxyOf(env), proxyFor(env, target)];
  return { ...set && { set }, ...used && { used } };
}

/** See `authorities.ts`. */
export const authorities: typeof Authorities = async (env) => await (await import("./authorities.ts")).authorities(env);

/** Everything a run may touch. Capabilities take `Pick<System, …>`, so that a signature shows what they use. */
export interface System {
  readonly io: Io;
  /** One snapshot of the environment, taken at the start; an empty variable is absent. */
  readonly env: Readonly<Record<string, string>>;
  readonly files: Files;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly spawn: Spawn;
  readonly sockets: Sockets;
  readonly serve: Serve;
  readonly ffi: Ffi;
  readonly permissions: Permissions;
  /** The system's certificate authorities count from now on; before `env` is given up, and before the first request. */
  trustSystem(): void;
  /** Resolves when the runtime has sent what was to be sent and taken in what had come. */
  readonly turn: () => Promise<void>;
  readonly signals: Signals;
  readonly host: Host;
  readonly installed: Installed;
}

/** The one shape of a request. `unmade`: without a `Request`; the runtime makes its own, and another one takes 0.3 ms. */
export interface Fetch {
  (request: Request): Promise<Response>;
  unmade?(url: URL, init: RequestInit): Promise<Response>;
}

export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly prompt: Prompt;
}

export interface Input {
  readonly isTerminal: boolean;
  /**
   * Raw mode: no echo and no line limit; `Ctrl-C` still interrupts. Set again it counts again, whatever others did to
   * the terminal meanwhile. Only on a terminal.
   */
  setRaw(on: boolean): void;
  /** The bytes as they arrive; ends at end of file, or when `signal` aborts. */
  chunks(signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface Output {
  readonly isTerminal: boolean;
  /** Cells in a line of the terminal; 80 when unknown. */
  columns(): number;
  /** Something was written. */
  readonly begun?: boolean;
  /** Whether this process has the terminal; it has not as a job in the background. Undefined where nobody knows. */
  isOurs?(): boolean | undefined;
  /** Rejects with an `AppError` of kind `pipe-closed` when the reader went away. */
  write(data: string | Uint8Array): Promise<void>;
}

/** Deno's own calls, unchanged: tests use the real ones in a temporary folder. */
export type Files = Pick<
  typeof Deno,
  | ("open" | "lstat" | "stat" | "mkdir" | "rename" | "remove" | "readDir" | "chmod" | "chown" | "link" | "realPath")
  | ("openSync" | "lstatSync" | "statSync" | "chmodSync")
>;
export type File = Deno.FsFile;
export type FileInfo = Deno.FileInfo;

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  bytes(length: number): Uint8Array<ArrayBuffer>;
  uuid(): string;
}

export interface Spawn {
  /**
   * Runs a program to its end with exactly this environment. `code` is null when it was killed: after `timeout` (ms),
   * or because it wrote more than `limit` bytes to one stream, which is then longer than that. It does not outlive this
   * process. Rejects with the system's `NotFound` when there is no such program.
   */
  run(command: string, args: string[], options: RunOptions): Promise<Ran>;
  /**
   * Starts a program that outlives this process: no stdio. The result is its exit code, should it end while somebody
   * waits for that; false when it could not be started.
   */
  launch(command: string, args: string[], env: Record<string, string>): Promise<number> | false;
}

export interface RunOptions {
  stdin?: string;
  env: Record<string, string>;
  timeout: number;
  limit?: number;
}

export interface Ran {
  code: number | null;
  stdout: Uint8Array;
  stderr: Uint8Array;
}

export interface Sockets {
  /** Connects to a Unix socket. Needs the permissions `read` and `write`. */
  connect(path: string): Promise<Socket>;
}

/** A connection to another program of this machine. */
export interface Socket {
  /** The next bytes; null at the end. Rejects when it is closed meanwhile. */
  read(): Promise<Uint8Array | null>;
  /** All of the bytes. */
  write(bytes: Uint8Array): Promise<void>;
  close(): void;
}

/** Functions of the system's libraries: Deno's own calls, unchanged. All of them need the permission `ffi`. */
export type Ffi = Pick<typeof Deno, "dlopen" | "UnsafePointer" | "UnsafePointerView">;
export type Pointer = Deno.PointerValue;
export type Symbols = Deno.ForeignLibraryInterface;
export type Library<S extends Symbols> = Deno.DynamicLibrary<S>["symbols"];

export interface Serve {
  /** The callback's ports in the order they are tried: 8765–8769, as the old tool. */
  readonly ports: readonly number[];
  /**
   * Listens on 127.0.0.1 only. Throws the system's `AddrInUse` when the port is taken, `AddrNotAvailable` when this
   * machine has no such address. What is no HTTP request is answered 400, and nothing is printed.
   */
  listen(port: number, handler: (request: Incoming) => Outgoing | Promise<Outgoing>): Listener;
}

/** The head of a request as it came: nothing of it is believed. */
export interface Incoming {
  method: string;
  /** The second word of the first line. */
  target: string;
  /** By their names in lower case; several lines of one name are joined with a comma. */
  headers: Readonly<Record<string, string>>;
}

export interface Outgoing {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Listener {
  readonly port: number;
  /** Waits for answers under way, but no longer than a second. */
  shutdown(): Promise<void>;
}

/** The names Deno gives its permissions. */
export type PermissionName = "env" | "ffi" | "import" | "net" | "read" | "run" | "sys" | "write";

export interface Permissions {
  /** Gives up every permission but these, for good. */
  keep(names: readonly PermissionName[]): void;
}

export type SignalName = "SIGHUP" | "SIGINT" | "SIGTERM";

/** The terminal is given back (`fg`), has another size, or the person quits with Ctrl-\. */
export type TerminalSignal = "SIGCONT" | "SIGWINCH" | "SIGQUIT";

export interface Signals {
  /** Calls `listener` at each of the signals this system has; one that was ignored at the start stays so (on Linux). */
  on(listener: (signal: SignalName) => void): () => void;
  /**
   * Calls `listener` with what nobody caught (a rejection, an exception in a listener of events), instead of the runtime's
   * own text: it may quote a token. Returns the way to stop.
   */
  onCrash(listener: (reason: unknown) => void): () => void;
  /** The same for what concerns a question on the terminal; or for `only` one of them. */
  onTerminal(listener: (signal: TerminalSignal) => void, only?: TerminalSignal): () => void;
}

/** What is asked when it is wanted: each needs a permission. */
export interface Installed {
  /** Full path of this program's file; needs `read`. */
  program(): string;
  /** Version of the system's kernel, e.g. `10.0.19045`; needs `sys`. */
  kernel(): string;
}

export interface Host {
  readonly os: "linux" | "darwin" | "windows";
  readonly arch: string;
  /** Null where there is no such thing (Windows). */
  readonly uid: number | null;
  readonly pid: number;
}

declare global {
  /** https://github.com/tc39/proposal-json-parse-with-source: in the runtime, not yet in TypeScript's library. */
  interface JSON {
    rawJSON(text: string): { readonly rawJSON: string };
    isRawJSON(value: unknown): value is { readonly rawJSON: string };
  }
}
