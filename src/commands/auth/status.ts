import { endsWithin, stored } from "../../auth/mod.ts";
import { AppError } from "../../errors.ts";
import { verb } from "../../cli/mod.ts";
import { fields, view } from "../../fields/mod.ts";
import { detail } from "../../output/mod.ts";

const STATUS = fields({
  account: { is: "text", column: "ACCOUNT", nullable: true },
  api_url: { is: "text", column: "API_URL", key: true },
  kind: { is: "text", column: "KIND" },
  store: { is: "text", column: "STORE", key: true },
  expires_at: { is: "instant", column: "EXPIRES", nullable: true },
  tenant: { is: "text", column: "TENANT", nullable: true },
  usable: { is: "switch", column: "USABLE" },
});

export const status = verb({
  name: "status",
  needs: { before: ["ffi", "read", "run"], after: [] },
  examples: ["autocom auth status", "autocom auth status -o json"],
  summary: "show the session: account, store, expiry",
  does: "Show the session as it is kept on this machine; asks no server. Exits 4 when there is none to use.",
  async run(app) {
    const { apiUrl, origin } = await app.server();
    const tenant = await app.tenant() ?? null;
    const base = { api_url: apiUrl, tenant };
    if (app.system.env.AUTOCOM_TOKEN) {
      await app.credential(); // its form is checked
      const unknown = { account: null, expires_at: null };
      await detail(await app.destination(), view(STATUS), {
        ...base,
        ...unknown,
        kind: "token",
        store: "AUTOCOM_TOKEN",
        usable: true,
      });
      return;
    }
    const { sessions } = app;
    const found = await stored(sessions, origin);
    const { email = null, name = null, kind = "oauth", expires_at = null } = found.access ?? {};
    // An access token that has ended is renewed by the next command, as long as there is a refresh token.
    const ended = !found.access || endsWithin(found.access, 0, app.system.clock.now());
    const usable = !ended || await sessions.refreshOf(origin, found) !== undefined;
    await detail(await app.destination(), view(STATUS), {
      ...base,
      account: email ?? name,
      kind,
      store: found.where,
      expires_at: expires_at === null ? null : new Date(expires_at * 1000).toISOString().replace(".000Z", "Z"),
      usable,
    });
    if (!usable) {
      throw new AppError("unauthenticated", `the session for ${origin} in ${found.where} has expired`, {
        hint: "autocom auth login",
      });
    }
  },
});
