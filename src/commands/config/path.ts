import { NOTHING, verb } from "../../cli/mod.ts";
import { fields, view } from "../../fields/mod.ts";
import { detail, isMachine, safe } from "../../output/mod.ts";

const PATH = fields({ path: { is: "text", column: "PATH", key: true } });

export const path = verb({
  name: "path",
  needs: NOTHING,
  prints: PATH,
  examples: ["autocom config path", "AUTOCOM_CONFIG=/etc/autocom.toml autocom config path"],
  summary: "print where the config file is",
  does: "Print the path of the config file, whether it exists or not.",
  async run(app) {
    const path = app.settings.path();
    const destination = await app.destination(true);
    if (isMachine(destination.format)) await detail(destination, view(PATH), { path });
    else await app.system.io.stdout.write(`${safe(path)}\n`);
  },
});
