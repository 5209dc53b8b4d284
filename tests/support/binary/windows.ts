/**
 * Windows programs on this machine: as they are on Windows, else through the program that `AUTOCOM_WINDOWS_RUN` names
 * or Wine (10 or newer), with a profile of their own.
 *
 * @module
 */

import { join } from "node:path";
import { bundle } from "../../../build/bundle.ts";
import { embed } from "../../../build/embed.ts";
import { PERMISSIONS } from "../../../build/permissions.ts";
import { BuildError, denoDir } from "../../../build/process.ts";
import { runtime } from "../../../build/runtime.ts";
import { fileName, targetOf } from "../../../build/targets.ts";
import { build, ROOT } from "../build/tree.ts";
import { type Ended, Running } from "./running.ts";

const TARGET = targetOf("x86_64-pc-windows-msvc");
/** Milliseconds that a program may take; the first one of a profile makes it. */
const LONGEST = 120_000;

/** What a Windows program is started with; undefined, with one loud line, when it cannot be started here. */
export const RUNNER = runner();
const RUNTIME = RUNNER && await windowsRuntime();
export const READY = RUNTIME !== undefined;

/** A machine with Windows, a fresh profile and the built program. */
export class Windows implements AsyncDisposable {
  /** Where programs work. */
  readonly cwd: string;

  constructor(private readonly folder: string, private readonly env: Record<string, string>) {
    this.cwd = join(folder, "work");
  }

  /** Starts a program of `folder` with nothing of this process' environment but what a system needs. */
  start(program: string, args: string[] = []): Running {
    const [command, ...words] = [...RUNNER!, join(this.folder, program), ...args];
    const kept = ["PATH", "HOME", "SystemRoot", "TEMP", "TMP", "LOCALAPPDATA"].map((
      name,
    ) => [name, Deno.env.get(name)]);
    const env = { ...Object.fromEntries(kept.filter(([, value]) => value)), ...this.env };
    return new Running(command!, { args: words, env, clearEnv: true, cwd: this.cwd }, LONGEST);
  }

  /** `autocom args`, to its end. */
  async run(args: string[], stdin = ""): Promise<Ended> {
    const running = this.start(fileName(TARGET), args);
    await running.type(stdin);
    return await running.end();
  }

  /** `autocom args` under way. */
  open(args: string[]): Running {
    return this.start(fileName(TARGET), args);
  }

  /** Compiles a module with the program's permissions; gives the name of the program. */
  async compile(module: string, name: string): Promise<string> {
    await bundle(ROOT, module, join(this.folder, name, "chunks"));
    const out = join(this.folder, `${name}.exe`);
    const program = { chunks: join(this.folder, name, "chunks"), entry: `${name}.js`, out };
    await embed({ ...program, target: TARGET, permissions: PERMISSIONS, env: RUNTIME! });
    return `${name}.exe`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Wine's server writes the registry a last time when it finds that nobody is there any more.
    const remove = () => Deno.remove(this.folder, { recursive: true });
    await remove().catch(remove);
  }
}

/** `env`: variables that the programs see. */
export async function windows(env: Record<string, string>): Promise<Windows> {
  const folder = await Deno.makeTempDir({ prefix: "autocom-windows-" });
  const profile = join(folder, "profile");
  const places = { WINDOWS_HOME: profile, WINEPREFIX: join(profile, "wine"), WINEDEBUG: "-all", USERPROFILE: profile };
  await using made = new AsyncDisposableStack();
  const machine = made.use(new Windows(folder, { ...places, ...env }));
  for (const path of [profile, machine.cwd]) await Deno.mkdir(path);
  await build(ROOT, ["--target", TARGET.triple, "--out", folder]);
  made.move();
  return machine;
}

function runner(): string[] | undefined {
  if (Deno.build.os === "windows") return [];
  const given = Deno.env.get("AUTOCOM_WINDOWS_RUN");
  if (given) return [given];
  const wine = (Deno.env.get("PATH") ?? "").split(":").map((folder) => join(folder, "wine")).find(isFile);
  if (!wine) console.error("SKIPPED: the Windows program, there is neither AUTOCOM_WINDOWS_RUN nor wine");
  return wine ? [wine] : undefined;
}

async function windowsRuntime(): Promise<Record<string, string> | undefined> {
  try {
    if (Deno.env.get("DENORT_BIN")) throw new BuildError("DENORT_BIN names the runtime of another target");
    return (await runtime({ target: TARGET, release: false, denoDir: await denoDir(ROOT), fetch })).env;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(`SKIPPED: the Windows program, no runtime for it: ${error.message}`);
    return undefined;
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
