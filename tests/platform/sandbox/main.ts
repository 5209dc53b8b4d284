/**
 * `deno task sandbox [--port N] [--seed-file F]`: serves a sandbox on 127.0.0.1 until it is interrupted. Its switches
 * come from the environment (`TOKEN_TTL=60 ERRORS=stock deno task sandbox`); options.ts has them all, and
 * the control takes each while it runs. The module `shipping` is served, as the README shows it, unless MODULES says otherwise. The last line printed is `ready <url>`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { announcement } from "../announce.ts";
import { serveControl } from "../control.ts";
import { sandboxControl } from "./control.ts";
import { createSandbox, optionsFrom, serveSandbox } from "./mod.ts";

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(2);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: { port: { type: "string", default: "0" }, "seed-file": { type: "string" } },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`--port cannot be "${values.port}"`);

  const sandbox = await createSandbox(optionsFrom({ MODULES: "shipping", ...Deno.env.toObject() }));
  const { url, shutdown } = serveSandbox(sandbox, port);
  const control = serveControl(sandboxControl(sandbox));
  const descriptor = { ...sandbox.descriptor(url), control: control.url };
  if (values["seed-file"]) await Deno.writeTextFile(values["seed-file"], `${JSON.stringify(descriptor, null, 2)}\n`);

  const folder = await Deno.makeTempDir({ prefix: "autocom-try-" });
  console.log(announcement(`AutoCom sandbox, Passport ${descriptor.passport}`, descriptor, folder));

  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  const stopped = Promise.withResolvers<void>();
  for (const signal of signals) Deno.addSignalListener(signal, () => stopped.resolve());
  await stopped.promise;
  await Promise.race([shutdown(), new Promise((resolve) => setTimeout(resolve, 1000))]);
  sandbox.close();
  await Deno.remove(folder, { recursive: true });
  Deno.exit(0);
}
