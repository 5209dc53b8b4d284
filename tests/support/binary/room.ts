/**
 * A room of a test's own: a network namespace (the callback's ports are fixed) with a sandbox on loopback, an empty HOME,
 * and a stub where the system's opener of addresses is.
 *
 * @module
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import { walkAuthorize } from "../../platform/browser.ts";
import type { Descriptor, UserName } from "../../platform/sandbox/mod.ts";
import type { Errands } from "./inside.ts";
import { type Ended, Running } from "./running.ts";
import { CACHED } from "../cached.ts";
import { HANG } from "../hang.ts";
import { AS_ROOT, missing, PATH } from "../programs.ts";

/** Milliseconds that a room may be used: for some programs one after the other, each of which may take its time. */
const LONGEST = 10 * HANG;

const UNSHARE = ["--net", "--mount", ...AS_ROOT];
/** What a room is made of and entered with. */
const PROGRAMS = ["unshare", "nsenter", "ip", "mount", "chroot", "mkfifo", "sed", "env", "sh"];
const HERE = import.meta.dirname!;

/** Whoever runs the tests may ignore signals: their programs do not begin with that. */
const SIGNALS = "--default-signal=HUP,INT,QUIT,TERM";

export interface Options {
  /** Replaces variables of the room's environment; an empty one is left out. */
  env?: Record<string, string>;
  /** Working folder; the room's own without one. */
  cwd?: string;
  /** A line of shell that starts `"$@"` in a special way, e.g. `exec "$@" <&-`. */
  shell?: string;
  stdin?: string;
}

/** How the stub of the opener was started. */
export interface Opened {
  /** Name of the process that started it. */
  parent: string;
  argv: string[];
  env: Record<string, string>;
}

export class Room {
  readonly home: string;
  readonly apiUrl: string;
  readonly #programs: Running[] = [];
  #errands = 0;

  constructor(
    readonly folder: string,
    readonly binary: string,
    private readonly agent: Running,
    private readonly namespace: string,
    readonly platform: Descriptor,
  ) {
    this.home = join(folder, "home");
    this.apiUrl = `${platform.url}/api/v1`;
  }

  /** Starts `autocom args` with little more than an address, a client id and HOME in its environment. */
  start(args: string[], options: Options = {}): Running {
    return this.program([this.binary, ...args], options);
  }

  /** Runs `autocom args` to its end. */
  async run(args: string[], options: Options = {}): Promise<Ended> {
    const running = this.start(args, options);
    if (options.stdin) await running.type(options.stdin);
    return await running.end();
  }

