/** Worlds that ask servers on loopback by the real transport, which trusts one company's authority. */
import { transport } from "../../../src/system/transport.ts";
import type { System } from "../../../src/system/mod.ts";
import { authority } from "../binary/authority.ts";
import { withToken } from "../scripted.ts";
import { autocom, type World } from "../harness.ts";

export const company = authority("Acme Internal Authority");
export const GOOD = company.issue(["127.0.0.1", "api.test"]);
export const PEM = await Deno.makeTempFile({ suffix: ".pem" });
await Deno.writeTextFile(PEM, company.cert);
addEventListener("unload", () => Deno.removeSync(PEM));

export const encode = (text: string) => new TextEncoder().encode(text);
export const at = { hostname: "127.0.0.1", port: 0, onListen() {} };

/** A world that asks that address by the real transport, with the company's authority and these variables. */
export async function asking(address: string, env: Record<string, string> = {}): Promise<World> {
  const send = transport({ AUTOCOM_CA_BUNDLE: PEM, ...env });
  const made = await withToken("owner", { env: { AUTOCOM_API_URL: `${address}/api/v1`, ...env }, fetch: send });
  const { clock } = (await import("../../../src/system/deno.ts")).denoSystem();
  made.system = { clock: { ...clock, sleep: impatient(clock) } };
  return made;
}

/** Pauses between tries are over at once; the alarms of a request ring as they should. */
function impatient(clock: System["clock"]): System["clock"]["sleep"] {
  return (ms, signal) => ms > 1_000 ? clock.sleep(ms, signal) : Promise.resolve();
}

/** The real transport keeps its client as long as the process lives. */
export function test(name: string, fn: () => Promise<void>, ignore = false): void {
  Deno.test({ name, fn, ignore, sanitizeResources: false, sanitizeOps: false });
}

export async function holds(address: string, code: number, said: RegExp, env?: Record<string, string>): Promise<void> {
  await using w = await asking(address, env);
  await autocom("orders list", { code, err: said }, w);
}

export const ADDRESS = "check AUTOCOM_API_URL";
export const OPERATOR = "tell whoever runs the server";
export const line = (message: string, hint = "") =>
  new RegExp(`^error: cannot list orders: ${message}.*\nhint: .*${hint}.*\n$`);
export const PEER = "127\\.0\\.0\\.1:\\d+";

/** A port where nobody listens. */
export const gone = () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
};
