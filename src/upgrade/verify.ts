/**
 * Signatures in the format of minisign (https://jedisct1.github.io/minisign/), the prehashed form `ED` alone:
 * Ed25519 over BLAKE2b-512 of the file, and once more over signature and trusted comment.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { AppError } from "../errors.ts";
import { type Manifest, MANIFEST_LIMIT, parseManifest } from "./manifest.ts";

/** Two signatures have 700 bytes. */
export const SIGNATURE_LIMIT = 4096;

export interface PublicKey {
  /** As minisign prints it: 16 upper-case hexadecimal digits. */
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Signed {
  /** Ids of the keys that signed, each once. */
  readonly keys: readonly string[];
  /** The text that is signed, too. It came from outside: safe to print only as any server's text is. */
  readonly comment: string;
}

/** Key ids of keys that tests and rehearsals make end in these digits; no release is signed by one. */
const TEST_ID = "54534554";

/** The line of a minisign public key, 56 characters of base64. Throws {@link AppError} `bug`: a build stamps it. */
export function publicKey(text: string): PublicKey {
  const bytes = fromBase64(text, 42);
  if (!bytes || bytes[0] !== 0x45 || bytes[1] !== 0x64) {
    throw new AppError("bug", "a release key of this build is not a key");
  }
  return { id: idOf(bytes), bytes: bytes.slice(10) };
}

/** True for a key that signs builds of development alone. */
export function isTestKey(key: Pick<PublicKey, "id">): boolean {
  return key.id.endsWith(TEST_ID);
}

/**
 * The manifest, when its signature is by one of `keys` (lines of base64, the empty ones left out). One of a build of
 * development is refused unless a test key signed it. Throws {@link AppError} `integrity`.
 */
export async function verifyManifest(
  manifest: Uint8Array<ArrayBuffer>,
  signature: Uint8Array,
  keys: readonly string[],
): Promise<Manifest> {
  if (manifest.length > MANIFEST_LIMIT) throw refused(`the manifest has ${manifest.length} bytes`);
  const signed = await verify(manifest, signature, keys);
  const read = parseManifest(manifest);
  if (read.development && !signed.keys.every((id) => isTestKey({ id }))) {
    throw refused("it is a build for development, signed by a key for releases");
  }
  return read;
}

/**
 * Checks a detached signature over `file`. Of several signatures in one file each must be by one of the keys and right,
 * so that what stands before a good one cannot be garbage. Throws {@link AppError} `integrity`.
 */
export async function verify(
  file: Uint8Array<ArrayBuffer>,
  signature: Uint8Array,
  keys: readonly string[],
): Promise<Signed> {
  const known = keys.filter((key) => key !== "").map(publicKey);
  if (known.length === 0) throw refused("this build has no release key");
  const hash = createHash("blake2b512").update(file).digest();
  const found = signaturesIn(signature);
  const ids = new Set<string>();
  for (const { id, over, comment, global } of found) {
    const key = known.find((key) => key.id === id);
    if (!key) throw refused(`it is by key ${id}, which this program does not know`);
    const trusted = new TextEncoder().encode(comment);
    if (!await isBy(key, over, new Uint8Array(hash)) || !await isBy(key, global, joined(over, trusted))) {
      throw refused(`it is not key ${id}'s over these bytes`);
    }
    ids.add(id);
  }
  return { keys: [...ids], comment: found[0]!.comment };
}

interface Parsed {
  id: string;
  over: Uint8Array<ArrayBuffer>;
  comment: string;
  global: Uint8Array<ArrayBuffer>;
}

/** One or two signatures, four lines each. Anything else in the file, a blank line too, makes it none. */
function signaturesIn(bytes: Uint8Array): Parsed[] {
  if (bytes.length > SIGNATURE_LIMIT) throw refused(`it has ${bytes.length} bytes, more than ${SIGNATURE_LIMIT}`);
  const text = utf8(bytes);
  if (text === undefined || text.includes("\r")) throw refused("it is not in minisign's format");
  const lines = text.replace(/\n$/, "").split("\n");
  if (lines.length !== 4 && lines.length !== 8) throw refused("it is not in minisign's format");
  const found: Parsed[] = [];
  for (let at = 0; at < lines.length; at += 4) found.push(signatureIn(lines.slice(at, at + 4)));
  return found;
}

function signatureIn([about = "", first = "", trusted = "", last = ""]: string[]): Parsed {
  const bytes = fromBase64(first, 74);
  const global = fromBase64(last, 64);
  if (!about.startsWith("untrusted comment: ") || !trusted.startsWith("trusted comment: ") || !bytes || !global) {
    throw refused("it is not in minisign's format");
  }
  if (bytes[0] !== 0x45 || bytes[1] !== 0x44) throw refused("it is not in the prehashed form (ED)");
  return { id: idOf(bytes), over: bytes.slice(10), comment: trusted.slice("trusted comment: ".length), global };
}

async function isBy(key: PublicKey, signature: Uint8Array<ArrayBuffer>, over: Uint8Array<ArrayBuffer>) {
  const imported = await crypto.subtle.importKey("raw", key.bytes, "Ed25519", false, ["verify"]);
  return await crypto.subtle.verify("Ed25519", imported, signature, over);
}

/** Eight bytes behind the algorithm, the last first, as minisign prints them. */
function idOf(bytes: Uint8Array): string {
  return bytes.slice(2, 10).reverse().toHex().toUpperCase();
}

/** Exactly that many bytes, in the one form that they have. */
function fromBase64(text: string, length: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
    return bytes.length === length && bytes.toBase64() === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function joined(...pieces: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function refused(why: string): AppError {
  return new AppError("integrity", `the release's signature is refused: ${why}`, {
    hint: "nothing was changed; report it to security@autocom.wexron.io when it happens again",
  });
}
