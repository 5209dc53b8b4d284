import { expired, type Found, type Life, state } from "../../auth/mod.ts";
import { detail, type View } from "../../output/mod.ts";
import { STORE, verb } from "../../cli/mod.ts";

interface Status {
  account: string | null;
  api_url: string;
  kind: string;
  store: string;
  expires_at: string | null;
  tenant: string | null;
  /** Null where only the server can tell. */
  usable: boolean | null;
  state: string;
}

const STATUS: View<Status> = {
  columns: {
    ACCOUNT: "account",
    API_URL: "api_url",
    KIND: "kind",
    STORE: "store",
    EXPIRES: "expires_at",
    TENANT: "tenant",
    STATE: "state",
  },
  fields: ["account", "api_url", "kind", "store", "expires_at", "tenant", "usable", "state"],
};

const LIVES: Record<Life, string> = { alive: "alive", renewable: "ended, will be renewed", ended: "ended" };

export const status = verb({
  name: "status",
  needs: { before: STORE, after: [] },
  examples: ["autocom auth status", "autocom auth status -o json"],
  summary: "show the session: account, store, expiry",
  does: "Show the session as it is kept on this machine; asks no server. Exits 4 when there is none to use.",
  async run(app) {
    const { apiUrl, origin } = await app.server();
    const base = { api_url: apiUrl, tenant: await app.tenant() ?? null };
    const now = await state(app.system, app.sessions, origin);
    if (now.is === "none") throw await now.error();
    if (now.is === "given") {
      const unknown = { account: null, expires_at: null, usable: null, state: "not checked" };
      return await detail(await app.destination(), STATUS, { ...base, ...unknown, kind: "token", store: now.variable });
    }
    const life = await now.life();
    const usable = life !== "ended";
    await detail(await app.destination(), STATUS, { ...base, ...described(now.found), usable, state: LIVES[life] });
    if (!usable) throw expired(origin, now.found);
  },
});

function described({ access, where }: Found): Pick<Status, "account" | "kind" | "store" | "expires_at"> {
  const { email = null, name = null, kind = "oauth", expires_at = null } = access ?? {};
  return {
    account: email ?? name,
    kind,
    store: where,
    expires_at: expires_at === null ? null : new Date(expires_at * 1000).toISOString().replace(".000Z", "Z"),
  };
}
