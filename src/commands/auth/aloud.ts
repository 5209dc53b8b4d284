import type { App } from "../../app.ts";
import { messages } from "../../output/mod.ts";

/** The same run, which asks a person what it has to ask, whatever format the file of settings wants for data. */
export function aloud(app: App): App {
  const { globals: { quiet, debug }, paint: style, say, secrets, system } = app;
  const { ask, address } = messages(system.io.stderr, { format: "table", quiet, debug, style, secrets });
  return Object.create(app, { say: { value: { ...say, ask, address } } });
}
