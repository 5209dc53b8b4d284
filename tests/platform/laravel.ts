/**
 * `deno task platform:laravel [--port N] [--seed-file F] [-- COMMAND…]`: serves the Laravel application on 127.0.0.1
 * until it is interrupted, or for as long as COMMAND runs, which finds the platform's descriptor in the file that
 * AUTOCOM_TEST_PLATFORM names. Its switches come from the environment (`PASSPORT=12 TOKEN_TTL=60 ERRORS=stock`); the
 * last line printed is `ready <url>`. Where PHP, Composer or a package cannot be had, one line says so; that is a failure
 * where AUTOCOM_TEST_LARAVEL is `required`.
 *
 * @module
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { announcement } from "./announce.ts";
import { serve } from "./artisan.ts";
import { install, Missing } from "./composer.ts";
import { type LaravelSwitches, serveControl } from "./control.ts";

const APP = join(import.meta.dirname!, "laravel");
const SWITCHES: Record<keyof LaravelSwitches, RegExp> = {
  ERRORS: /^(handler|stock)$/,
  GRAPHQL_GATES: /^(field|route)$/,
  TENANCY_FIRST: /^[01]$/,
  LOGOUT: /^(full|naive)$/,
  TOKEN_TTL: /^\d+$/,
  REFRESH_TTL: /^\d+$/,
  API_RATE: /^\d+$/,
  TOKEN_RATE: /^\d+$/,
  GRAPHQL_MAX_DEPTH: /^\d+$/,
  GRAPHQL_MAX_COMPLEXITY: /^\d+$/,
  INTROSPECTION: /^[01]$/,
};

try {
  Deno.exit(await main());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}

async function main(): Promise<number> {
  const { values, positionals: command } = parseArgs({
    options: { port: { type: "string", default: "0" }, "seed-file": { type: "string" } },
    allowPositionals: true,
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`--port cannot be "${values.port}"`);
  const switches = switchesFrom(Deno.env.toObject());
  const passport = ({ "": 13, 13: 13, 12: 12 } as const)[Deno.env.get("PASSPORT") ?? ""];
  if (!passport) throw new Error(`PASSPORT cannot be "${Deno.env.get("PASSPORT")}"`);
  let vendor: string;
  try {
    vendor = await install(APP, { passport });
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.error(`SKIPPED: the Laravel platform needs ${error.message}, which cannot be had here`);
    return command.length > 0 && Deno.env.get("AUTOCOM_TEST_LARAVEL") !== "required" ? 0 : 1;
  }

  const stopped = Promise.withResolvers<number>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stopped.resolve(0));
  const laravel = await serve(APP, { port, switches, vendor });
  const control = serveControl(laravel.control);
  const folder = await Deno.makeTempDir({ prefix: "autocom-try-" });
  const file = values["seed-file"] ?? await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(file, `${JSON.stringify({ ...laravel.descriptor, control: control.url }, null, 2)}\n`);
    if (command.length === 0) console.log(announcement("AutoCom test platform on Laravel", laravel.descriptor, folder));
    return await (command.length === 0 ? stopped.promise : carryOut(command, file, stopped.promise));
  } finally {
    await Promise.all([control.shutdown(), laravel.close(), Deno.remove(folder, { recursive: true })]);
    if (!values["seed-file"]) await Deno.remove(file);
  }
}

/** Runs the command to its end, which comes early when this process is interrupted. */
async function carryOut([program, ...args]: string[], file: string, stopped: Promise<unknown>): Promise<number> {
  const env = { AUTOCOM_TEST_PLATFORM: file };
  const child = new Deno.Command(program!, { args, env, stdin: "null" }).spawn();
  void stopped.then(() => child.kill("SIGTERM")).catch(() => {}); // it may have ended already
  return (await child.status).code;
}

function switchesFrom(env: Record<string, string>): LaravelSwitches {
  return Object.fromEntries(
    Object.entries(SWITCHES).flatMap(([name, form]) => {
      const value = env[name];
      if (!value) return [];
      if (!form.test(value)) throw new Error(`${name} cannot be "${value}"`);
      return [[name, value]];
    }),
  );
}
