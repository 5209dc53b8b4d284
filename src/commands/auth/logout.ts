import { ONLINE, STORE, verb } from "../../cli/mod.ts";
import { ENDED } from "./ended.ts";

export const logout = verb({
  name: "logout",
  needs: { before: ONLINE.before, after: STORE },
  prints: ENDED,
  examples: ["autocom auth logout", "autocom auth logout --revoke"],
  summary: "end the session, at the server and on this machine",
  does: "End the session: revoke it at the server, then delete every copy on this machine. " +
    "A personal access token is only deleted here, because it may be in use elsewhere.",
  options: { revoke: { about: "revoke a personal access token too: it ends wherever it is used" } },
  run: async (app, options) => await (await import("./log_out.ts")).logOut(app, options.revoke),
});
