/**
 * Upgrading in this process: an installed program of a few hundred kilobytes, a release server, and keys.
 *
 * @module
 */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type Key, makeTestKey, readSecretKey, signature } from "../../../build/release/minisign.ts";
import { makePack } from "../../../build/release/pack.ts";
import { gzip, tar } from "../../../build/release/tar.ts";
import { sha256 } from "../../../build/pinned.ts";
import { app as appOf, flagsOf, type Globals } from "../../../src/app.ts";
import { describe, type Description } from "../../../src/cli/mod.ts";
import { NOUNS } from "../../../src/commands/mod.ts";
import { settings as settingsOf } from "../../../src/config/mod.ts";
import { DROPPED } from "../../../src/drop.ts";
import { AppError } from "../../../src/errors.ts";
import type { Format } from "../../../src/output/mod.ts";
import type { Own } from "../../../src/upgrade/own.ts";
import { type Choice, type Outcome, rollback, upgrade } from "../../../src/upgrade/perform.ts";
import { platformOf } from "../../../src/upgrade/targets.ts";
import { denoSystem } from "../../../src/system/deno.ts";
import type { System } from "../../../src/system/mod.ts";
import { type Entry, type ReleaseServer, releaseServer } from "../../platform/releases/server.ts";
import { systemOf, type World, world } from "../world.ts";

export const PLATFORM = platformOf({ os: "linux", arch: "x86_64" })!;
export const TRIPLE = PLATFORM.triple;

const [LISTED] = (await describe(NOUNS.filter(({ name }) => name === "upgrade"))).commands as [Description];

export type Bytes = Uint8Array<ArrayBuffer>;
// deno-lint-ignore no-explicit-any
export type Json = any;

/** How a release differs from a good one. */
export interface Different {
  /** The manifest before it is signed. */
  manifest?: (manifest: Json) => void;
  /** The signature's text. */
  signed?: (text: string, manifest: Bytes) => string | Promise<string>;
  key?: Key;
  archive?: (program: Bytes) => Bytes | Promise<Bytes>;
  pack?: (pack: Bytes) => Bytes;
  /** Sums of the archive and the pack are of what is served, unless they are of the good ones. */
  goodSums?: true;
  entry?: Partial<Entry> & { without?: string[] };
}

export class Scene implements AsyncDisposable {
  readonly keys: { current: Key; next: Key; stranger: Key };
  readonly runtime: Bytes = new Uint8Array(randomBytes(120_000));
  own: Own;
  /** What every call may replace. */
  ports: { -readonly [P in keyof System]?: System[P] } = {};

  private constructor(
    readonly world: World,
    readonly server: ReleaseServer,
    readonly folder: string,
    keys: Scene["keys"],
  ) {
    this.keys = keys;
    this.own = {
      version: "1.0.0",
      platform: PLATFORM,
      releases: server.project,
      keys: [keys.current.public, keys.next.public],
      runtime: "a".repeat(64),
      userAgent: "autocom/1.0.0 (linux; x86_64)",
    };
  }

  static async open(changes: Partial<World> = {}): Promise<Scene> {
    const key = async () => await readSecretKey((await makeTestKey()).secret);
    const keys = { current: await key(), next: await key(), stranger: await key() };
    const made = await world({ fetch: (request) => fetch(request), ...changes });
    const folder = join(made.home, "bin");
    await Deno.mkdir(folder, { mode: 0o755 });
    const scene = new Scene(made, releaseServer(), folder, keys);
    await Deno.writeFile(scene.path, scene.program("1.0.0"), { mode: 0o755 });
    await Deno.chmod(scene.path, 0o755);
    return scene;
  }

  get path(): string {
    return join(this.folder, "autocom");
  }

  /** A program of that version: the runtime, and what is its own. */
  program(version: string): Bytes {
    const payload = new TextEncoder().encode(`payload of ${version} `.repeat(2_000));
    const whole = new Uint8Array(this.runtime.length + payload.length);
    whole.set(this.runtime);
    whole.set(payload, this.runtime.length);
    return whole;
  }

