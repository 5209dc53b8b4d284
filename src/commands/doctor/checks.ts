import { profileOf, tenantsOf } from "../../account/mod.ts";
import { member } from "../../api/mod.ts";
import type { App } from "../../app.ts";
import { endsWithin, stored } from "../../auth/mod.ts";
import { VERSION } from "../../build_info.ts";
import { AppError } from "../../errors.ts";
import type { Check, Healthy } from "./examine.ts";

/** Seconds of difference between the clocks that nobody needs to know. */
const SKEW_TOLERATED = 120;

/** Everything that has to be right, from the file system to the schema. */
export function checks(documents: Record<string, string>): readonly Check[] {
  return [
    { name: "version", look: version },
    { name: "config", look: config },
    { name: "address", after: ["config"], look: address },
    { name: "store", after: ["config"], look: store },
    { name: "proxy", look: proxy },
    { name: "certificates", look: certificates },
    { name: "server", after: ["address", "certificates"], look: server },
    { name: "clock", after: ["server"], look: clock },
    { name: "session", after: ["address", "store"], look: session },
    { name: "token", after: ["server", "session"], look: token },
    { name: "tenant", after: ["token"], look: tenant },
    { name: "permissions", after: ["tenant"], look: permissions },
    { name: "schema", after: ["token"], look: (app) => schema(app, documents) },
  ];
}

function version({ system }: App): Promise<Healthy> {
  return Promise.resolve({ detail: `autocom ${VERSION} on ${system.host.os} ${system.host.arch}` });
}

async function config({ settings }: App): Promise<Healthy> {
  const rows = await settings.list();
  const problem = rows.find((row) => row.problem)?.problem;
  if (problem) throw problem;
  const path = settings.path();
  return { detail: rows.some(({ origin }) => origin === "file") ? `${path} is sound` : `${path} sets nothing` };
}

async function address({ server }: App): Promise<Healthy> {
  const { apiUrl, source } = await server();
  return { detail: source === "default" ? apiUrl : `${apiUrl} (from ${source})` };
}

async function store({ sessions, server }: App): Promise<Healthy> {
  const { origin } = await server();
  const found = await sessions.find(origin);
  if (found) return { detail: `the session is kept in ${found.where}` };
  const why = await sessions.unavailable(origin);
  return why
    ? { detail: `no keychain (${why})`, warning: `a login will keep its session in the file ${sessions.file}` }
    : { detail: "the keychain answers; it holds no session for this server" };
}

function proxy({ system: { env } }: App): Promise<Healthy> {
  const name = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].find((variable) => env[variable]);
  if (!name) return Promise.resolve({ detail: "none" });
  const url = URL.parse(env[name]!.includes("://") ? env[name]! : `http://${env[name]}`);
  if (!url) {
    return Promise.reject(
      new AppError("network", `${name} is not an address`, { hint: `unset ${name}, or set it to http://HOST:PORT` }),
    );
  }
  // Never with what stands before the @: it is a password.
  const exempt = env.NO_PROXY ?? env.no_proxy;
  return Promise.resolve({ detail: `${url.protocol}//${url.host} (from ${name}${exempt ? "; NO_PROXY is set" : ""})` });
}

async function certificates({ system: { env, files } }: App): Promise<Healthy> {
  const name = env.AUTOCOM_CA_BUNDLE ? "AUTOCOM_CA_BUNDLE" : env.SSL_CERT_FILE ? "SSL_CERT_FILE" : undefined;
  const roots = env.DENO_TLS_CA_STORE ?? "system and Mozilla";
  if (!name) return { detail: `authorities: ${roots}` };
  const path = env[name]!;
  const info = await files.stat(path).catch(() => undefined);
  if (!info?.isFile) {
    throw new AppError("config", `${name} "${path}" is not a file that can be read`, { hint: `unset ${name}` });
  }
  return { detail: `authorities: ${roots}, and ${path} (from ${name})` };
}

