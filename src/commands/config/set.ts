import { type Command, verb } from "../verb.ts";
import { warnIfHidden } from "./setting.ts";

export const set = verb({
  name: "set",
  needs: { before: ["read", "write"], after: [] },
  examples: ["autocom config set output json", "autocom config set tenant acme"],
  command: (command: Command) =>
    command
      .summary("check a value and save it")
      .description("Check a value and save it in the config file; comments and unknown keys stay as they are.")
      .argument("<key>", "api_url, tenant, output, ring or no_telemetry")
      .argument("<value>", "what to save"),
  async run(app, _options, key, text) {
    const { settings, say } = app;
    const { value, changed } = await settings.set(key, text);
    await say.note(`${changed ? "Saved" : "Already there:"} ${key} = ${value} in ${settings.path()}.`);
    await warnIfHidden(app, key);
  },
});
