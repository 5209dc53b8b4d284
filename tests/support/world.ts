/**
 * A world of a test's own: a home folder, an environment, a keychain, a platform, and what is typed and shown.
 *
 * @module
 */

import type { Fetch, PermissionName, SignalName, Spawn, System } from "../../src/system/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { prompts } from "../../src/system/prompt.ts";
import { fakeSecretTool } from "./keychain/fake_secret_tool.ts";
import { walkAuthorize } from "../platform/browser.ts";
import type { Script } from "./scripted.ts";
import { createSandbox, type Descriptor, type Sandbox } from "../platform/sandbox/mod.ts";

export interface World {
  readonly home: string;
  readonly sandbox: Sandbox;
  /** `${origin}/api/v1` of the sandbox. */
  readonly apiUrl: string;
  env: Record<string, string>;
  /** The Secret Service: an emulation that a contract suite holds to the real one. */
  keychain: ReturnType<typeof fakeSecretTool>;
  /** Bytes on stdin; with `terminal` as they are typed. */
  stdin: string | AsyncIterable<string>;
  /** Which of the three streams are a terminal. */
  terminal: { stdin?: boolean; stdout?: boolean; stderr?: boolean };
  columns: number;
  /** Answers to questions, in their order. */
  answers: (string | boolean)[];
  /** What the opener does with the address; undefined: there is no opener. */
  browser: ((url: string) => Promise<void> | void) | undefined;
  /** The exit code of the opener, if it ends. */
  opening: Promise<number> | false;
  /** The browser that was opened is done. */
  browsing?: Promise<void>;
  /** Replaces the way to the platform. */
  fetch: Fetch;
  /** Further ports to replace. */
  system: Partial<System>;
  /** What was seen, in order. */
  readonly seen: Screen & {
    kept: (readonly PermissionName[])[];
    launched: { command: string; args: string[]; env: Record<string, string> }[];
    asked: string[];
    /** What could be chosen from, question by question. */
    offered: { value: string; label: string; hint?: string }[][];
    /** The modes that the terminal was put into. */
    raw: boolean[];
  };
  /** Sends a signal to the run under way. */
  signal(name: SignalName): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The seeded users: owner, admin, manager, agent, viewer, outsider, nobody. */
export type User = keyof Descriptor["users"];

/** What a command line said. A warning that no test looks at hides a defect: {@link over} finds it. */
export class Screen {
  #line = "";
  #said = { stdout: "", stderr: "" };
  #unread = false;

  get stdout(): string {
    return this.#said.stdout;
  }

  get stderr(): string {
    this.#unread = false;
    return this.#said.stderr;
  }

  say(stream: "stdout" | "stderr", text: string): void {
    this.#said[stream] += text;
    if (stream === "stderr") this.#unread = true;
  }

  /** Begins with the next command line. */
  next(line: string): void {
    this.over();
    this.#line = line;
    this.#said = { stdout: "", stderr: "" };
  }