  /** Starts any program in the room. The process is the program itself: signals reach it. */
  program(argv: string[], { env = {}, cwd = this.folder, shell = 'exec "$@"' }: Options = {}): Running {
    const all: Record<string, string> = {
      HOME: this.home,
      PATH,
      AUTOCOM_API_URL: this.apiUrl,
      AUTOCOM_CLIENT_ID: this.platform.client_id,
      ...env,
    };
    const room = ["--target", `${this.agent.pid}`, ...(AS_ROOT.length ? ["--user", "--preserve-credentials"] : [])];
    const enter = [...room, "--net", "--mount", "--root", "env", SIGNALS, "-C", cwd, "sh", "-c"];
    const running = new Running("nsenter", {
      args: [...enter, shell, "sh", ...argv],
      env: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== "")),
      clearEnv: true,
    });
    this.#programs.push(running);
    return running;
  }

  /** Runs a line of shell in the room. */
  async shell(line: string): Promise<string> {
    const { code, out, err } = await this.program(["true"], { shell: line }).end();
    assert.equal(code, 0, err);
    return out;
  }

  /** Has it done inside the room. */
  async errand<Name extends keyof Errands>(
    name: Name,
    ...args: Parameters<Errands[Name]>
  ): Promise<Awaited<ReturnType<Errands[Name]>>> {
    const id = ++this.#errands;
    await this.agent.type(`${JSON.stringify([id, name, ...args])}\n`);
    const [, answer] = await this.agent.until("out", new RegExp(`^\\[${id},(.*)\\]\n`, "m"));
    const [result, error] = JSON.parse(`[${answer}]`);
    if (error) throw new Error(`${name}: ${error}`);
    return result;
  }

  /** A request from inside the room. */
  readonly fetch = async (request: Request): Promise<Response> => {
    const { method, url, headers } = request;
    const body = method === "GET" ? undefined : await request.text();
    const [status, fields, text] = await this.errand("fetch", url, { method, headers: [...headers], body });
    return new Response(text, { status, headers: fields });
  };

  /** Signs in and approves like a person in a browser; gives the address that the browser is sent to. */
  async approve(url: string, user: UserName = "owner"): Promise<string> {
    const { email, password } = this.platform.users[user];
    return await walkAuthorize(this.fetch, url, { email, password });
  }

  /** Logs in as a program does that drives a login: by `-o json`, the approval page, and the redirect. */
  async logIn(more: string[] = [], options: Options = {}): Promise<Ended & { callback: string }> {
    const login = this.start(["auth", "login", "--no-browser", "-o", "json", "--tenant", "acme", ...more], options);
    const { url } = JSON.parse(await login.line());
    const callback = await this.approve(url);
    await this.fetch(new Request(callback));
    return { ...await login.ended, callback };
  }

  /** What was opened: waits for the opener. */
  async opened(): Promise<Opened> {
    const { out } = await this.program(["cat", join(this.folder, "opener")]).end();
    const [parent = "", argv = "", ...env] = out.split("\n");
    return {
      parent,
      argv: argv.split("\0").slice(0, -1),
      env: Object.fromEntries(env.join("\n").split("\0").slice(0, -1).map((pair) => pair.split(/=(.*)/s))),
    };
  }

  /** Logs in with the personal access token of that user, which is kept in the file. */
  async signIn(user: UserName = "owner", tenant = "acme"): Promise<void> {
    const options = { stdin: this.platform.users[user].pat };
    const { code, err } = await this.run(
      ["auth", "login", "--token-stdin", "--store", "file", "--tenant", tenant],
      options,
    );
    assert.equal(code, 0, err);
  }

  /** Command lines of the programs that run in the room, but for the room's own. */
  async inhabitants(): Promise<string[]> {
    return (await inhabitants(this.namespace, this.agent.pid)).map(({ command }) => command);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { pid } of await inhabitants(this.namespace, this.agent.pid)) kill(pid);
    await Promise.all([this.agent, ...this.#programs].map((running) => running.end()));
    while ((await inhabitants(this.namespace)).length > 0); // until the last one has let go of its files
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Opens a room for that executable. `switches`: the sandbox's, e.g. `TOKEN_TTL`. */
export async function enter(binary: string, switches: Record<string, string> = {}): Promise<Room> {
  const folder = await Deno.makeTempDir({ prefix: "autocom-room-" });
  await Deno.mkdir(join(folder, "home"), { mode: 0o700 });
  const script = [...UNSHARE, "sh", join(HERE, "room.sh"), folder];
  const sandbox = [Deno.execPath(), "run", "-A", ...CACHED, join(HERE, "inside.ts")];
  const kept = ["HOME", "DENO_DIR", "XDG_CACHE_HOME"].map((name) => [name, Deno.env.get(name) ?? ""]);
  const env = { ...Object.fromEntries(kept.filter(([, value]) => value)), PATH, ...switches };
  const agent = new Running("unshare", { args: [...script, ...sandbox], env, clearEnv: true }, LONGEST);
  try {
    const platform = JSON.parse(await agent.line());
    return new Room(folder, binary, agent, await Deno.readLink(`/proc/${agent.pid}/ns/net`), platform);
  } catch (error) {
    await agent.end();
    await Deno.remove(folder, { recursive: true });
    throw error;
  }
}

/**
 * Why no room can be had here: the programs that are not there, or what the first try said. Undefined where one can.
 * `path`: where programs are looked for.
 */
export async function whyNoRooms(path = PATH): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "this is no Linux";
  const absent = missing(PROGRAMS, path);
  if (absent.length > 0) return `not installed: ${absent.join(", ")}`;
  const folder = await Deno.makeTempDir({ prefix: "autocom-room-" });
  try {
    const args = [...UNSHARE, "sh", join(HERE, "room.sh"), folder, "true"];
    const { success, stderr } = await new Deno.Command("unshare", { args, env: { PATH: path } }).output();
    return success ? undefined : new TextDecoder().decode(stderr).trim().split("\n")[0] || "a try failed";
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The processes in that network namespace, but for one. */
async function inhabitants(namespace: string, agent?: number): Promise<{ pid: number; command: string }[]> {
  const found: { pid: number; command: string }[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    const pid = Number(name);
    if (!pid || pid === agent) continue;
    if (await Deno.readLink(`/proc/${pid}/ns/net`).catch(() => "") !== namespace) continue;
    const command = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
    if (command) found.push({ pid, command: command.replaceAll("\0", " ").trim() });
  }
  return found;
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch { /* it has ended by itself */ }
}
