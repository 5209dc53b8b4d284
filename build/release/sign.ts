/**
 * `deno task sign FOLDER --key FILE|-`: signs the manifest of a release that lies in FOLDER, after every file in it was
 * compared with the sums and with the manifest. `deno task sign --make-test-key FOLDER` makes `test.key` and `test.pub`.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { AppError } from "../../src/errors.ts";
import { isTestKey, verifyManifest } from "../../src/upgrade/verify.ts";
import { MANIFEST, parseManifest, SIGNATURE } from "../../src/upgrade/manifest.ts";
import { BuildError } from "../process.ts";
import { makeTestKey, readSecretKey, signature } from "./minisign.ts";
import { checkFolder } from "./check.ts";

async function main(args: string[]): Promise<void> {
  const { values, positionals: [folder, ...more] } = parseArgs({
    args,
    allowPositionals: true,
    options: { key: { type: "string" }, "make-test-key": { type: "string" } },
  });
  if (values["make-test-key"]) return await keep(resolve(values["make-test-key"]));
  if (!folder || !values.key || more.length > 0) throw new BuildError("use: deno task sign FOLDER --key FILE|-");
  const secret = values.key === "-"
    ? await new Response(Deno.stdin.readable).text()
    : await Deno.readTextFile(values.key);
  console.log(await sign(resolve(folder), secret));
}

async function keep(folder: string): Promise<void> {
  const made = await makeTestKey();
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, "test.key"), made.secret, { mode: 0o600, createNew: true });
  await Deno.writeTextFile(join(folder, "test.pub"), made.public);
  console.log(`${join(folder, "test.key")}: for tests and rehearsals alone`);
}

/** Signs what lies in `folder`; gives the line that says by which key. Throws {@link BuildError}. */
export async function sign(folder: string, secret: string): Promise<string> {
  const key = await readSecretKey(secret);
  await checkFolder(folder);
  const bytes = await Deno.readFile(join(folder, MANIFEST));
  const { version, released, development } = parseManifest(bytes);
  if (development !== isTestKey(key)) {
    const what = development ? "a build for development is signed by a test key alone" : "a test key signs no release";
    throw new BuildError(`${what} (key ${key.id})`);
  }
  const text = await signature(key, bytes, `autocom ${version} released ${released} file ${MANIFEST}`);
  await verifyManifest(bytes, new TextEncoder().encode(text), [key.public]);
  await Deno.writeTextFile(join(folder, SIGNATURE), text);
  return `${join(folder, SIGNATURE)}: by ${key.id}${development ? ", FOR DEVELOPMENT ONLY" : ""}`;
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    // The system and the parser of arguments say a code with what a person can mend.
    const expected = error instanceof BuildError || error instanceof AppError ||
      error instanceof Error && "code" in error && error.code !== undefined;
    if (!expected) throw error;
    console.error(`sign: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
