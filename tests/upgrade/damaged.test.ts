/** Packs and archives that are damaged or hostile, as a server serves them and as somebody with the key might sign them. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { brotliCompressSync } from "node:zlib";
import { gzip, tar } from "../../build/release/tar.ts";
import { zip } from "../../build/release/zip.ts";
import { AppError } from "../../src/errors.ts";
import { unarchive } from "../../src/upgrade/archive.ts";
import { FAULTS } from "../platform/releases/server.ts";
import { type Bytes, Scene } from "../support/upgrade/scene.ts";

/** A pack with these ops and this data. */
function packed(ops: unknown, data: Uint8Array | string = "", length?: number): Bytes {
  const header = Buffer.from(typeof ops === "string" ? ops : JSON.stringify(ops));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(length ?? header.length);
  return new Uint8Array(brotliCompressSync(Buffer.concat([size, header, Buffer.from(data)])));
}

const SIZE = 120_000 + "payload of 1.1.0 ".length * 2_000;

/** Each makes another file than the one that is signed, or none at all. */
const PACKS: Record<string, (good: Bytes) => Bytes> = {
  "no brotli": () => new TextEncoder().encode("no brotli at all"),
  "empty": () => packed([], ""),
  "cut off": (good) => good.subarray(0, good.length >> 1),
  "a flipped bit": (good) => (good[good.length >> 1]! ^= 1, good),
  "ten gigabytes of zeros": () => new Uint8Array(brotliCompressSync(Buffer.alloc(64 * 1024 ** 2))),
  "a header longer than the pack": () => packed([], "", 1_000_000),
  "a header of 4 GB": () => packed([], "", 0xffffffff),
  "ops that are no JSON": () => packed("[[0,1]"),
  "ops that are an object": () => packed({ 0: [0, SIZE] }),
  "a negative offset": () => packed([[-2, SIZE]]),
  "a negative length": () => packed([[0, -1], [0, SIZE + 1]]),
  "a fraction": () => packed([[0.5, SIZE]]),
  "an offset beyond the program": () => packed([[10 ** 9, SIZE]]),
  "a length beyond the program": () => packed([[0, 10 ** 9]]),
  "more than the program's size": () => packed([[0, 100_000], [0, 100_000], [0, 100_000]]),
  "less than the program's size": () => packed([[0, 100]]),
  "data that is not there": () => packed([[-1, SIZE]], "short"),
  "data that is not used": () => packed([[0, 120_000], [0, SIZE - 120_000]], "more"),
  "the wrong bytes, the right size": () => packed([[0, 120_000], [0, SIZE - 120_000]]),
  "a million ops": () => packed(Array.from({ length: 1_000_000 }, () => [0, 1])),
};

Deno.test("SU2-13: of 20 corrupted packs none is installed, signed or not; the archive brings the exact program", async () => {
  assert.equal(Object.keys(PACKS).length, 20);
  for (const signed of [true, false]) {
    for (const [name, pack] of Object.entries(PACKS)) {
      await using scene = await Scene.open();
      await scene.release("1.1.0", { pack, ...!signed && { goodSums: true } });
      const { action } = await scene.upgrade({}, { debug: true });
      assert.equal(action, "upgraded", name);
      await scene.isAt("1.1.0");
      const lines = scene.world.seen.stderr.match(/^debug: .*the archive is taken$/gm);
      assert.equal(lines?.length, 1, `${name}: one debug line`);
      assert.ok(scene.asked().some((path) => path.endsWith(".tar.gz")), name);
    }
  }
});

Deno.test("SU2-13: a corrupted pack and a corrupted archive: exit 13, the program unchanged", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0", { pack: () => packed([[0, 1]]), archive: () => gzip(new Uint8Array(2_000)) });
  await scene.refuses(13, /archive is not what was signed: it does not hold "autocom"/);
  scene.server.entries.length = 0;
  await scene.release("1.1.0");
  const [[, archive]] = [...scene.server.files].filter(([name]) => name.endsWith(".gz")) as [[string, Bytes]];
  scene.server.faults.push(
    FAULTS.bytes(/\.pack$/, () => packed([]), archive),
    FAULTS.bytes(/\.gz$/, (bytes) => (bytes[900]! ^= 1, bytes), archive),
  );
  await scene.refuses(13, /its SHA-256 is/);
});

const BLOCK = 512;

/** The header of an entry, with its sum made right again. */
function header(archive: Uint8Array, at: number, change: (block: Buffer) => void): void {
  const block = Buffer.from(archive.buffer, archive.byteOffset + at, BLOCK);
  change(block);
  block.fill(" ", 148, 156);
  block.write(block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(7, "0") + "\0", 148, "latin1");
}

const entry = (name: string, bytes: Uint8Array) => ({ name, bytes, mode: 0o755 });
const touched = (program: Bytes, change: (block: Buffer) => void) => {
  const archive = tar([entry("autocom", program)]);
  header(archive, 0, change);
  return gzip(archive);
};

