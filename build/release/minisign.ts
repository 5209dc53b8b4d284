/**
 * Signing in the format of minisign: the other half of src/upgrade/verify.ts.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import { isTestKey, publicKey } from "../../src/upgrade/verify.ts";
import { BuildError } from "../process.ts";

export interface Key {
  /** As minisign prints it. */
  id: string;
  /** The line of its public key. */
  public: string;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** The bytes of a PKCS #8 Ed25519 key before its seed: https://www.rfc-editor.org/rfc/rfc8410#section-7 */
const PKCS8 = "302e020100300506032b657004220420";
const ED = Buffer.from("Ed");

/** Key numbers of test keys begin like this: `isTestKey` sees it at the end of the id. */
const TEST = Buffer.from("54534554", "hex").reverse();

/**
 * Reads a secret key without a password, as `minisign -G -W` writes it (two lines). Throws {@link BuildError}, which
 * quotes nothing of the file.
 */
export async function readSecretKey(text: string): Promise<Key> {
  const bytes = Buffer.from(text.trim().split("\n").at(-1) ?? "", "base64");
  if (bytes.length !== 158 || !bytes.subarray(0, 2).equals(ED)) throw new BuildError("this is no minisign secret key");
  if (bytes.readUInt16LE(2) !== 0) {
    throw new BuildError("the secret key has a password: minisign -G -W makes one without");
  }
  const [number, seed, stated] = [bytes.subarray(54, 62), bytes.subarray(62, 94), bytes.subarray(94, 126)];
  const secret = await crypto.subtle.importKey(
    "pkcs8",
    new Uint8Array([...Buffer.from(PKCS8, "hex"), ...seed]),
    "Ed25519",
    true,
    [
      "sign",
    ],
  );
  const { x } = await crypto.subtle.exportKey("jwk", secret);
  if (!Buffer.from(x!, "base64url").equals(stated)) throw new BuildError("the secret key is damaged");
  const line = Buffer.concat([ED, number, stated]).toString("base64");
  return {
    id: publicKey(line).id,
    public: line,
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign("Ed25519", secret, new Uint8Array(bytes))),
  };
}

/** A new key for tests and rehearsals: no program of a release knows one, and it signs no release. */
export async function makeTestKey(): Promise<{ secret: string; public: string }> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]) as CryptoKeyPair;
  const jwk = await crypto.subtle.exportKey("jwk", pair.privateKey);
  const [seed, open] = [Buffer.from(jwk.d!, "base64url"), Buffer.from(jwk.x!, "base64url")];
  const number = Buffer.concat([TEST, randomBytes(4)]);
  const head = Buffer.concat([ED, Buffer.alloc(2), Buffer.from("B2"), Buffer.alloc(48)]);
  const secret = Buffer.concat([head, number, seed, open, Buffer.alloc(32)]).toString("base64");
  const line = Buffer.concat([ED, number, open]).toString("base64");
  return {
    secret: `untrusted comment: a TEST key, signs nothing that is published\n${secret}\n`,
    public: `untrusted comment: a TEST key\n${line}\n`,
  };
}

/** A signature file over `file`, prehashed. The comment is signed, too: one line. */
export async function signature(key: Key, file: Uint8Array, comment: string): Promise<string> {
  if (/[\r\n]/.test(comment)) throw new BuildError("a trusted comment is one line");
  const number = Buffer.from(key.public, "base64").subarray(2, 10);
  const over = await key.sign(createHash("blake2b512").update(file).digest());
  const global = await key.sign(Buffer.concat([over, Buffer.from(comment)]));
  return [
    `untrusted comment: signature by key ${key.id}${isTestKey(key) ? ", a TEST key" : ""}`,
    Buffer.concat([Buffer.from("ED"), number, over]).toString("base64"),
    `trusted comment: ${comment}`,
    Buffer.from(global).toString("base64"),
  ].join("\n") + "\n";
}
