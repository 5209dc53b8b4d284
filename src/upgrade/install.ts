/**
 * The middle of an upgrade: the files of a release whose manifest was verified, onto the disk, and into their place.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { progressing } from "../output/mod.ts";
import type { File } from "../system/mod.ts";
import { unarchive } from "./archive.ts";
import type { Chosen } from "./choose.ts";
import { exclusively, fill, type Temporary, withTemporary } from "./disk.ts";
import { damaged, get, type Net } from "./download.ts";
import type { Files, Manifest } from "./manifest.ts";
import type { Own } from "./own.ts";
import { type Installed, PackError, unpack } from "./pack.ts";
import type { Program } from "./place.ts";
import { swap } from "./swap.ts";
import { programName } from "./targets.ts";

/** What a part of an upgrade is given. */
export interface Work {
  app: App;
  own: Own;
  net: Net & { own: Own };
  debug: (line: string) => void;
}

/** The new program stands on the runtime that is here already. */
export function fits({ runtime }: Manifest, own: Own): boolean {
  return own.runtime !== "" && runtime[own.platform.triple] === own.runtime;
}

/** Gives the bytes that it took. */
export async function install(
  work: Work,
  program: Program,
  { release, manifest }: Chosen,
  files: Files,
): Promise<number> {
  const { app: { system }, own, debug } = work;
  const address = (name: string) => {
    const url = release.links.get(name);
    if (url) return url;
    throw new AppError("server", `release ${manifest.version} has no link to ${name}`, { hint: "try again later" });
  };
  return await exclusively(system, program, () =>
    withTemporary(system, program, async (temporary) => {
      const packed = fits(manifest, own) && await byPack(work, program, temporary, files, address);
      if (!packed) await byArchive(work, program, temporary, files, address);
      await swap(system, program, temporary, debug);
      return packed ? files.pack.size : files.archive.size;
    }));
}

type Address = (name: string) => string;

/** False when it does not work out, whatever the reason: the archive can do without all of this. */
async function byPack(
  { app, net, debug }: Work,
  program: Program,
  temporary: Temporary,
  { pack, binary }: Files,
  address: Address,
): Promise<boolean> {
  const { system } = app;
  try {
    const bytes = await fetched(app, net, address(pack.name), "the pack", pack);
    using file = await system.files.open(program.path, { read: true });
    const { size } = await file.stat();
    const hash = await fill(system, program, temporary, unpack(bytes, reading(file, size), binary.size), binary.size);
    if (hash === binary.sha256) return true;
    debug("the pack made another file than the one that is signed: the archive is taken");
  } catch (error) {
    const ours = error instanceof AppError && ["integrity", "server", "not-found", "network"].includes(error.kind);
    if (app.signal.aborted || !(ours || error instanceof PackError)) throw error;
    debug(`the pack does not work (${error.message}): the archive is taken`);
  }
  return false;
}

function reading(file: File, size: number): Installed {
  let room = new Uint8Array();
  return {
    size,
    async read(offset, length) {
      if (room.length < length) room = new Uint8Array(length);
      const bytes = room.subarray(0, length);
      await file.seek(offset, 0);
      for (let at = 0; at < length;) {
        const count = await file.read(bytes.subarray(at));
        if (count === null) throw new PackError("the installed program is shorter than it was");
        at += count;
      }
      return bytes;
    },
  };
}

async function byArchive(
  { app, net, own }: Work,
  program: Program,
  temporary: Temporary,
  { archive, binary }: Files,
  address: Address,
): Promise<void> {
  const bytes = await fetched(app, net, address(archive.name), "the archive", archive);
  const kind = archive.name.endsWith(".zip") ? "zip" : "tar.gz";
  const pieces = unarchive(bytes, kind, programName(own.platform), binary.size);
  const hash = await fill(app.system, program, temporary, pieces, binary.size);
  if (hash !== binary.sha256) {
    throw damaged("the program in the archive", `its SHA-256 is ${hash || "of another size"}`);
  }
}

/** The bytes that are signed, and no others. */
async function fetched(
  app: App,
  net: Net,
  url: string,
  what: string,
  { size, sha256 }: { size: number; sha256: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const { format } = await app.destination();
  const { system, globals, signal } = app;
  const { progress } = await progressing();
  const line = await progress({ system, globals, format, signal, what: "Downloading", unit: "bytes", writes: false });
  try {
    line?.begin();
    const { bytes } = await get(net, url, { what, limit: size, exact: true, progress: (so) => line?.tell(so, size) });
    const hash = createHash("sha256").update(bytes).digest("hex"); // WebCrypto would copy it
    if (hash !== sha256) throw damaged(what, `its SHA-256 is ${hash}`);
    return bytes;
  } finally {
    await line?.end();
  }
}
