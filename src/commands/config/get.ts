import { known, NOTHING, verb } from "../../cli/mod.ts";
import { findKey, KEYS } from "../../config/mod.ts";
import { view } from "../../fields/mod.ts";
import { detail, isMachine, safe } from "../../output/mod.ts";
import { SETTING, setting } from "./setting.ts";

export const get = verb({
  name: "get",
  aliases: ["view", "show"],
  needs: NOTHING,
  prints: SETTING,
  examples: ["autocom config get api_url", "autocom config get tenant -o json"],
  summary: "print one value",
  does: "Print the value in effect of one setting; an empty line when it has none.",
  args: [{ name: "key", about: "the setting", value: known("key", KEYS) }],
  async run(app, _given, name) {
    const key = findKey(name);
    const { value, origin, source } = await app.settings.get(key);
    const destination = await app.destination(true);
    if (isMachine(destination.format)) {
      await detail(destination, view(SETTING), setting({ key, origin, source, value }));
    } else {
      await app.system.io.stdout.write(`${safe(String(value ?? ""))}\n`);
    }
  },
});
