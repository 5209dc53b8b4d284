/**
 * `CREDENTIALW` of wincred.h on 64-bit Windows, as go-keyring fills it: a generic credential of this machine, without
 * comment and attributes. https://learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentialw
 *
 * @module
 */

/** CRED_TYPE_GENERIC. */
export const GENERIC = 1;
/** CRED_MAX_CREDENTIAL_BLOB_SIZE, in bytes. */
export const LARGEST_BLOB = 2_560;

export const CREDENTIAL_SIZE = 80;
const [TYPE, TARGET_NAME, BLOB_SIZE, BLOB, PERSIST, USER_NAME] = [4, 8, 32, 40, 48, 72] as const;
const PERSIST_LOCAL_MACHINE = 2;

/** Addresses of what the structure points to: NUL-terminated UTF-16 texts, and the value's bytes with their number. */
export interface Parts {
  target: bigint;
  user: bigint;
  blob: bigint;
  size: number;
}

/** The 80 bytes. */
export function buildCredential({ target, user, blob, size }: Parts): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(CREDENTIAL_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint32(TYPE, GENERIC, true);
  view.setBigUint64(TARGET_NAME, target, true);
  view.setUint32(BLOB_SIZE, size, true);
  view.setBigUint64(BLOB, blob, true);
  view.setUint32(PERSIST, PERSIST_LOCAL_MACHINE, true);
  view.setBigUint64(USER_NAME, user, true);
  return bytes;
}

/** Where the value is. */
export function readCredential(bytes: ArrayBuffer): Pick<Parts, "blob" | "size"> {
  const view = new DataView(bytes);
  return { blob: view.getBigUint64(BLOB, true), size: view.getUint32(BLOB_SIZE, true) };
}

/** NUL-terminated UTF-16, little end first. */
export function wide(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * text.length + 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(2 * at, text.charCodeAt(at), true);
  return bytes;
}
