import { known, LOCAL_CHANGE, verb } from "../../cli/mod.ts";
import { KEYS } from "../../config/mod.ts";
import { warnIfHidden } from "./setting.ts";

export const unset = verb({
  name: "unset",
  needs: LOCAL_CHANGE,
  examples: ["autocom config unset tenant", "autocom config unset output"],
  summary: "remove a setting, so that its default applies",
  does: "Remove a key from the config file, so that its default applies.",
  args: [{ name: "key", about: "the setting", value: known("key", KEYS) }],
  async run(app, _given, key) {
    const { settings, say } = app;
    const removed = await settings.unset(key);
    await say.note(removed ? `Removed ${key} from ${settings.path()}.` : `${key} was not set in ${settings.path()}.`);
    await warnIfHidden(app, key);
  },
});
