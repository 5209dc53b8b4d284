import { Command, verb } from "../verb.ts";

export const set = verb({
  needs: { before: ["read", "write"], after: [] },
  examples: ["autocom config set output json", "autocom config set tenant acme"],
  command: () =>
    new Command("set")
      .summary("check a value and save it")
      .description("Check a value and save it in the config file; comments and unknown keys stay as they are.")
      .argument("<key>", "api_url, tenant, output, ring or no_telemetry")
      .argument("<value>"),
  async run({ settings, say }, _options, key, text) {
    const { value } = await settings.set(key, text);
    await say.note(`Saved ${key} = ${value} in ${settings.path()}.`);
  },
});
