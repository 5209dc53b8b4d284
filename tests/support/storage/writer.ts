/**
 * A program that writes a private file, for tests that need a process of their own: `writer.ts PATH once [UMASK]` writes
 * it once and prints what the writing threw.
 */
import { AppError } from "../../../src/errors.ts";
import { writePrivate } from "../../../src/storage/mod.ts";
import { denoSystem } from "../../../src/system/deno.ts";

const [path, _once, umask] = Deno.args as [string, string, string?];
if (umask) Deno.umask(parseInt(umask, 8));
try {
  await writePrivate(denoSystem(), path, "n".repeat(150_000), { secret: true });
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.log(`${error.exit} ${error.message}`);
}
