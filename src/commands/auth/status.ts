import { expired, type Found, type Life, state } from "../../auth/mod.ts";
import { STORE, verb } from "../../cli/mod.ts";
import { fields, type Row, view } from "../../fields/mod.ts";
import { detail } from "../../output/mod.ts";

const STATUS = fields({
  account: { is: "text", column: "ACCOUNT", nullable: true },
  api_url: { is: "text", column: "API_URL", key: true },
  kind: { is: "text", column: "KIND" },
  store: { is: "text", column: "STORE", key: true },
  expires_at: { is: "instant", column: "EXPIRES", nullable: true },
  tenant: { is: "text", column: "TENANT", nullable: true },
  /** Null where only the server can tell. */
  usable: { is: "switch", nullable: true },
  state: { is: "text", column: "STATE" },
});

type Status = Row<typeof STATUS>;

const LIVES: Record<Life, string> = { alive: "alive", renewable: "ended, will be renewed", ended: "ended" };

export const status = verb({
  name: "status",
  needs: { before: STORE, after: [] },
  prints: STATUS,
  exits: ["unauthenticated", "keychain"],
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
      return await detail(await app.destination(), view(STATUS), {
        ...base,
        ...unknown,
        kind: "token",
        store: now.variable,
      });
    }
    const life = await now.life();
    const usable = life !== "ended";
    await detail(await app.destination(), view(STATUS), {
      ...base,
      ...described(now.found),
      usable,
      state: LIVES[life],
    });
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
