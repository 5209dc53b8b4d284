import type { Tokens } from "../../auth/mod.ts";
import { jsonLine } from "../../output/mod.ts";
import { Command, Option, verb } from "../verb.ts";
import { identify } from "./identify.ts";
import { announcePlace, keep, mayReplace, remember } from "./keep.ts";
import { browserTokens, clientId, givenToken } from "./obtain.ts";

export const login = verb({
  needs: { before: ["net", "read", "run", "write"], after: ["read", "run", "write"] },
  examples: [
    "autocom auth login --tenant acme",
    "autocom auth login --no-browser",
    'echo "$TOKEN" | autocom auth login --token-stdin --tenant acme',
  ],
  command: () =>
    new Command("login")
      .summary("log in, through the browser or with a token")
      .description("Log in to the platform in your browser, and keep the session in the system's keychain.")
      .option("--client-id <uuid>", "OAuth client of the platform (default: AUTOCOM_CLIENT_ID, else built in)")
      .option("--no-browser", "open nothing: print the address for any device, paste the redirected address back")
      .option("--token-stdin", "read a personal access token from stdin")
      .option("--with-token [token]", "take a personal access token; without a value read it from stdin")
      .addOption(
        new Option("--store <place>", "where to keep the session (default: keychain, else file)")
          .choices(["keychain", "file"] as const),
      )
      .option("--force", "replace the session of another account without asking")
      .addOption(new Option("--login-timeout <seconds>").default("300").hideHelp()),
  async run(app, options) {
    const { format } = await app.destination();
    const machine = format === "json" || format === "yaml";
    const { apiUrl, origin } = await app.server();
    const given = await givenToken(app, options);
    const place = await announcePlace(app, options.store);
    const tokens: Tokens = given === undefined ? await browserTokens(app, options, machine) : { access_token: given };
    const kind = given === undefined ? "oauth" : "pat";
    const person = await identify(app, tokens.access_token, kind);
    await mayReplace(app, person, tokens, kind, options.force ?? false);
    const where = await keep(
      app,
      { kind, tokens, person, clientId: clientId(app, options) },
      place,
      options.store !== undefined,
    );
    const account = person.email ?? person.name;
    if (app.system.env.AUTOCOM_TOKEN) await app.say.warn("AUTOCOM_TOKEN is set: commands use it, not this session");
    const tenant = await remember(app, person, where);
    if (machine) {
      await app.system.io.stdout.write(jsonLine({ account, tenant, api_url: apiUrl, store: where }));
    } else {
      const who = person.email ? `${person.name} <${person.email}>` : "an account without a name";
      await app.say.note(`Logged in to ${origin} as ${who}, tenant ${tenant}. The session is kept in ${where}.`);
    }
  },
});
