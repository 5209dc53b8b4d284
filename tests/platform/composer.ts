/**
 * Installs the Laravel application's packages, at exactly the versions that its composer.json names.
 *
 * @module
 */

import { join } from "node:path";

/** Something that the Laravel platform needs cannot be had on this machine; the message names it. */
export class Missing extends Error {
  override name = "Missing";
}

/** Milliseconds that Composer may take to find out and to install. */
const PATIENCE = 240_000;
const EXTENSIONS = ["dom", "mbstring", "openssl", "pdo_sqlite"];

/** What Passport 12 stands on, where that differs from composer.json; its last versions. */
const PASSPORT_12 = { "laravel/passport": "12.3.0", "league/oauth2-server": "8.5.5", "league/event": "2.2.0" };

/**
 * Installs into `<app>/vendor` (with Passport 12 `<app>/vendor-12`) unless that is newer than composer.json, and gives
 * that folder. `env`: more variables for PHP and Composer.
 * @throws {Missing}
 */
export async function install(
  app: string,
  { passport = 13, env = {} }: { passport?: 13 | 12; env?: Record<string, string> } = {},
): Promise<string> {
  const php = await output("php", ["-r", "echo PHP_VERSION_ID;"], env);
  const modules = await output("php", ["-m"], env);
  if (Number(php) < 80200) throw new Missing(`PHP 8.2 (php is ${php.trim()})`);
  const absent = EXTENSIONS.find((name) => !new RegExp(`^${name}$`, "im").test(modules));
  if (absent) throw new Missing(`PHP's extension "${absent}"`);

  using manifest = await Deno.open(join(app, "composer.json"));
  await manifest.lock(true); // two platforms may start at once
  const vendor = join(app, passport === 13 ? "vendor" : "vendor-12");
  const installed = await Deno.stat(join(vendor, "composer/installed.json")).then(({ mtime }) => mtime, () => null);
  if (installed && installed >= (await manifest.stat()).mtime!) return vendor;
  const name = passport === 13 ? "composer.json" : "composer-12.json";
  if (passport === 12) {
    const required = JSON.parse(await Deno.readTextFile(join(app, "composer.json")));
    Object.assign(required.require, PASSPORT_12);
    await Deno.writeTextFile(join(app, name), JSON.stringify(required));
  }
  const flags = ["--no-dev", "--no-interaction", "--no-progress", "--optimize-autoloader"];
  const own = { COMPOSER_ALLOW_SUPERUSER: "1", COMPOSER: name, COMPOSER_VENDOR_DIR: vendor };
  await output("composer", ["install", ...flags, `--working-dir=${app}`], { ...own, ...env });
  return vendor;
}

async function output(program: string, args: string[], env: Record<string, string>): Promise<string> {
  const command = new Deno.Command(program, {
    args,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    signal: AbortSignal.timeout(PATIENCE),
  });
  const { success, stdout, stderr } = await Promise.try(() => command.output()).catch((error) => {
    throw error instanceof Deno.errors.NotFound ? new Missing(program) : error;
  });
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (success) return text(stdout);
  throw new Missing(
    refused(`${text(stderr)}${text(stdout)}`) ?? `what "${program}" asks for (${text(stderr).trim().split("\n")[0]})`,
  );
}

/** The package that Composer could not find, from its own words. */
function refused(said: string): string | undefined {
  const [, name, version] = /requires? ([\w.-]+\/[\w.-]+)( [^,]+?)?(?:,| ->|\.)/.exec(said) ?? [];
  if (name) return `the Composer package "${name}"${version?.trim() ? `, version ${version.trim()}` : ""}`;
  return /could not be downloaded|curl error|timed out/i.test(said) ? "a way to Composer's packages" : undefined;
}
