import { findKey } from "../../config/mod.ts";
import { safe } from "../../output/mod.ts";
import { Command, LOCAL, verb } from "../verb.ts";

export const get = verb({
  needs: LOCAL,
  examples: ["autocom config get api_url", "autocom config get tenant --tenant acme"],
  command: () =>
    new Command("get")
      .summary("print one value")
      .description("Print the value in effect of one setting; an empty line when it has none.")
      .argument("<key>", "api_url, tenant, output, ring or no_telemetry"),
  async run(app, _options, key) {
    const { value } = await app.settings.get(findKey(key));
    await app.system.io.stdout.write(`${safe(String(value ?? ""))}\n`);
  },
});
