/**
 * A program that writes a private file, for tests that need a process of their own: a umask, a full disk, a sudden end.
 *
 * `writer.ts PATH once [UMASK]` writes it once and prints what the writing threw; `writer.ts PATH forever` writes two
 * texts in turn until it is killed, and prints a line when it begins.
 */
import { AppError } from "../../src/errors.ts";
import { writePrivate } from "../../src/storage/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";

export const OLD = "o".repeat(100_000);
export const NEW = "n".repeat(150_000);

if (import.meta.main) {
  const [path, mode, umask] = Deno.args as [string, string, string?];
  const system = denoSystem();
  if (umask) Deno.umask(parseInt(umask, 8));
  if (mode === "forever") {
    console.log("writing");
    while (true) for (const text of [NEW, OLD]) await writePrivate(system, path, text, { secret: true });
  }
  try {
    await writePrivate(system, path, NEW, { secret: true });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.log(`${error.exit} ${error.message}`);
  }
}
