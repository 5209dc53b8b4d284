/**
 * Books that were read before, one file for each origin and tenant. A file that is damaged, of another version or of
 * another place counts as none; one that somebody else may have written is refused.
 *
 * @module
 */

import { findPath, type Held, hold, readPrivate, withLock, writePrivate, type Writer } from "../storage/mod.ts";
import type { System } from "../system/mod.ts";
import { Book } from "./book.ts";

/** Whose schema it is. */
export interface Place {
  origin: string;
  tenant: string | undefined;
}

/** A book with what is known of it. */
export interface Edition {
  book: Book;
  /** Milliseconds since the epoch. */
  at: number;
  /** An imported one does not grow old. */
  from: "server" | "file";
  /** Names that were left out of it. */
  skipped: number;
}

type World = Writer & Pick<System, "env">;

const VERSION = 1;
/** Bytes: of an answer of 32 MB at most, where a character of two bytes may become an escape of six. */
const LIMIT = 100 << 20;

/** Throws `config` when the file is not trustworthy. */
export async function load(system: World, place: Place): Promise<Edition | undefined> {
  const path = await pathOf(system, place);
  const text = path && await readPrivate(system, path, { limit: LIMIT, secret: true });
  return text ? await parse(text, place) : undefined;
}

/** Opens the file for {@link Held.write}, before the permission to do so is gone. */
export async function open(system: World, place: Place): Promise<Held | undefined> {
  const path = await pathOf(system, place);
  return path ? await hold(system, path) : undefined;
}

/** Replaces the file, for who may still do so. */
export async function save(system: World, place: Place, edition: Edition): Promise<boolean> {
  const path = await pathOf(system, place);
  if (!path) return false;
  const text = await written(edition, place);
  const write = () => writePrivate(system, path, text, { secret: true });
  await withLock(system, `${path}.lock`, write, { timeout: 5_000 });
  return true;
}

export async function written({ book, ...known }: Edition, { origin, tenant }: Place): Promise<string> {
  const text = String(book);
  return JSON.stringify({ v: VERSION, origin, tenant, ...known, sum: await sumOf(text) }) + text;
}

async function parse(text: string, { origin, tenant }: Place): Promise<Edition | undefined> {
  const end = text.indexOf("\n");
  try {
    const { v, sum, at, from, skipped, ...of } = JSON.parse(text.slice(0, end));
    const body = text.slice(end);
    const whole = v === VERSION && of.origin === origin && of.tenant === tenant &&
      sum === await sumOf(body);
    return whole ? { book: new Book(body), at, from, skipped } : undefined;
  } catch {
    return undefined;
  }
}

async function pathOf(system: World, { origin, tenant }: Place): Promise<string | undefined> {
  const path = findPath(system, "schema");
  return path && `${path}-${(await sumOf(`${origin}\n${tenant ?? ""}`)).slice(0, 16)}`;
}

/** WebCrypto's: `node:crypto` takes milliseconds to load. */
async function sumOf(text: string): Promise<string> {
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(sum), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
