/**
 * A company's network: servers whose certificates a private authority signed, rightly and wrongly, and a proxy that
 * intercepts.
 *
 * @module
 */

import { authority } from "./authority.ts";
import { binaryTest } from "./driver.ts";
import { type Gateway, openGateway } from "./gateway.ts";
import type { Room } from "./room.ts";

/** Name of the servers, beside 127.0.0.1. */
export const HOST = "api.shop.test";

/** Where OpenSSL's programs find the authorities of the system, on the distributions that there are. */
const STORES =
  "/etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem";

export interface Place extends Gateway {
  room: Room;
  /** Path of a file with the company's authority. */
  pem: string;
  /** PEM text of the authority that the server "stranger" has its certificate from. */
  stranger: string;
  /** The address of a server behind the gateway. */
  url(server?: string, host?: string): string;
  /** Runs `autocom args` with a token and that address. */
  run(args: string[], env?: Record<string, string>): ReturnType<Room["run"]>;
}

/** Defines a test in front of TLS servers with certificates of a private authority, and a proxy that intercepts. */
export function tlsTest(name: string, body: (place: Place) => Promise<void>, credentials?: string): void {
  binaryTest(name, async (room) => {
    const company = authority("Acme Internal Authority");
    const stranger = authority("Somebody Else");
    const servers = {
      good: company.issue(["127.0.0.1", HOST]),
      expired: company.issue(["127.0.0.1", HOST], { from: -30, until: -1 }),
      early: company.issue(["127.0.0.1", HOST], { from: 2, until: 30 }),
      other: company.issue(["192.0.2.1", "other.test"]),
      stranger: stranger.issue(["127.0.0.1", HOST]),
    };
    await using gateway = await openGateway(room, { servers, intercept: "good", ...credentials && { credentials } });
    const pem = `${room.folder}/company.pem`;
    await Deno.writeTextFile(pem, company.cert);
    await Deno.writeTextFile(`${room.folder}/hosts`, `127.0.0.1 localhost ${HOST}\n`);
    await room.shell(`mount --bind '${room.folder}/hosts' /etc/hosts`);
    const url: Place["url"] = (server = "good", host = "127.0.0.1") =>
      `https://${host}:${gateway.servers[server]}/api/v1`;
    const account = { AUTOCOM_TOKEN: room.platform.users.agent.pat, AUTOCOM_TENANT: "acme", AUTOCOM_API_URL: url() };
    const run: Place["run"] = (args, env) => room.run(args, { env: { ...account, ...env } });
    await body({ ...gateway, room, pem, stranger: stranger.cert, url, run });
  });
}

/** Puts the authority into the system's store, as an administrator does. */
export async function installed({ room, pem }: Place): Promise<Record<string, string>> {
  await room.shell(`
    for store in ${STORES}; do
      store=$(readlink -f "$store") && [ -f "$store" ] || continue
      copy=$(mktemp '${room.folder}/store-XXXXXX')
      cat "$store" '${pem}' >"$copy" && mount --bind "$copy" "$store"
    done`);
  return {};
}
