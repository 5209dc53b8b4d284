/**
 * Books that were read before, one file for each origin and tenant. A file that is damaged, of another version or of
 * another place counts as none; one that somebody else may have written is refused.
 *
 * @module
 */

import { atOnce, findPath, readPrivateBytes, type Writer } from "../storage/mod.ts";
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

export type World = Writer & Pick<System, "env">;

export const VERSION = 2;
/** Bytes: of an answer of 32 MB at most, where a character of two bytes may become an escape of six. */
const LIMIT = 100 << 20;

/** Milliseconds that a schema counts as the server's own. */
const YOUNG = 24 * 3_600_000;

/** Whether nobody has to ask the server for another one; `now` in ms. One of tomorrow was kept by a clock that was wrong. */
export function isYoung({ from, at }: Edition, now: number): boolean {
  return from === "file" || Math.abs(now - at) < YOUNG;
}

/** Throws `config` when the file is not trustworthy. */
export async function load(system: World, place: Place): Promise<Edition | undefined> {
  const path = pathOf(system, place);
  const bytes = path && await readPrivateBytes(atOnce(system), path, { limit: LIMIT, secret: true });
  return bytes ? await parse(bytes, place) : undefined;
}

async function parse(bytes: Uint8Array<ArrayBuffer>, { origin, tenant }: Place): Promise<Edition | undefined> {
  const end = bytes.indexOf(0x0a);
  try {
    const { v, sum, at, from, skipped, ...of } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
    const isOurs = v === VERSION && of.origin === origin && of.tenant === tenant &&
      (from === "server" || from === "file") &&
      typeof at === "number" && typeof skipped === "number";
    if (!isOurs) return undefined;
    const body = bytes.subarray(end);
    const reckoned = sumOf(body); // another thread's work, while the text is made
    const book = new Book(new TextDecoder().decode(body));
    return sum === await reckoned ? { book, at, from, skipped } : undefined;
  } catch {
    return undefined;
  }
}

export function pathOf(system: World, { origin, tenant }: Place): string | undefined {
  const path = findPath(system, "schema");
  return path && `${path}-${shortOf(`${origin}\n${tenant ?? ""}`)}`;
}

/** 16 hex digits that tell files apart, and no more: whose a file is, it says itself. FNV-1a, twice. */
function shortOf(text: string): string {
  const hash = (start: number) => {
    let sum = start;
    for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
    return (sum >>> 0).toString(16).padStart(8, "0");
  };
  return hash(0x811c9dc5) + hash(0x5bd1e995);
}

/** WebCrypto's: `node:crypto` takes milliseconds to load. */
export async function sumOf(body: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", body)).toHex();
}
