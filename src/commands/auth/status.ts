import { endsWithin, stored } from "../../auth/mod.ts";
import { AppError } from "../../errors.ts";
import { detail, type View } from "../../output/mod.ts";
import { type Command, STORE, verb } from "../verb.ts";

interface Status {
  account: string | null;
  api_url: string;
  kind: string;
  store: string;
  expires_at: string | null;
  tenant: string | null;
  usable: boolean;
}

const STATUS: View<Status> = {
  columns: {
    ACCOUNT: "account",
    API_URL: "api_url",
    KIND: "kind",
    STORE: "store",
    EXPIRES: "expires_at",
    TENANT: "tenant",
    USABLE: "usable",
  },
  fields: ["account", "api_url", "kind", "store", "expires_at", "tenant", "usable"],
};

export const status = verb({
  name: "status",
  needs: { before: STORE, after: [] },
  examples: ["autocom auth status", "autocom auth status -o json"],
  command: (command: Command) =>
    command
      .summary("show the session: account, store, expiry")
      .description(
        "Show the session as it is kept on this machine; asks no server. Exits 4 when there is none to use.",
      ),
  async run(app) {
    const { apiUrl, origin } = await app.server();
    const tenant = await app.tenant() ?? null;
    const base = { api_url: apiUrl, tenant };
    if (app.system.env.AUTOCOM_TOKEN) {
      await app.credential(); // its form is checked
      const unknown = { account: null, expires_at: null };
      await detail(await app.destination(), STATUS, {
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
    await detail(await app.destination(), STATUS, {
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
