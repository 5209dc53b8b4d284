/**
 * From the command line to the exit code. Holds only what every start needs: the rest is loaded once it is sure that
 * something is to be done, because start-up is decided by what is loaded.
 *
 * @module
 */

import { VERSION } from "./build_info.ts";
import type { System } from "./system/mod.ts";

/** Runs one command line to its end; the result is the exit code. Never throws. */
export async function run(args: string[], system: System): Promise<number> {
  if (args.length === 1 && (args[0] === "--version" || args[0] === "version")) {
    const written = await system.io.stdout.write(`autocom ${VERSION}\n`).then(() => true, () => false);
    if (written) return 0; // else the long way: it can say what is wrong
  }
  if (args[0] === "__complete") return await (await import("./completing.ts")).completing(args.slice(1), system);
  if (args.some((word) => /^(help$|--help$|-[a-z]*h)/.test(word))) {
    const { explaining } = await import("./explaining.ts");
    if (await explaining(args, system)) return 0; // else the long way
  }
  const { execute } = await import("./execute.ts");
  return await execute(args, system);
}