/** Each was signed as it is: what a stolen key, or a mistake, could bring. */
const ARCHIVES: Record<string, (program: Bytes) => Bytes> = {
  "SU-7 a name that leads out": (program) => gzip(tar([entry("../../autocom", program), entry("autocom", program)])),
  "SU-7 an absolute name": (program) => gzip(tar([entry("/tmp/autocom", program), entry("autocom", program)])),
  "SU-7 a drive's name": (program) => gzip(tar([entry("C:\\x", program), entry("autocom", program)])),
  "SU-7 a symbolic link first": (program) => {
    const archive = tar([entry("autocom", new Uint8Array()), entry("autocom", program)]);
    header(archive, 0, (block) => (block.write("2", 156), block.write("/etc/passwd", 157)));
    return gzip(archive);
  },
  "SU-7 a hard link": (program) => touched(program, (block) => (block.write("1", 156), block.write("/bin/sh", 157))),
  "SU-7 a device": (program) => touched(program, (block) => block.write("3", 156)),
  "SU-8 the program twice": (program) => gzip(tar([entry("autocom", program), entry("autocom", program)])),
  "SU-8 a bomb behind the program": (program) =>
    gzip(tar([entry("autocom", program), entry("more", Buffer.alloc(40 * 1024 ** 2))])),
  "SU-8 10 GB declared": (program) => touched(program, (block) => block.write("77777777777\0", 124)),
  "SU-8 many entries": (program) =>
    gzip(
      tar([...Array.from({ length: 2_000 }, (_, n) => entry(`f${n}`, new Uint8Array())), entry("autocom", program)]),
    ),
  "SU2-39 another size by an extension (PAX)": (program) => {
    const size = new TextEncoder().encode("16 size=1000000\n");
    const archive = tar([entry("PaxHeader", size), entry("autocom", program)]);
    header(archive, 0, (block) => block.write("x", 156));
    return gzip(archive);
  },
  "SU2-39 a long name of GNU's": (program) => {
    const archive = tar([entry("LongLink", new TextEncoder().encode("autocom\0")), entry("other", program)]);
    header(archive, 0, (block) => block.write("L", 156));
    return gzip(archive);
  },
  "SU2-38 bytes behind the end": (program) =>
    gzip(Buffer.concat([tar([entry("autocom", program)]), Buffer.from("more")])),
  "SU2-38 bytes behind the compressed end": (program) =>
    new Uint8Array(Buffer.concat([gzip(tar([entry("autocom", program)])), Buffer.from("more")])),
  "cut off in the middle": (program) => gzip(tar([entry("autocom", program)]).subarray(0, 60_000)),
};

Deno.test("SU-7, SU-8, SU2-39: of 15 hostile archives none is installed, though each is signed: exit 13, nothing outside is written", async () => {
  assert.equal(Object.keys(ARCHIVES).length, 15);
  await using scene = await Scene.open();
  const outside = async () => (await Array.fromAsync(Deno.readDir(scene.world.home), ({ name }) => name)).sort();
  for (const [name, archive] of Object.entries(ARCHIVES)) {
    scene.server.entries.length = 0;
    await scene.release("1.1.0", {
      archive,
      manifest: ({ runtime }) => Object.keys(runtime).forEach((key) => runtime[key] = "b".repeat(64)),
    });
    await scene.refuses(13, /the archive is not what was signed/).catch((error) => {
      throw new Error(`${name}: ${error.message}`);
    });
    assert.deepEqual(await outside(), [".autocom", "bin"], name);
  }
});

/** All of the program, or the refusal. */
async function fromZip(archive: Bytes, size: number): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(unarchive(archive, "zip", "autocom.exe", size), (piece) => piece.slice()));
}

Deno.test("SU2-39: zip archives: the program alone, and only where both of its headers agree", async () => {
  const program = new Uint8Array(Buffer.from("program ".repeat(9_000)));
  const files = [entry("autocom.exe", program), entry("LICENSE", Buffer.from("text"))];
  const good = () => zip(files);
  assert.deepEqual(await fromZip(good(), program.length), Buffer.from(program));
  const change = (from: string, to: string, which: "first" | "last") => {
    const archive = Buffer.from(good());
    const at = which === "first" ? archive.indexOf(from) : archive.lastIndexOf(from);
    archive.write(to, at, "latin1");
    return new Uint8Array(archive);
  };
  const poke = (find: number[], offset: number, value: number[]) => {
    const archive = Buffer.from(good());
    archive.set(value, archive.indexOf(Buffer.from(find)) + offset);
    return new Uint8Array(archive);
  };
  const CENTRAL = [0x50, 0x4b, 1, 2];
  const bad: Record<string, Bytes> = {
    "another name in its local header": change("autocom.exe", "autocom.exf", "first"),
    "another name in the directory": change("autocom.exe", "autocom.exf", "last"),
    "twice": zip([files[0]!, files[0]!]),
    "a name that leads out": zip([entry("..\\autocom.exe", program), ...files]),
    "an absolute name": zip([entry("/autocom.exe", program), ...files]),
    "not there": zip([files[1]!]),
    "a link": zip([{ ...files[0]!, mode: 0o120777 & ~0o100000 | 0o020000 }]),
    "encrypted": poke(CENTRAL, 8, [1]),
    "zip64": poke(CENTRAL, 20, [255, 255, 255, 255]),
    "an extra field": poke(CENTRAL, 30, [4]),
    "another size": poke(CENTRAL, 24, [1]),
    "bytes behind it": new Uint8Array(Buffer.concat([good(), Buffer.from([0])])),
    "bytes before it": new Uint8Array(Buffer.concat([Buffer.from([0]), good()])),
    "cut off": good().subarray(0, 200),
    "empty": new Uint8Array(),
  };
  for (const [name, archive] of Object.entries(bad)) {
    await assert.rejects(
      fromZip(archive, program.length),
      (error) => error instanceof AppError && error.exit === 13,
      name,
    );
  }
  await assert.rejects(fromZip(good(), program.length - 1), /another size/);
});
