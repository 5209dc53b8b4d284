/**
 * A private certificate authority, as companies have them: X.509 (RFC 5280) built by hand, because a test wants names
 * and dates that no tool gives.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIPv4 } from "node:net";

const DAY = 86_400_000;

/** A certificate and its key, as PEM. */
export interface Identity {
  cert: string;
  key: string;
}

export interface Authority {
  /** The authority's own certificate, as PEM. */
  readonly cert: string;
  /** A certificate for a server with these names or IPv4 addresses, valid between these days from now; or one that is wrong. */
  issue(names: string[], how?: { from?: number; until?: number; wrong?: Wrong }): Identity;
}

/** An authority's own; a client's; not signed by the key of the authority that it names. */
export type Wrong = "authority" | "client" | "forged";

export function authority(name = "Test Authority"): Authority {
  const own = newKeys();
  const build = (
    subject: string,
    key: KeyObject,
    extensions: Buffer[],
    from = -1,
    until = 30,
    signer = own.privateKey,
  ) => certificate({ issuer: name, signer, subject, key, extensions, from, until });
  return {
    cert: build(name, own.publicKey, [isAuthority()]),
    issue(names, { from, until, wrong } = {}) {
      const { publicKey, privateKey } = newKeys();
      const extensions = [alternativeNames(names), ...wrong && wrong !== "forged" ? [WRONG[wrong]()] : []];
      const signer = wrong === "forged" ? newKeys().privateKey : undefined;
      return {
        cert: build(names[0]!, publicKey, extensions, from, until, signer),
        key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
      };
    },
  };
}

function newKeys() {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

interface Certificate {
  issuer: string;
  signer: KeyObject;
  subject: string;
  key: KeyObject;
  extensions: Buffer[];
  from: number;
  until: number;
}

function certificate({ issuer, signer, subject, key, extensions, from, until }: Certificate): string {
  const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.from([1]), randomBytes(8)), // serial number, positive
    ecdsaWithSha256,
    distinguishedName(issuer),
    sequence(time(from), time(until)),
    distinguishedName(subject),
    key.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const whole = sequence(toBeSigned, ecdsaWithSha256, bits(sign("sha256", toBeSigned, signer)));
  const lines = whole.toString("base64").match(/.{1,64}/g)!; // no empty one: OpenSSL takes none
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function distinguishedName(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(commonName)))));
}

/** GeneralizedTime, `20260503101422Z`. */
function time(days: number): Buffer {
  const text = new Date(Date.now() + days * DAY).toISOString().replace(/[-:T]|\.\d+/g, "");
  return der(0x18, Buffer.from(text));
}

/** Basic constraints, critical. */
function isAuthority(): Buffer {
  const yes = der(0x01, Buffer.from([0xff]));
  return sequence(oid(0x55, 0x1d, 0x13), yes, der(0x04, sequence(yes)));
}

const WRONG: Record<Exclude<Wrong, "forged">, () => Buffer> = {
  authority: isAuthority,
  /** Extended key usage, for clients alone. */
  client: () =>
    sequence(oid(0x55, 0x1d, 0x25), der(0x04, sequence(oid(0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02)))),
};

function alternativeNames(names: string[]): Buffer {
  const each = names.map((name) =>
    isIPv4(name) ? der(0x87, Buffer.from(name.split(".").map(Number))) : der(0x82, Buffer.from(name))
  );
  return sequence(oid(0x55, 0x1d, 0x11), der(0x04, sequence(...each)));
}

function bits(content: Buffer): Buffer {
  return der(0x03, Buffer.from([0]), content);
}

function oid(...bytes: number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

/** Tag, length (X.690, section 8.1.3), content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : long)]), content]);
}
