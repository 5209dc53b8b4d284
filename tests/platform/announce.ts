import { join } from "node:path";
import type { Descriptor } from "./sandbox/mod.ts";

/**
 * What a platform prints once it is served: who is there, and what to type. Its last line is `ready <url>`. `folder`: for
 * the settings and the session of who tries it, which are thrown away with it.
 */
export function announcement(name: string, { url, client_id, users }: Descriptor, folder: string): string {
  const { password, pat } = users.owner;
  const lines = Object.values(users).map(({ email, tenants }) => {
    const roles = Object.entries(tenants).map(([tenant, role]) => `${tenant}: ${role}`).join(", ");
    return `  ${email.padEnd(24)}${roles || "in no tenant"}`;
  });
  return `${name}. Nothing is kept when it ends.

Users (password: ${password}); initech is suspended:
${lines.join("\n")}

Try, in another terminal; your own settings and sessions stay as they are:
  export AUTOCOM_CONFIG=${join(folder, "config.toml")} AUTOCOM_CREDENTIALS_FILE=${join(folder, "credentials")}
  autocom auth login --store file --api-url ${url}/api/v1 --client-id ${client_id} --tenant acme
  autocom whoami
  autocom orders list

Without a browser, as the owner, and nothing is stored:
  export AUTOCOM_API_URL=${url}/api/v1 AUTOCOM_TENANT=acme AUTOCOM_TOKEN=${pat}

ready ${url}`;
}
