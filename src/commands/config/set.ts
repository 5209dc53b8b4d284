import { known, LOCAL_CHANGE, text, verb } from "../../cli/mod.ts";
import { KEYS, STORED_FORMATS } from "../../config/mod.ts";
import { warnIfHidden } from "./setting.ts";

/** What each key takes, where that is known. */
const AFTER = { output: STORED_FORMATS, no_telemetry: ["true", "false"], tenant: "tenant" } as const;

export const set = verb({
  name: "set",
  needs: LOCAL_CHANGE,
  examples: ["autocom config set output json", "autocom config set tenant acme"],
  summary: "check a value and save it",
  does: "Check a value and save it in the config file; comments and unknown keys stay as they are. " +
    `There output is one of ${STORED_FORMATS.join(", ")}; ring is the deployment ring, sent nowhere.`,
  args: [
    { name: "key", about: "the setting", value: known("key", KEYS) },
    { name: "value", about: "what to save", value: { ...text("value"), after: AFTER } },
  ],
  async run(app, _given, key, text) {
    const { settings, say } = app;
    const { value, changed } = await settings.set(key, text);
    await say.note(`${changed ? "Saved" : "Already there:"} ${key} = ${value} in ${settings.path()}.`);
    await warnIfHidden(app, key);
  },
});