  /** Publishes a release and gives its entry. */
  async release(version: string, different: Different = {}): Promise<Entry> {
    const program = this.program(version);
    const good = {
      archive: gzip(tar([{ name: "autocom", bytes: program, mode: 0o755 }])),
      pack: new Uint8Array(makePack(program, this.runtime)),
    };
    const archive = await different.archive?.(program) ?? good.archive;
    const pack = different.pack?.(good.pack) ?? good.pack;
    const named = async (name: string, bytes: Bytes) => ({ name, size: bytes.length, sha256: await sha256(bytes) });
    const [stem, summed] = [`autocom_${version}_linux_amd64`, different.goodSums ? good : { archive, pack }];
    const manifest: Json = {
      ...{ v: 1, product: "autocom", version, released: "2026-01-01T00:00:00Z", expires: "2096-01-01T00:00:00Z" },
      development: true,
      runtime: { [TRIPLE]: this.own.runtime },
      needs: { [TRIPLE]: "glibc 2.17" },
      files: {
        [TRIPLE]: {
          binary: { size: program.length, sha256: await sha256(program) },
          archive: await named(`${stem}.tar.gz`, summed.archive),
          pack: await named(`${stem}.pack`, summed.pack),
        },
      },
    };
    different.manifest?.(manifest);
    const bytes = new TextEncoder().encode(JSON.stringify(manifest));
    const text = await signature(different.key ?? this.keys.current, bytes, `autocom ${version}`);
    const signed = await different.signed?.(text, bytes) ?? text;
    return this.server.publish(version, {
      "manifest.json": bytes,
      "manifest.json.minisig": new TextEncoder().encode(signed),
      [`${stem}.tar.gz`]: archive,
      [`${stem}.pack`]: pack,
    }, different.entry);
  }

  /** An app as `execute` makes one. */
  app(globals: Partial<Globals> = {}, signal: AbortSignal = new AbortController().signal) {
    const all: Globals = { input: true, color: "never", quiet: false, debug: false, ...globals };
    const system: System = {
      ...systemOf(this.world),
      ffi: denoSystem().ffi,
      installed: { program: () => this.path, kernel: () => "6.1.0" },
      ...this.ports,
    };
    const format: Format = all.output ?? "table";
    return appOf({ system, globals: all, settings: settingsOf(system, flagsOf(all)), format, signal, drop: DROPPED });
  }

  async upgrade(choice: Partial<Choice> = {}, globals: Partial<Globals> = {}): Promise<Outcome> {
    this.world.seen.next("upgrade");
    return await upgrade(this.app(globals), this.own, { ...NOTHING, ...choice });
  }

  async rollback(choice: Partial<Choice> = {}, globals: Partial<Globals> = {}): Promise<Outcome> {
    this.world.seen.next("upgrade --rollback");
    return await rollback(this.app(globals), this.own, { ...NOTHING, ...choice });
  }

  /** Holds a refusal to its exit code and its words, and the installed program to what it was. */
  async refuses(
    exit: number,
    message: RegExp,
    choice: Partial<Choice> = {},
    globals: Partial<Globals> = {},
  ): Promise<AppError> {
    const before = await Deno.readFile(this.path);
    let refused: unknown;
    try {
      await this.upgrade(choice, globals);
    } catch (error) {
      refused = error;
    }
    assert.ok(
      refused instanceof AppError,
      refused === undefined ? "it was not refused" : String((refused as Error).stack),
    );
    assert.equal(refused.exit, exit, `${refused.message} (${refused.hint})`);
    assert.ok(LISTED.exit_codes.includes(exit), `"autocom commands -o json" has no exit code ${exit} for upgrade`);
    assert.match(refused.message, message);
    assert.ok(exit === 130 || refused.hint, "a hint");
    assert.deepEqual(await Deno.readFile(this.path), before);
    assert.deepEqual((await this.names()).filter((name) => /\.new$|\.old$/.test(name) && name.startsWith(".")), []);
    return refused;
  }

  /** What is installed is that version. */
  async isAt(version: string): Promise<void> {
    assert.deepEqual(await Deno.readFile(this.path), this.program(version), `the program is ${version}`);
  }

  /** As if that version had been started. */
  become(version: string): void {
    this.own = { ...this.own, version, userAgent: `autocom/${version} (linux; x86_64)` };
  }

  async names(): Promise<string[]> {
    return (await Array.fromAsync(Deno.readDir(this.folder), ({ name }) => name)).sort();
  }

  /** Paths that were asked for, and no more remembered. */
  asked(): string[] {
    return this.server.seen.splice(0).map(({ path }) => path.replace(/^\/api\/v4\/projects\/autocommerce%2Fcli/, ""));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    void this.world.seen.stderr;
    await this.server[Symbol.asyncDispose]();
    await this.world[Symbol.asyncDispose]();
  }
}

export const NOTHING: Choice = { check: false, dryRun: false, force: false, allowHomebrew: false };
