/**
 * Files with certificate authorities that the environment names: checked before a request needs them, because the runtime
 * would say that a server is not trusted, or print a damaged one of the system's in its own words. A chunk of its own, loaded when there is such a variable.
 *
 * @module
 */

import { isAbsolute } from "node:path";
import { AppError } from "../errors.ts";
import type { System } from "./mod.ts";

/** Bytes; the system's own lists have a quarter of a megabyte. */
const LARGEST = 8 << 20;
const STORES = ["system", "mozilla"];

/**
 * The PEM texts to trust beside the system's authorities. Throws `config`, with the name of the variable that is wrong.
 *
 * `SSLKEYLOGFILE` cannot be taken away from the runtime, which opens the file before the first line of the program: whoever
 * has it and the traffic has the tokens, so that nothing is sent.
 */
export async function authorities(env: System["env"]): Promise<string[]> {
  if (env.SSLKEYLOGFILE) {
    throw new AppError(
      "config",
      "cannot send secrets while SSLKEYLOGFILE is set: the keys of the connection would be written",
      {
        hint: "unset SSLKEYLOGFILE",
      },
    );
  }
  const stores = env.DENO_TLS_CA_STORE?.split(",").map((store) => store.trim()).filter(Boolean) ?? STORES;
  const odd = stores.find((store) => !STORES.includes(store));
  if (odd !== undefined) {
    throw new AppError(
      "config",
      `cannot use DENO_TLS_CA_STORE: it names "${odd}", and there are only "system" and "mozilla"`,
      {
        hint: "unset DENO_TLS_CA_STORE",
      },
    );
  }
  // The runtime reads this one by itself.
  if (env.SSL_CERT_FILE && stores.includes("system")) await pem("SSL_CERT_FILE", env.SSL_CERT_FILE);
  return env.AUTOCOM_CA_BUNDLE ? [await pem("AUTOCOM_CA_BUNDLE", env.AUTOCOM_CA_BUNDLE)] : [];
}

/** The text of a file with certificates. */
async function pem(variable: string, path: string): Promise<string> {
  const unusable = (why: string) =>
    new AppError("config", `cannot use ${variable} ${JSON.stringify(path)}: ${why}`, {
      hint: `name a file with PEM certificates, or unset ${variable}`,
    });
  if (path.includes("\ufffd")) throw unusable("it is not UTF-8 text");
  if (!isAbsolute(path)) throw unusable("it is not absolute, and nothing is read from the working folder");
  const reason = (error: unknown) => unusable(REASONS[(error as Error).name] ?? "it cannot be read");
  // Before it is opened: to open a pipe that nobody writes to waits for ever.
  const { isFile, size } = await Deno.stat(path).catch((error) => {
    throw reason(error);
  });
  if (!isFile) throw unusable("it is not a regular file");
  const text = size > LARGEST ? undefined : await read(path).catch((error) => {
    throw reason(error);
  });
  if (text === undefined) throw unusable(`it has more than ${LARGEST >> 20} MiB`);
  const bodies = [...text.matchAll(FRAME)];
  if (bodies.length === 0) throw unusable("it holds no PEM certificates");
  const { X509Certificate } = await import("node:crypto");
  try {
    for (const [, body, end] of bodies) new X509Certificate(Uint8Array.fromBase64(end ? body! : ""));
  } catch {
    throw unusable("it holds a certificate that is damaged");
  }
  return text;
}

/** A certificate, and whether it has an end. */
const FRAME = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----([^-]*)(-----END (?:TRUSTED )?CERTIFICATE-----)?/g;

const REASONS: Record<string, string> = {
  NotFound: "there is no such file",
  PermissionDenied: "you may not read it",
};

/** Undefined when there is more of it than its size said (a file of /proc has none). */
async function read(path: string): Promise<string | undefined> {
  using file = await Deno.open(path);
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    const count = await file.read(buffer);
    if (count === null) return text;
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
    if (text.length > LARGEST) return undefined;
  }
}
