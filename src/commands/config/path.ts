import { detail, isMachine, safe, type View } from "../../output/mod.ts";
import { NOTHING, verb } from "../../cli/mod.ts";

const PATH: View<{ path: string }> = { columns: { PATH: "path" }, fields: ["path"] };

export const path = verb({
  name: "path",
  needs: NOTHING,
  examples: ["autocom config path", "AUTOCOM_CONFIG=/etc/autocom.toml autocom config path"],
  summary: "print where the config file is",
  does: "Print the path of the config file, whether it exists or not.",
  async run(app) {
    const path = app.settings.path();
    const destination = await app.destination(true);
    if (isMachine(destination.format)) await detail(destination, PATH, { path });
    else await app.system.io.stdout.write(`${safe(path)}\n`);
  },
});
