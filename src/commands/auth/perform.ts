import type { App } from "../../app.ts";
import type { Row } from "../../fields/mod.ts";
import { type Place, type Tokens, tokenVariable } from "../../auth/mod.ts";
import { isMachine, jsonLine } from "../../output/mod.ts";
import { identify } from "./identify.ts";
import { type Keeping, orEnd } from "./end.ts";
import type { LOGGED_IN } from "./printed.ts";
import { announcePlace, keep, type Obtained, remember } from "./keep.ts";
import { browserLogin, clientId, type Options } from "./obtain.ts";

/** What a login may be given. */
export interface Given extends Options {
  store?: Place | undefined;
  force: boolean;
}

/** The login itself: a token, whose it is, where it is kept. Loaded when somebody logs in. */
export async function perform(run: App, options: Given): Promise<void> {
  const { format } = await run.destination();
  const machine = isMachine(format);
  // What stands in the file of settings is for data: a program that drives a login says so for this run.
  const driven = machine && (await run.settings.get("output")).origin !== "file";
  const app = machine && !driven ? (await import("./aloud.ts")).aloud(run) : run;
  const { apiUrl, origin } = await app.server();
  const byToken = options.tokenStdin || options.withToken !== undefined;
  const given = byToken ? await (await import("./given_token.ts")).givenToken(app, options) : undefined;
  const obtain = given === undefined ? await browserLogin(app, options, driven) : undefined;
  const place = await announcePlace(app, options.store);
  const kind = given === undefined ? "oauth" : "pat";
  const client = kind === "oauth" ? await clientId(app, options) : undefined;
  const settle = async (tokens: Tokens, keeping: Keeping) => {
    const person = await identify(app, tokens.access_token, kind);
    const obtained: Obtained = { kind, tokens, person, clientId: client?.value ?? "" };
    const how = { chosen: options.store !== undefined, force: options.force, keeping };
    const where = await keep(app, obtained, place, how);
    const account = person.email ?? person.name;
    const variable = tokenVariable(app.system);
    if (variable) await app.say.warn(`${variable} is set: commands use it, not this session`);
    const chosen = client && ["flag", "environment"].includes(client.origin) ? client.value : undefined;
    const tenant = await remember(app, person, where, chosen);
    if (machine) {
      await app.system.io.stdout.write(
        jsonLine({ account, tenant, api_url: apiUrl, store: where } satisfies Row<typeof LOGGED_IN>),
      );
    } else {
      const who = person.email ? `${person.name} <${person.email}>` : "an account without a name";
      await app.say.note(`Logged in to ${origin} as ${who}, tenant ${tenant}. The session is kept in ${where}.`);
    }
  };
  await orEnd(app, client?.value, obtain ?? (() => Promise.resolve({ access_token: given! })), settle);
}
