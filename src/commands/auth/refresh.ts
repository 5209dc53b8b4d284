import { AppError } from "../../errors.ts";
import { ONLINE, verb } from "../../cli/mod.ts";

export const refresh = verb({
  name: "refresh",
  needs: ONLINE,
  examples: ["autocom auth refresh", "autocom auth refresh --quiet"],
  summary: "renew the session now",
  does: "Renew the session now, whether it ends soon or not. Commands renew it by themselves when they need to.",
  async run(app) {
    const { origin } = await app.server();
    // Only what has ended is renewed by that already.
    const credential = await app.credential(0);
    if (credential.variable || credential.access?.kind === "pat") {
      const what = credential.variable ?? `the personal access token in ${credential.where}`;
      throw new AppError("usage", `cannot renew ${what}: only a login through the browser can be renewed`, {
        hint: `${credential.variable ? `unset ${credential.variable}, then: ` : ""}autocom auth login`,
      });
    }
    const { access, where } = await credential.renew?.(true) ?? credential;
    if (app.afterwards.length > 0) return;
    const until = access?.expires_at ? `, until ${new Date(access.expires_at * 1000).toISOString().slice(0, 16)}Z` : "";
    await app.say.note(`Renewed the session for ${origin}, kept in ${where}${until}.`);
  },
});
