/**
 * A release of a few bytes, signed by a test's key: everything that is published, around a program that is a script.
 *
 * @module
 */

import { join } from "node:path";
import { installers } from "../../../build/release/installers.ts";
import { makeTestKey } from "../../../build/release/minisign.ts";
import { sign } from "../../../build/release/sign.ts";
import { gzip, tar } from "../../../build/release/tar.ts";
import { zip } from "../../../build/release/zip.ts";
import { sha256 } from "../../../build/pinned.ts";
import { fileName, TARGETS } from "../../../build/targets.ts";
import { parseManifest } from "../../../src/upgrade/manifest.ts";
import { programName } from "../../../src/upgrade/targets.ts";

export interface Key {
  secret: string;
  /** The line that a build is stamped with. */
  public: string;
}

export async function testKey(): Promise<Key> {
  const made = await makeTestKey();
  return { secret: made.secret, public: made.public.split("\n")[1]! };
}

export interface Wanted {
  folder: string;
  version: string;
  key: Key;
  /** Address of the project's API. */
  project: string;
  /** The program for this machine; every other one is a script that prints its version. */
  program?: Uint8Array<ArrayBuffer>;
}

/** Writes and signs it; `folder` is made. */
export async function smallRelease(
  { folder, version, key, project, program }: Wanted,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const sums = new Map<string, string>();
  const write = async (name: string, content: Uint8Array<ArrayBuffer> | string) => {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(join(folder, name), bytes);
    sums.set(name, await sha256(bytes));
    return { name, size: bytes.length, sha256: sums.get(name)! };
  };
  const files: Record<string, unknown> = {};
  for (const target of TARGETS) {
    const own = target.triple === Deno.build.target ? program : undefined;
    const bytes = own ?? new TextEncoder().encode(`#!/bin/sh\necho 'autocom ${version}'\n`);
    const entries = [{ name: programName(target), bytes, mode: 0o755 }, { name: "LICENSE", bytes, mode: 0o644 }];
    const { size, sha256 } = await write(fileName(target), bytes);
    const stem = `autocom_${version}_${target.label}`;
    files[target.triple] = {
      binary: { size, sha256 },
      archive: target.os === "windows"
        ? await write(`${stem}.zip`, zip(entries))
        : await write(`${stem}.tar.gz`, gzip(tar(entries))),
      pack: await write(`${stem}.pack`, bytes),
    };
  }
  const of = <T>(value: (os: string) => T) => Object.fromEntries(TARGETS.map(({ triple, os }) => [triple, value(os)]));
  const needs: Record<string, string> = { linux: "glibc 2.27", darwin: "macOS 11", windows: "Windows 10" };
  const manifest = {
    ...{ v: 1, product: "autocom", version, released: "2026-05-01T10:00:00Z", expires: "2027-05-01T10:00:00Z" },
    ...{ development: true, runtime: of(() => "0".repeat(64)), needs: of((os) => needs[os]), files },
  };
  const parsed = parseManifest(new TextEncoder().encode(JSON.stringify(manifest)));
  const scripts = await installers(parsed, `${project}/packages/generic/autocom/${version}`);
  for (const [name, script] of Object.entries(scripts)) await write(name, script);
  const lines = [...sums].sort(([a], [b]) => a < b ? -1 : 1).map(([name, sum]) => `${sum}  ${name}\n`);
  const { size, sha256: sum } = await write("SHA256SUMS", lines.join(""));
  const signed = { ...manifest, sums: { size, sha256: sum } };
  await Deno.writeTextFile(join(folder, "manifest.json"), JSON.stringify(signed) + "\n");
  await sign(folder, key.secret);
}
