import { safe } from "../../output/mod.ts";
import { Command, verb } from "../verb.ts";

export const path = verb({
  needs: { before: [], after: [] },
  examples: ["autocom config path", "AUTOCOM_CONFIG=/etc/autocom.toml autocom config path"],
  command: () =>
    new Command("path")
      .summary("print where the config file is")
      .description("Print the path of the config file, whether it exists or not."),
  async run({ settings, system }) {
    await system.io.stdout.write(`${safe(settings.path())}\n`);
  },
});
