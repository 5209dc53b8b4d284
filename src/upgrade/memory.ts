/**
 * What is remembered between runs, in `~/.autocom/upgrade-check.json`: one record of a fixed size, so that it is written
 * in one call. It is never trusted with more than a hint: whatever is not as it should be counts as absent.
 *
 * @module
 */

import { findPath, openKept, type Writer } from "../storage/mod.ts";
import type { File, FileInfo, System } from "../system/mod.ts";
import { isVersion } from "./semver.ts";

export interface Memory {
  /** When the list was asked for last; milliseconds since the epoch, as all times here. */
  tried?: number;
  /** When it was answered or refused last. */
  done?: number;
  /** The newest version of that answer. */
  latest?: string | undefined;
  /** When a person was told of a newer version last. */
  nudged?: number;
  /** The highest version whose signature was verified. */
  seen?: string;
  /** The version that was rolled back from. */
  skipped?: string;
  /** The version that a kept program is of; which one, by {@link markOf}: there may be more installations. */
  previous?: string;
  kept?: string;
}

/** Tells one kept program from another without reading it. */
export function markOf({ ino, size, mtime }: FileInfo): string {
  return `${ino}:${size}:${mtime?.getTime()}`;
}

const TIMES = ["tried", "done", "nudged"] as const;
const VERSIONS = ["latest", "seen", "skipped", "previous"] as const;
const SIZE = 512;

/** The open file, unlocked; undefined, and no word about it, where nothing can be kept. */
export async function openMemory(system: Writer & Pick<System, "env">): Promise<File | undefined> {
  try {
    const path = findPath(system, "upgrade");
    return path ? await openKept(system, path) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Changes the record, while nobody else does. False, and nothing happened, when another run is at it.
 * `change` gets what is remembered, and says what is to be, or undefined to leave it.
 */
export function remember(file: File, change: (memory: Memory) => Memory | undefined): boolean {
  try {
    if (!file.tryLockSync(true)) return false;
    try {
      const changed = change(recall(file));
      if (changed) write(file, changed);
    } finally {
      try {
        file.unlockSync();
      } catch { /* closing does it, too (Windows: error 33) */ }
    }
    return true;
  } catch {
    return false;
  }
}

/** What is remembered, as far as it is what it should be. Half a kilobyte: a turn of the runtime's would take longer. */
export function recall(file: File): Memory {
  const bytes = new Uint8Array(SIZE + 1);
  file.seekSync(0, 0);
  let size = 0;
  while (size < bytes.length) {
    const count = file.readSync(bytes.subarray(size));
    if (count === null) break;
    size += count;
  }
  return size > SIZE ? {} : parse(new TextDecoder().decode(bytes.subarray(0, size)));
}

function parse(text: string): Memory {
  const memory: Memory = {};
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return memory;
  }
  if (typeof read !== "object" || read === null || Array.isArray(read)) return memory;
  const members = read as Record<string, unknown>;
  for (const name of TIMES) {
    const time = members[name];
    if (typeof time === "number" && Number.isSafeInteger(time) && time >= 0) memory[name] = time;
  }
  for (const name of VERSIONS) {
    const version = members[name];
    if (typeof version === "string" && version.length <= 40 && isVersion(version)) memory[name] = version;
  }
  const { kept } = members;
  if (typeof kept === "string" && /^[\w:.]{1,80}$/.test(kept)) memory.kept = kept;
  return memory;
}

function write(file: File, memory: Memory): void {
  const text = JSON.stringify({ v: 1, ...memory }).padEnd(SIZE - 1) + "\n";
  file.seekSync(0, 0);
  for (let rest = new TextEncoder().encode(text); rest.length > 0;) rest = rest.subarray(file.writeSync(rest));
  if (file.seekSync(0, 2) > SIZE) file.truncateSync(SIZE); // from its end: `fstat` looks at the whole path first
}
