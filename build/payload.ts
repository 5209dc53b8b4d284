/**
 * Takes the payload off a program that `deno compile` made, so that its runtime can be used again. The formats are
 * those of https://github.com/denoland/sui 0.12, which embeds the payload.
 *
 * @module
 */

import { BuildError } from "./process.ts";

const ELF = 0x7f454c46;
const MACHO_64 = 0xcffaedfe;
const LC_SEGMENT_64 = 0x19;

/** The runtime in `program`, for the executable format that it has. */
export function withoutPayload(program: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const magic = view.getUint32(0);
  if (magic === ELF) return program.subarray(0, elfEnd(view));
  if (magic === MACHO_64) return macho(program, view);
  return program; // a PE's payload is a resource, which `deno compile` replaces
}

/** ELF: payload, then 16 bytes: magic, version, distance from the trailer to the payload's start. */
function elfEnd(view: DataView): number {
  const trailer = view.byteLength - 16;
  if (view.getUint32(trailer, true) !== 0x501e) throw new BuildError("no payload found at the end of the ELF file");
  return trailer - Number(view.getBigUint64(trailer + 8, true));
}

/**
 * Mach-O: Intel's is appended after a marker. ARM's is a segment `__SUI`, and the runtime reads the *first* one of
 * that name: left in place it would start the other program, so it is renamed and emptied.
 */
function macho(program: Uint8Array<ArrayBuffer>, view: DataView): Uint8Array<ArrayBuffer> {
  const segment = segmentNamed("__SUI", view);
  if (segment === undefined) {
    const at = new TextDecoder("latin1").decode(program).lastIndexOf("<~sui-data~>\u00ef\u00be\u00ad\u00de");
    if (at < 0) throw new BuildError("no payload found in the Mach-O file");
    return program.subarray(0, at);
  }
  const start = Number(view.getBigUint64(segment + 40, true));
  program.fill(0, start, start + Number(view.getBigUint64(segment + 48, true)));
  const section = segment + 72;
  for (const name of [segment + 8, section, section + 16]) program.set(new TextEncoder().encode("__OLD"), name);
  return program;
}

/** Offset of the load command of the segment with that name. */
function segmentNamed(name: string, view: DataView): number | undefined {
  let at = 32;
  for (let left = view.getUint32(16, true); left > 0; left--) {
    const text = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 8, 16));
    if (view.getUint32(at, true) === LC_SEGMENT_64 && text.replace(/\0+$/, "") === name) return at;
    at += view.getUint32(at + 4, true);
  }
  return undefined;
}
