import { AppError } from "../../errors.ts";
import { Command, verb } from "../verb.ts";

export const logout = verb({
  needs: { before: ["net", "read", "run", "write"], after: ["read", "run", "write"] },
  examples: ["autocom auth logout"],
  command: () =>
    new Command("logout")
      .summary("end the session, at the server and on this machine")
      .description("End the session: revoke it at the server, then delete every copy on this machine.")
      .option("--revoke", "revoke a personal access token too: it ends wherever it is used"),
  async run(app, options) {
    const { sessions, say, system } = app;
    const { origin } = await app.server();
    if (system.env.AUTOCOM_TOKEN) {
      throw new AppError("usage", "AUTOCOM_TOKEN cannot be logged out", { hint: "unset AUTOCOM_TOKEN" });
    }
    const found = await sessions.find(origin).catch((error) => {
      if (error instanceof AppError && error.kind === "unauthenticated") return undefined; // damaged: delete it
      throw error;
    });
    if (found?.access && (found.access.kind === "oauth" || options.revoke)) {
      const api = await app.apiWith(found.access.access_token);
      await api.rest("POST", "/auth/logout", "revoke the session", { tenant: false }).catch(async (error) => {
        if (!(error instanceof AppError) || error.kind === "interrupted") throw error;
        if (error.kind !== "unauthenticated") await say.warn(`the session may live on at the server: ${error.message}`);
      });
    }
    const removed = await sessions.remove(origin);
    await say.note(removed ? `Logged out of ${origin}.` : `Nothing to log out of: there is no session for ${origin}.`);
  },
});