async function server(app: App): Promise<Healthy> {
  const { clock } = app.system;
  const began = clock.now();
  const answer = await ask(app);
  const took = clock.now() - began;
  const { origin } = await app.server();
  // Without a token the API says 401, and says it in JSON.
  if (answer.status === 401 && /json/.test(answer.headers.get("Content-Type") ?? "")) {
    return { detail: `${origin} answers in ${took} ms` };
  }
  throw new AppError("server", `${origin} answers, but not like the API (status ${answer.status})`, {
    hint: "maintenance, a proxy, or another address? autocom config get api_url",
    status: answer.status,
  });
}

async function clock(app: App): Promise<Healthy> {
  const date = Date.parse((await ask(app)).headers.get("Date") ?? "");
  if (Number.isNaN(date)) return { detail: "the server does not tell its time" };
  const skew = Math.round((date - app.system.clock.now()) / 1000);
  if (Math.abs(skew) <= SKEW_TOLERATED) return { detail: "agrees with the server's" };
  const detail = `${Math.abs(skew)} s ${skew > 0 ? "behind" : "ahead of"} the server's`;
  return { detail, warning: "set this machine's clock" };
}

async function ask(app: App): Promise<Response> {
  const { apiUrl } = await app.server();
  const send = await app.tokenEndpoint();
  return await send(new Request(`${apiUrl}/auth/tenants`, { headers: { Accept: "application/json" } }));
}

async function session(app: App): Promise<Healthy> {
  const { sessions, system } = app;
  if (system.env.AUTOCOM_TOKEN) {
    await app.credential(); // its form
    return { detail: "AUTOCOM_TOKEN" };
  }
  const { origin } = await app.server();
  const found = await stored(sessions, origin);
  const renewable = found.access?.kind !== "pat" && await sessions.refreshOf(origin, found) !== undefined;
  const ended = !found.access || endsWithin(found.access, 0, system.clock.now());
  if (ended && !renewable) {
    throw new AppError("unauthenticated", `the session for ${origin} has expired`, { hint: "autocom auth login" });
  }
  const who = found.access?.email ?? "an account without a name";
  return { detail: `${who}, ${ended ? "to be renewed" : "alive"}${renewable ? "" : ", cannot be renewed"}` };
}

async function token(app: App): Promise<Healthy> {
  const tenants = await tenantsOf(await app.api());
  return { detail: `accepted (gate 1); tenants: ${tenants.map(({ id }) => id).join(", ") || "none"}` };
}

async function tenant(app: App): Promise<Healthy> {
  const slug = await app.tenant();
  if (!slug) {
    throw new AppError("tenant", "no tenant is chosen", {
      hint: "autocom tenants list, then: autocom tenants use SLUG",
    });
  }
  const { role } = await profileOf(await app.api());
  return { detail: `${slug} accepted (gate 2); your role: ${role ?? "unknown"}` };
}

const LOOK = `query Look { orders(per_page: 1) { meta { total_items } } }`;

async function permissions(app: App): Promise<Healthy> {
  const answer = await (await app.api()).query(LOOK, {}, "list orders");
  return {
    detail: `you may list orders (gate 3): ${member(member(member(answer, "orders"), "meta"), "total_items")} there`,
  };
}

/**
 * The server itself validates each document: it is sent with the name of an operation that it does not hold, so that
 * nothing can be carried out. That needs no introspection, which servers switch off or limit in depth.
 */
async function schema(app: App, documents: Record<string, string>): Promise<Healthy> {
  const api = await app.api();
  const names = Object.keys(documents);
  for (const name of names) {
    const error = await api.validate(documents[name]!, "check the schema");
    if (error) {
      throw new AppError("rejected", `the server refuses the document ${name}: ${error}`, {
        hint: "server and autocom disagree about the schema: update autocom",
      });
    }
  }
  return { detail: `${names.length} documents are valid (${names.join(", ")})` };
}
