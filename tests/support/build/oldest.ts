/**
 * The oldest system that a program asks for, as its own headers say.
 *
 * @module
 */

import type { Buffer } from "node:buffer";

/** In the manifest's words, e.g. `glibc 2.27`. What the runtime refuses by itself can be newer than its header says. */
export function oldestSystem(program: Buffer, os: "linux" | "darwin" | "windows"): string {
  if (os === "linux") return `glibc 2.${glibc(program)}`;
  if (os === "darwin") return `macOS ${macOS(program)}`;
  const header = program.readUInt32LE(0x3c) + 24; // PE's optional header, behind COFF's
  return `Windows ${program.readUInt16LE(header + 48)}.${program.readUInt16LE(header + 50)}`; // of the subsystem
}

function glibc(program: Buffer): number {
  const asked: number[] = [];
  for (let at = program.indexOf("\0GLIBC_2."); at >= 0; at = program.indexOf("\0GLIBC_2.", at + 1)) {
    const version = /^\0GLIBC_2\.(\d+)\0/.exec(program.toString("latin1", at, at + 20));
    if (version) asked.push(Number(version[1]));
  }
  return Math.max(...asked);
}

/** Of `LC_BUILD_VERSION`, or the older `LC_VERSION_MIN_MACOSX`. */
function macOS(program: Buffer): string {
  for (let at = 32, left = program.readUInt32LE(16); left > 0; left--, at += program.readUInt32LE(at + 4)) {
    const version = { 0x32: at + 12, 0x24: at + 8 }[program.readUInt32LE(at)];
    if (version) return `${program.readUInt16LE(version + 2)}.${program.readUInt8(version + 1)}`;
  }
  throw new Error("its header names no system");
}
