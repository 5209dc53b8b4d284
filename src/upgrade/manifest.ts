/**
 * `manifest.json`, version 1: what a release is. Its bytes are signed; nothing here is believed before
 * `verify.ts` has said that they are ours.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { isVersion } from "./semver.ts";

export { MANIFEST, SIGNATURE, SUMS } from "./names.ts";

/** A manifest of five targets has 3 KB. */
export const MANIFEST_LIMIT = 64 * 1024;

export interface Manifest {
  readonly v: 1;
  readonly product: "autocom";
  readonly version: string;
  /** RFC 3339, UTC, whole seconds: the time of the release's commit. */
  readonly released: string;
  /** RFC 3339, UTC, whole seconds: from then on it is not offered any more. */
  readonly expires: string;
  /** A build that is not for publication: a runtime of npm's, or a test's keys. Signed by a test key only. */
  readonly development: boolean;
  /** Target → SHA-256 of the runtime under the program: a pack fits where it is the same. */
  readonly runtime: Readonly<Record<string, string>>;
  /** Target → the oldest system it runs on. */
  readonly needs: Readonly<Record<string, Need>>;
  readonly files: Readonly<Record<string, Files>>;
  /** `SHA256SUMS`: through it the signature covers the rest, too: installers, formula, SBOM. */
  readonly sums?: Sum;
}

/** E.g. `{ system: "glibc", version: [2, 27] }`, in the manifest `"glibc 2.27"`. */
export interface Need {
  readonly system: "glibc" | "macOS" | "Windows";
  readonly version: readonly number[];
}

/** What is published for one target. */
export interface Files {
  /** The program itself, as it is installed. */
  readonly binary: Sum;
  readonly archive: NamedSum;
  readonly pack: NamedSum;
}

export interface Sum {
  /** Bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

export interface NamedSum extends Sum {
  /** A plain file name. */
  readonly name: string;
}

/** No program is larger: 97 MB today. */
export const SIZE_LIMIT = 1024 ** 3;
const TARGET_LIMIT = 32;
const NEED_FORM = /^(glibc|macOS|Windows) ([0-9]{1,5}(?:\.[0-9]{1,5}){0,3})$/;

/**
 * Reads a manifest whose signature was verified. Members that version 1 does not know are let pass, so that later
 * releases can say more to later programs. Throws {@link AppError} `integrity`, which names the member.
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  if (bytes.length > MANIFEST_LIMIT) throw broken(`it has ${bytes.length} bytes, more than ${MANIFEST_LIMIT}`);
  const root = objectIn(json(bytes), "the manifest");
  if (root.v !== 1) {
    throw new AppError("integrity", `cannot read the manifest: its format is ${quote(root.v)}, this program reads 1`, {
      hint: "the release is too new for this program: install it by hand, once",
    });
  }
  if (root.product !== "autocom") throw broken(`its product is ${quote(root.product)}, not "autocom"`);
  const development = root.development ?? false;
  if (typeof development !== "boolean") throw broken(`"development" must be true or false`);
  return {
    v: 1,
    product: "autocom",
    version: textIn(root, "version", isVersion, "a version, such as 1.4.0"),
    released: textIn(root, "released", isInstant, "a time in UTC, such as 2026-05-01T10:00:00Z"),
    expires: textIn(root, "expires", isInstant, "a time in UTC, such as 2026-05-01T10:00:00Z"),
    development,
    runtime: tableIn(root, "runtime", (table, key) => textIn(table, key, isHash, "a SHA-256", "runtime.")),
    needs: tableIn(root, "needs", needIn),
    files: tableIn(root, "files", filesIn),
    ...Object.hasOwn(root, "sums") && { sums: sumIn(root.sums, "sums") },
  };
}

function needIn(table: Members, key: string): Need {
  const text = textIn(table, key, (text) => NEED_FORM.test(text), `like "glibc 2.27"`, "needs.");
  const [, system, version] = NEED_FORM.exec(text)!;
  return { system: system as Need["system"], version: version!.split(".").map(Number) };
}

function sumIn(value: unknown, place: string): Sum {
  const sum = objectIn(value, `"${place}"`);
  const { size } = sum;
  if (typeof size !== "number" || !Number.isInteger(size) || size < 1 || size > SIZE_LIMIT) {
    throw broken(`"${place}.size" must be a whole number from 1 to ${SIZE_LIMIT}`);
  }
  return { size, sha256: textIn(sum, "sha256", isHash, "a SHA-256", `${place}.`) };
}

function filesIn(table: Members, triple: string): Files {
  const files = objectIn(table[triple], `"files.${triple}"`);
  const sumOf = (kind: string): Sum => sumIn(files[kind], `files.${triple}.${kind}`);
  const named = (kind: string): NamedSum => ({
    name: textIn(files[kind] as Members, "name", isFileName, "a plain file name", `files.${triple}.${kind}.`),
    ...sumOf(kind),
  });
  const binary = sumOf("binary");
  objectIn(files.archive, `"files.${triple}.archive"`);
  objectIn(files.pack, `"files.${triple}.pack"`);
  return { binary, archive: named("archive"), pack: named("pack") };
}

/** `[A-Za-z0-9._-]`, neither hidden nor a folder, and no name that Windows keeps for a device. */
export function isFileName(text: string): boolean {
  return /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/.test(text) && !/\.$/.test(text) &&
    !/^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i.test(text);
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** `2026-02-30T…` is none: what a date is, is what comes back. */
function isInstant(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text.replace("Z", ".000Z");
}

type Members = Readonly<Record<string, unknown>>;

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw broken("it is not JSON in UTF-8");
  }
}

function objectIn(value: unknown, place: string): Members {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Members;
  throw broken(`${place} must be an object`);
}

/** One entry for each target; `read` gets the table and the key. The result has no prototype. */
function tableIn<T>(root: Members, name: string, read: (table: Members, key: string) => T): Record<string, T> {
  const table = objectIn(root[name], `"${name}"`);
  const keys = Object.keys(table);
  if (keys.length > TARGET_LIMIT) throw broken(`"${name}" has ${keys.length} targets, more than ${TARGET_LIMIT}`);
  const result: Record<string, T> = Object.create(null);
  for (const key of keys) {
    if (!/^[a-z0-9_-]{1,64}$/.test(key)) throw broken(`"${name}" has a target with an impossible name`);
    result[key] = read(table, key);
  }
  return result;
}

function textIn(root: Members, name: string, is: (text: string) => boolean, what: string, before = ""): string {
  const value = Object.hasOwn(root, name) ? root[name] : undefined;
  if (typeof value === "string" && value.length <= 256 && is(value)) return value;
  throw broken(`"${before}${name}" must be ${what}`);
}

/** A short value as JSON, for a message. */
function quote(value: unknown): string {
  return (JSON.stringify(value) ?? "missing").slice(0, 40);
}

function broken(what: string): AppError {
  return new AppError("integrity", `cannot read the manifest: ${what}`, {
    hint: "nothing was changed; report it to security@autocom.wexron.io when it happens again",
  });
}
