import { type Command, verb } from "../verb.ts";

export const unset = verb({
  name: "unset",
  needs: { before: ["read", "write"], after: [] },
  examples: ["autocom config unset tenant", "autocom config unset output"],
  command: (command: Command) =>
    command
      .summary("go back to the default of a setting")
      .description("Remove a key from the config file, so that its default applies.")
      .argument("<key>", "api_url, tenant, output, ring or no_telemetry"),
  async run({ settings, say }, _options, key) {
    const removed = await settings.unset(key);
    await say.note(removed ? `Removed ${key} from ${settings.path()}.` : `${key} was not set in ${settings.path()}.`);
  },
});