  /** @throws when something was said on stderr that nobody looked at. */
  over(): void {
    if (!this.#unread) return;
    this.#unread = false;
    throw new Error(`nobody looked at what autocom ${this.#line} said on stderr:\n${this.#said.stderr}`);
  }
}

let shared: Promise<Sandbox> | undefined;

/** One sandbox for each test file (a module's life), put back to its seed for every world that asks for it. */
async function sandbox(): Promise<Sandbox> {
  const box = await (shared ??= createSandbox());
  await box.reset();
  return box;
}

/** A fresh world. Settings that most tests want: the sandbox's address and client id, a working keychain, no terminal. */
export async function world(changes: Partial<World> = {}): Promise<World> {
  const [home, box] = [await Deno.makeTempDir({ prefix: "autocom-" }), changes.sandbox ?? await sandbox()];
  const screen = new Screen();
  const made: World = {
    home,
    sandbox: box,
    apiUrl: `${box.origin}/api/v1`,
    keychain: fakeSecretTool(),
    stdin: "",
    terminal: {},
    columns: 80,
    answers: [],
    browser: undefined,
    opening: new Promise(() => {}),
    fetch: (request) => platform(box, request),
    system: {},
    seen: Object.assign(screen, { kept: [], launched: [], asked: [], offered: [], raw: [] }),
    signal() {},
    async [Symbol.asyncDispose]() {
      await Deno.remove(home, { recursive: true });
      screen.over();
      const left = (made.fetch as Partial<Script>).left?.() ?? 0;
      if (left > 0) {
        throw new Error(
          `${left} scripted answers were never asked for; a platform that must not be asked is scripted()`,
        );
      }
      if (Array.isArray(made.answers) && made.answers.length > 0) {
        throw new Error(`no question asked for ${JSON.stringify(made.answers)}`);
      }
    },
    ...changes,
    env: { HOME: home, AUTOCOM_API_URL: `${box.origin}/api/v1`, AUTOCOM_CLIENT_ID: box.clientId, ...changes.env },
  };
  return made;
}

/** The same world with a screen of its own, for a command that runs beside another one. */
export const beside = (of: World): World => ({
  ...of,
  seen: Object.assign(new Screen(), { kept: [], launched: [], asked: [], offered: [], raw: [] }),
});

/** A browser that logs in and approves (or denies) as that user, then follows the redirect to the listener. */
export function browserOf(box: Sandbox, user: User = "owner", decision: "approve" | "deny" = "approve") {
  return async (url: string): Promise<void> => {
    const { email, password } = box.descriptor().users[user];
    const callback = await walkAuthorize((request) => box.fetch(request), url, { email, password }, decision);
    await (await fetch(callback)).body?.cancel();
  };
}

/** The personal access token of a seeded user. */
export function pat(box: Sandbox, user: User = "owner"): string {
  return box.descriptor().users[user].pat;
}

/** The ports of a run in that world. */
export function systemOf(of: World): System {
  const real = denoSystem();
  const { seen } = of;
  const output = (name: "stdout" | "stderr") => ({
    isTerminal: of.terminal[name] ?? false,
    begun: false,
    columns: () => of.columns,
    write(data: string | Uint8Array) {
      this.begun = true;
      seen.say(name, typeof data === "string" ? data : new TextDecoder("utf-8", { ignoreBOM: true }).decode(data));
      return Promise.resolve();
    },
  });
  const stdin = {
    isTerminal: of.terminal.stdin ?? false,
    setRaw: (on: boolean) => void seen.raw.push(on),
    chunks: (signal?: AbortSignal) => typed(of.stdin, of.terminal.stdin ?? false, signal),
    discard: () => Promise.resolve(),
  };
  const signals = signalsOf(of);
  const silent = { isTerminal: true, columns: () => 80, write: () => Promise.resolve() };
  const asked = prompts({
    input: stdin,
    output: silent,
    size: () => ({ columns: 80, rows: 24 }),
    env: of.env,
    signals,
  });
  const answer = <T>(question: string) => {
    seen.asked.push(question);
    if (of.answers.length === 0) throw new Error(`nothing answers "${question}"`);
    return Promise.resolve(of.answers.shift() as T);
  };
  return {
    ...real,
    env: of.env,
    fetch: of.fetch,
    io: {
      stdin,
      stdout: output("stdout"),
      stderr: output("stderr"),
      prompt: {
        select: (question, options) => (seen.offered.push(options), answer<string>(question)),
        confirm: (question) => answer<boolean>(question),
        secrets: asked.secrets,
      },
    },
    files: of.browser ? { ...real.files, stat: withDisplay(real.files) } : real.files,
    spawn: spawnOf(of),
    serve: { ...real.serve, ports: [0] },
    ffi: { ...real.ffi, dlopen: noLibrary },
    permissions: { keep: (names) => void seen.kept.push(names) },
    trustSystem() {},
    turn: () => Promise.resolve(),
    signals,
    host: { os: "linux", arch: "x86_64", uid: Deno.uid(), pid: Deno.pid },
    ...of.system,
  };
}

function signalsOf(of: World): System["signals"] {
  const listeners = new Set<(name: SignalName) => void>();
  of.signal = (name) => listeners.forEach((listener) => listener(name));
  return {
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onTerminal: () => () => {},
    onCrash: () => () => {},
  };
}

function spawnOf(of: World): Spawn {
  return {
    run: (command, args, options) => of.keychain.run(command, args, options),
    launch(command, args, env) {
      of.seen.launched.push({ command, args, env });
      of.browsing = (async () => await of.browser?.(args.at(-1)!))();
      return of.opening;
    },
  };
}

/** The libraries of this machine lead to the keychain of whoever runs the tests. */
function noLibrary(): never {
  throw new Error("tests load no library");
}

/** A desktop: `xdg-open` is there and this is no container, whatever the machine is. */
function withDisplay(files: System["files"]): System["files"]["stat"] {
  return async (path) => {
    if (String(path) === "/usr/bin/xdg-open") return await files.stat("/");
    if (["/.dockerenv", "/run/.containerenv"].includes(String(path))) throw new Deno.errors.NotFound();
    return await files.stat(path);
  };
}

/** A pipe ends with what is in it; a terminal stays. */
async function* typed(text: World["stdin"], stays: boolean, signal?: AbortSignal): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder();
  if (typeof text === "string") {
    if (text !== "") yield encoder.encode(text);
    if (stays && !signal?.aborted) await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    return;
  }
  const end = new Promise<IteratorReturnResult<undefined>>((resolve) =>
    signal?.addEventListener("abort", () => resolve({ done: true, value: undefined }))
  );
  const parts = text[Symbol.asyncIterator]();
  for (;;) {
    const part = await Promise.race([parts.next(), end]);
    if (part.done) return;
    yield encoder.encode(part.value);
  }
}

function platform(box: Sandbox, request: Request): Promise<Response> {
  if (new URL(request.url).origin !== box.origin) {
    return Promise.reject(new TypeError("dns error: failed to lookup address information"));
  }
  return box.fetch(request);
}
