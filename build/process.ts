/**
 * The one way the build runs Deno: the same executable that runs the build, quiet unless it fails; and which one that is.
 *
 * @module
 */

import { join } from "node:path";

/** Packages as deno.lock has them. deno.json does not name it: see CONTRIBUTING, "Dependencies". */
export const LOCKED = ["--lock=deno.lock", "--frozen"];

/** The build cannot go on, for a reason that a person can act on. Printed without a stack trace. */
export class BuildError extends Error {
  override name = "BuildError";
}

/** Runs `deno ARGS` in `cwd` and returns its stdout. Throws {@link BuildError} with its stderr when it fails. */
export async function deno(args: string[], cwd: string, env: Record<string, string> = {}): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { DENO_TLS_CA_STORE: "system,mozilla", NO_COLOR: "1", RUST_BACKTRACE: "0", ...env },
    stdin: "null",
  });
  const { success, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new BuildError(`"deno ${args.join(" ")}" failed:\n${text(stderr) || text(stdout)}`);
  return text(stdout);
}

/** Deno's cache folder (`DENO_DIR`), where the tools of the build are kept too. */
export async function denoDir(cwd: string): Promise<string> {
  return JSON.parse(await deno(["info", "--json"], cwd)).denoDir;
}

/**
 * Which of the two pinned versions of Deno this is: `.dvmrc` names the one of development, `build/release/deno.txt` the one
 * that is released. The bundler and the runtime belong to it. Throws {@link BuildError} for any other.
 */
export async function pinnedDeno(root: string): Promise<"development" | "release"> {
  const read = async (...path: string[]) => (await Deno.readTextFile(join(root, ...path))).trim();
  const [development, release] = [await read(".dvmrc"), await read("build", "release", "deno.txt")];
  if (Deno.version.deno === development) return "development";
  if (Deno.version.deno === release) return "release";
  throw new BuildError(
    `this is Deno ${Deno.version.deno}, the build is pinned to ${development}, a release to ${release}: ` +
      `npx -y deno@${development} task build`,
  );
}
