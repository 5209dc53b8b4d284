import type { App } from "../../app.ts";
import { isOn, type Setting } from "../../config/mod.ts";
import { authorize, type Dialogue, opener, type Tokens, unattended } from "../../auth/mod.ts";
import { AppError } from "../../errors.ts";
import type { Row } from "../../fields/mod.ts";
import { jsonLine } from "../../output/mod.ts";
import type { ADDRESS } from "./printed.ts";

export interface Options {
  clientId?: string | undefined;
  browser: boolean;
  tokenStdin: boolean;
  withToken?: string | true | undefined;
  loginTimeout: string;
}

/** The OAuth client to log in with: flag, environment, file, build. */
export async function clientId({ settings }: App, options: Options): Promise<Setting<string | undefined>> {
  return await settings.withFlags(options.clientId === undefined ? {} : { clientId: options.clientId }).get(
    "client_id",
  );
}

/**
 * A login through the browser, or with the address that the person pastes: checked now, performed when it is called.
 * `driven`: by a program, which may approve it where nobody else can.
 */
export async function browserLogin(app: App, options: Options, driven: boolean): Promise<() => Promise<Tokens>> {
  const { system, globals, signal } = app;
  const paste = globals.input && !isOn(system.env.AUTOCOM_NO_INPUT);
  if (!driven && isOn(system.env.CI)) throw unattended("CI is set, so nobody is there to approve it in a browser");
  const { value: id } = await clientId(app, options);
  if (id === undefined) {
    throw new AppError("usage", "this build has no OAuth client id", {
      hint: "set AUTOCOM_CLIENT_ID to the platform's, or: autocom auth login --client-id UUID",
    });
  }
  const seconds = Number(options.loginTimeout);
  if (!(seconds > 0 && seconds <= 3600)) {
    throw new AppError(
      "usage",
      `--login-timeout must be more than 0 and at most 3600 seconds, not "${options.loginTimeout.slice(0, 30)}"`,
      { hint: "write, for example: --login-timeout 300" },
    );
  }
  const asked = !options.browser
    ? "--no-browser"
    : isOn(system.env.AUTOCOM_NO_BROWSER)
    ? "AUTOCOM_NO_BROWSER is set"
    : "";
  const login = {
    origin: (await app.server()).origin,
    clientId: id,
    lifetime: seconds * 1000,
    browser: asked ? { missing: asked } : await opener(system),
    paste,
    driven,
    tokenEndpoint: app.tokenEndpoint,
    signal,
    keeper: app.secrets,
  };
  if ("missing" in login.browser && !paste && !driven) {
    throw unattended(`no browser can be opened (${login.browser.missing}), and nothing may be asked`);
  }
  const dialogue = driven ? forPrograms(app) : await forPeople(app, seconds, paste);
  return async () => await authorize(system, login, dialogue);
}

async function forPeople(app: App, seconds: number, paste: boolean): Promise<Dialogue> {
  const { say, system } = app;
  let shown = false;
  const { origin, source, isDefault } = await app.server();
  const time = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`;
  return {
    async show(url, _expiresAt, manual) {
      if (!shown) await say.ask(`Logging in to ${origin}${isDefault ? "" : ` (address from ${source})`}.`);
      shown = true;
      await say.ask(manual ? `Open this address on any device (${manual}):` : "Opening the browser at this address:");
      await say.ask("");
      await say.address(`  ${url}`);
      await say.ask("");
      if (manual) {
        await say.ask("After you approve, the browser says that it cannot connect to 127.0.0.1: that is expected.");
        await say.ask("Copy that page's whole address, paste it here (it is not shown) and press Enter.");
      } else if (paste && system.io.stdin.isTerminal) {
        await say.ask(
          "If it cannot connect to 127.0.0.1, paste that page's address here (it is not shown) and press Enter.",
        );
      }
      await say.ask(`Waiting for your approval, ${time} at most; Ctrl-C ends it.`);
    },
    async pasted(characters, refused) {
      const received = characters === undefined ? "Too many" : characters;
      await say.ask(`${received} characters received${refused ? `, not accepted: ${refused}` : ""}.`);
    },
    stray: () => void say.warn("the browser reported an error without this login's mark; still waiting"),
  };
}

/** The first line on stdout is for the program that drives the login. */
function forPrograms({ system, say }: App): Dialogue {
  let shown = false;
  return {
    async show(url, expiresAt) {
      if (shown) return;
      shown = true;
      const said: Row<typeof ADDRESS> = { url, expires_at: new Date(expiresAt).toISOString() };
      await system.io.stdout.write(jsonLine(said));
    },
    // At a terminal the login goes on, and somebody is there who waits.
    async pasted(_characters, refused) {
      if (refused && system.io.stdin.isTerminal) await say.warn(`what was pasted is not accepted: ${refused}`);
    },
    stray() {},
  };
}
