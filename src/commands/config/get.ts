import { findKey } from "../../config/mod.ts";
import { view } from "../../fields/mod.ts";
import { detail, safe } from "../../output/mod.ts";
import { type Command, LOCAL, verb } from "../verb.ts";
import { SETTING, setting } from "./setting.ts";

export const get = verb({
  name: "get",
  needs: LOCAL,
  examples: ["autocom config get api_url", "autocom config get tenant -o json"],
  command: (command: Command) =>
    command
      .summary("print one value")
      .description("Print the value in effect of one setting; an empty line when it has none.")
      .argument("<key>", "api_url, tenant, output, ring or no_telemetry"),
  async run(app, _options, text) {
    const key = findKey(text);
    const { value, origin, source } = await app.settings.get(key);
    const destination = await app.destination(true);
    if (destination.format === "json" || destination.format === "yaml") {
      await detail(destination, view(SETTING), setting({ key, origin, source, value }));
    } else {
      await app.system.io.stdout.write(`${safe(String(value ?? ""))}\n`);
    }
  },
});
