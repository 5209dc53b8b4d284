import { oneOf, ONLINE, STORE, text, verb } from "../../cli/mod.ts";

export const login = verb({
  name: "login",
  needs: { before: ONLINE.before, after: STORE },
  examples: [
    "autocom auth login --tenant acme",
    "autocom auth login --no-browser",
    'echo "$TOKEN" | autocom auth login --token-stdin --tenant acme',
  ],
  summary: "log in, through the browser or with a token",
  does: "Log in to the platform in your browser, and keep the session in the system's keychain.",
  prints: async () => Object.values(await import("./printed.ts")),
  options: {
    clientId: {
      about: "OAuth client id of the platform",
      value: text("uuid"),
      otherwise: "the saved one, else built in",
    },
    browser: {
      about: "open no browser: print the address, and ask you to paste the redirected one",
      off: true,
    },
    tokenStdin: { about: "read a personal access token from stdin" },
    withToken: {
      about: "take a personal access token; without a value read it from stdin",
      value: text("token"),
      bare: true,
    },
    store: {
      about: "where to keep the session",
      value: oneOf("place", ["keychain", "file"]),
      otherwise: "keychain, else file",
    },
    force: { about: "replace the session of another account without asking" },
    loginTimeout: { about: "longest wait for the approval", value: text("seconds"), standard: "300", hidden: true },
  },
  run: async (app, options) =>
    await (await import("./perform.ts")).perform(app, options).catch(async (error) => {
      throw (await import("./once_more.ts")).onceMore(error, app.globals.tenant, options);
    }),
});
