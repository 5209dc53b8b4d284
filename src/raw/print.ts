import type { App } from "../app.ts";
import { AppError } from "../errors.ts";

/** An answer to a pipe as its bytes are; to a terminal as text, JSON indented, with no control character of the server's. */
export async function printRaw({ system }: App, bytes: Uint8Array): Promise<void> {
  const { stdout } = system.io;
  if (bytes.length === 0) return;
  if (!stdout.isTerminal) return await stdout.write(bytes);
  const text = decode(bytes);
  if (text === undefined) {
    throw new AppError("usage", "the answer is not text, and a terminal cannot show it", {
      hint: "send it into a file, or a pipe",
    });
  }
  await stdout.write((await import("./shown.ts")).shown(text));
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
