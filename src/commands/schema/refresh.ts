import { ONLINE, verb } from "../../cli/mod.ts";
import { view } from "../../fields/mod.ts";
import { detail } from "../../output/mod.ts";
import { Source } from "../../schema/mod.ts";
import { counted, COUNTS, skippedNote } from "./said.ts";

export const refresh = verb({
  name: "refresh",
  needs: ONLINE,
  prints: COUNTS,
  examples: ["autocom schema refresh", "autocom schema refresh --tenant globex"],
  summary: "read the schema anew",
  does:
    "Read the schema of your tenant's server anew, instead of the one that is kept for a day. An unknown name makes " +
    "autocom read it anew by itself; this is for options and descriptions that changed.",
  async run(app) {
    const to = await app.destination();
    const source = Source.of(app);
    const edition = await source.refresh();
    const { origin, tenant = null } = await source.place();
    await detail(to, view(COUNTS), { origin, tenant, ...counted(edition), from: "server" });
    await skippedNote(app, edition);
  },
});
