import type { App } from "../../app.ts";
import { AppError } from "../../errors.ts";
import { view } from "../../fields/mod.ts";
import { list as rows } from "../../output/mod.ts";
import { NOTHING, verb } from "../../cli/mod.ts";
import { SETTING, setting } from "./setting.ts";

export const list = verb({
  name: "list",
  aliases: ["ls"],
  needs: NOTHING,
  prints: SETTING,
  examples: ["autocom config list", "autocom config list -o json"],
  summary: "show every setting and where its value comes from",
  does: "Show every setting with its value and its origin: an option, the environment, the file, or the default.",
  async run(app) {
    const settings = await app.settings.list();
    const writer = rows(await app.destination(true), view(SETTING));
    await writer.page(settings.map(setting));
    await writer.end();
    for (const { problem } of settings) if (problem) await app.say.warn(problem.message);
    await tellPlace(app);
  },
});

/** Without a home there is no file, and nothing wrong with the values. */
async function tellPlace({ settings, say }: App): Promise<void> {
  try {
    await say.note(`config file: ${settings.path()}`);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await say.warn(error.message);
  }
}
