import { present } from "./answers.ts";

/**
 * How go-keyring writes a value on macOS, whose `security` prints anything but printable ASCII as bare hex.
 * https://github.com/zalando/go-keyring/blob/v0.2.6/keyring_darwin.go
 *
 * @module
 */

const BASE64 = "go-keyring-base64:";
/** Until 2022. */
const HEX = "go-keyring-encoded:";

/** Only `[A-Za-z0-9:+/=-]`. */
export function encode(value: string): string {
  return BASE64 + new TextEncoder().encode(value).toBase64();
}

/** Without either mark it is the value itself, as the oldest versions wrote it; what is damaged is empty. */
export function decode(text: string): string {
  try {
    if (text.startsWith(BASE64)) return present(Uint8Array.fromBase64(text.slice(BASE64.length))).value;
    if (text.startsWith(HEX)) return present(Uint8Array.fromHex(text.slice(HEX.length))).value;
    return text;
  } catch {
    return "";
  }
}
