import { type Command, ONLINE, Option, STORE, verb } from "../verb.ts";

export const login = verb({
  name: "login",
  needs: { before: ONLINE.before, after: STORE },
  examples: [
    "autocom auth login --tenant acme",
    "autocom auth login --no-browser",
    'echo "$TOKEN" | autocom auth login --token-stdin --tenant acme',
  ],
  command: (command: Command) =>
    command
      .summary("log in, through the browser or with a token")
      .description("Log in to the platform in your browser, and keep the session in the system's keychain.")
      .option("--client-id <uuid>", "OAuth client of the platform (default: AUTOCOM_CLIENT_ID, else built in)")
      .option("--no-browser", "open nothing: print the address for any device, paste the redirected address back")
      .option("--token-stdin", "read a personal access token from stdin")
      .option("--with-token [token]", "take a personal access token; without a value read it from stdin")
      .addOption(
        new Option("--store <place>", "where to keep the session")
          .choices(["keychain", "file"] as const).default(undefined, "keychain, else file"),
      )
      .option("--force", "replace the session of another account without asking")
      .addOption(new Option("--login-timeout <seconds>").default("300").hideHelp()),
  run: async (app, options) => await (await import("./perform.ts")).perform(app, options),
});
