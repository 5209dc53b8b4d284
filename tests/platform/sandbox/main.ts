/**
 * `deno task sandbox [--port N] [--seed-file F]`: serves a sandbox on 127.0.0.1 until it is interrupted. Its switches
 * come from the environment (`TOKEN_TTL=60 ERRORS=stock deno task sandbox`); options.ts has them all. The last line
 * printed is `ready <url>`.
 *
 * @module
 */

import { parseArgs } from "node:util";
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

  const sandbox = await createSandbox(optionsFrom(Deno.env.toObject()));
  const { url, shutdown } = serveSandbox(sandbox, port);
  const descriptor = sandbox.descriptor(url);
  if (values["seed-file"]) await Deno.writeTextFile(values["seed-file"], `${JSON.stringify(descriptor, null, 2)}\n`);

  const users = Object.entries(descriptor.users).map(([, { email, tenants }]) => {
    const roles = Object.entries(tenants).map(([tenant, role]) => `${tenant}: ${role}`).join(", ");
    return `  ${email.padEnd(24)}${roles || "in no tenant"}`;
  });
  const { password, pat } = descriptor.users.owner;
  console.log(`AutoCom sandbox, Passport ${descriptor.passport}. Nothing is kept when it ends.

Users (password: ${password}); initech is suspended:
${users.join("\n")}

Try:
  autocom auth login --api-url ${url}/api/v1 --client-id ${descriptor.client_id} --tenant acme
  autocom whoami
  autocom orders list

Without a browser, as the owner:
  export AUTOCOM_API_URL=${url}/api/v1 AUTOCOM_TENANT=acme AUTOCOM_TOKEN=${pat}

ready ${url}`);

  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  const stopped = Promise.withResolvers<void>();
  for (const signal of signals) Deno.addSignalListener(signal, () => stopped.resolve());
  await stopped.promise;
  await Promise.race([shutdown(), new Promise((resolve) => setTimeout(resolve, 1000))]);
  sandbox.close();
  Deno.exit(0);
}
