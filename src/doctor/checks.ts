import type { App } from "../app.ts";
import { expired, isRenewable, state, tokenVariable } from "../auth/mod.ts";
import { VERSION } from "../build_info.ts";
import type { Check, Healthy } from "./examine.ts";
import { certificates, checkReach, config, credentials, folder, known, locks, proxy, unkept } from "./machine.ts";
import { platform } from "./platform.ts";

/** Everything that has to be right, from the file system to the schema. */
export function checks(app: App, documents: Record<string, string>): readonly Check[] {
  const { system } = app;
  const { server, clock, token, tenant, permissions, schema, introspection } = platform(app, documents);
  return [
    { name: "version", look: () => ({ detail: `autocom ${VERSION} on ${system.host.os} ${system.host.arch}` }) },
    { name: "folder", bars: true, look: () => folder(app) },
    { name: "config", look: () => config(app) },
    { name: "locks", after: ["folder"], bars: true, look: () => locks(app) },
    { name: "address", look: () => address(app) },
    { name: "credentials", look: () => credentials(app) },
    { name: "store", after: ["address"], look: () => store(app) },
    { name: "proxy", after: ["address"], look: () => proxy(app) },
    { name: "certificates", look: () => certificates(system) },
    { name: "server", after: ["address", "proxy", "certificates"], look: server },
    { name: "clock", after: ["server"], look: clock },
    { name: "session", after: ["address", "store"], look: () => session(app) },
    { name: "token", after: ["server", "session"], look: token },
    { name: "tenant", after: ["token"], look: tenant },
    { name: "permissions", after: ["tenant"], look: permissions },
    { name: "schema", after: ["tenant"], look: schema },
    { name: "introspection", after: ["tenant"], look: introspection },
  ];
}

async function address({ server }: App): Promise<Healthy> {
  const { apiUrl, source } = await server();
  return { detail: source === "default" ? apiUrl : `${apiUrl} (from ${source})` };
}

/** Which store is in use, and whether it answers. */
async function store({ sessions, server, system }: App): Promise<Healthy> {
  const variable = tokenVariable(system);
  if (variable) return { detail: `not used: ${variable} is set` };
  const { origin } = await server();
  await checkReach(system, "credentials");
  const found = await sessions.find(origin);
  if (found) return await noted(sessions, `the session is kept in ${found.where}`);
  const why = await sessions.unavailable(origin);
  if (!why) return await noted(sessions, `the keychain answers; ${await sessions.places(origin)}`);
  const error = await unkept(system, sessions.file);
  return {
    detail: `no keychain (${why})`,
    warning: error?.hint ?? `log in with the file ${sessions.file}: autocom auth login --store file`,
    bars: Boolean(error),
  };
}

/** A ledger that cannot be used costs no session, but is why one may be said not to be there. */
async function noted(sessions: App["sessions"], detail: string): Promise<Healthy> {
  const error = await sessions.ledger().then(() => undefined, known);
  return error ? { detail: `${detail}; ${error.message}`, warning: error.hint! } : { detail };
}

/** Whether what is stored can be used, as far as one can tell without asking the server. */
async function session({ sessions, server, system }: App): Promise<Healthy> {
  const { origin } = await server();
  const now = await state(system, sessions, origin);
  if (now.is === "given") return { detail: `${now.variable}, sent to ${origin}` };
  if (now.is === "none") throw await now.error();
  const { found } = now;
  const life = await now.life();
  if (life === "ended") throw expired(origin, found);
  const lasting = life === "renewable"
    ? "to be renewed by the next command"
    : await isRenewable(sessions, origin, found)
    ? "alive"
    : "alive, cannot be renewed";
  return {
    detail: `${found.access?.email ?? "an account without a name"} (${found.access?.kind ?? "oauth"}), ${lasting}`,
  };
}
