/**
 * Two compiled versions of this program that believe a server on loopback and a test's key, and that server.
 *
 * @module
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import { makeTestKey } from "../../../build/release/minisign.ts";
import { sign } from "../../../build/release/sign.ts";
import { fileName, type Target } from "../../../build/targets.ts";
import { filesOf, type ReleaseServer, releaseServer } from "../../platform/releases/server.ts";
import { type Ended, Running } from "../binary/running.ts";
import { programName } from "../../../src/upgrade/targets.ts";
import { copyProject, HOST } from "../build/tree.ts";

export const [OLD, NEW] = ["1.0.0", "1.1.0"];

export class Built implements AsyncDisposable {
  #machines = 0;
  private constructor(
    readonly folder: string,
    readonly server: ReleaseServer,
    readonly target: Target,
    readonly files: Record<string, Uint8Array<ArrayBuffer>>,
  ) {}

  /** `elsewhere`: the programs believe that address instead of the server's. */
  static async make(target: Target = HOST, elsewhere?: string): Promise<Built> {
    const folder = await Deno.makeTempDir({ prefix: "autocom-upgrade-" });
    const server = releaseServer();
    const key = await makeTestKey();
    const env = {
      AUTOCOM_BUILD_RELEASE_KEYS: key.public.split("\n")[1]!,
      AUTOCOM_BUILD_RELEASES: elsewhere ?? server.project,
      SOURCE_DATE_EPOCH: String(Math.floor(Date.now() / 1000) - 3600),
    };
    const tree = join(folder, "tree");
    await copyProject(tree);
    const config = await Deno.readTextFile(join(tree, "deno.json"));
    for (const version of [OLD, NEW]) {
      await Deno.writeTextFile(
        join(tree, "deno.json"),
        config.replace(/"version": "[^"]+"/, `"version": "${version}"`),
      );
      const args = ["task", "--quiet", "release", "--out", join(folder, version), "--target", target.triple];
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args,
        cwd: tree,
        env: { DENO_TLS_CA_STORE: "system,mozilla", NO_COLOR: "1", ...env },
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      await sign(join(folder, version), key.secret);
    }
    await Deno.remove(tree, { recursive: true });
    return new Built(folder, server, target, await filesOf(join(folder, NEW)));
  }

  /** Path of a built program. */
  program(version: string): string {
    return join(this.folder, version, fileName(this.target));
  }

  /** The server has nothing but the new release, and no faults. */
  reset(): void {
    const { server } = this;
    server.entries.length = server.faults.length = server.seen.length = 0;
    server.publish(NEW, this.files);
  }

  /** A machine with the old program in a folder of its own. */
  async machine(): Promise<Machine> {
    this.reset();
    const folder = join(this.folder, `machine-${++this.#machines}`);
    await Deno.mkdir(join(folder, "bin"), { recursive: true });
    await Deno.mkdir(join(folder, "home"), { mode: 0o700 });
    const machine = new Machine(this, folder);
    await machine.install();
    return machine;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

export class Machine implements AsyncDisposable {
  readonly bin: string;
  readonly home: string;

  constructor(readonly built: Built, readonly folder: string) {
    this.bin = join(folder, "bin");
    this.home = join(folder, "home");
  }

  get path(): string {
    return join(this.bin, programName(this.built.target));
  }

  async install(version: string = OLD!): Promise<void> {
    await Deno.copyFile(this.built.program(version), `${this.path}.copy`);
    await Deno.chmod(`${this.path}.copy`, 0o755);
    await Deno.rename(`${this.path}.copy`, this.path);
  }

  /** Starts words, the program's path first; `before` come before them, such as `strace`. */
  start(args: string[], { env = {}, before = [], program = this.path }: Start = {}): Running {
    const [command, ...words] = [...before, program, ...args];
    return new Running(command!, {
      args: words,
      env: { HOME: this.home, PATH: Deno.env.get("PATH")!, AUTOCOM_API_URL: "http://127.0.0.1:9/api/v1", ...env },
      clearEnv: true,
      cwd: this.folder,
    });
  }

  async run(args: string[], options: Start = {}): Promise<Ended> {
    return await this.start(args, options).end();
  }

  /** `1.0.0`, as the installed program says. */
  async version(path = this.path): Promise<string> {
    const { code, out, err } = await this.run(["--version"], { program: path });
    assert.equal(code, 0, err);
    return out.replace(/^autocom /, "").trim();
  }

  /** What the folder of the program holds beside it and what belongs to it. */
  async leftovers(): Promise<string[]> {
    const all = await Array.fromAsync(Deno.readDir(this.bin), ({ name }) => name);
    return all.filter((name) => !["autocom", "autocom.old", ".autocom.lock"].includes(name)).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

export interface Start {
  env?: Record<string, string>;
  before?: string[];
  program?: string;
}
