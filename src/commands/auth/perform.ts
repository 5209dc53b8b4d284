import type { App } from "../../app.ts";
import type { Place, Tokens } from "../../auth/mod.ts";
import { jsonLine } from "../../output/mod.ts";
import { identify } from "./identify.ts";
import { orEnd } from "./end.ts";
import { announcePlace, keep, mayReplace, type Obtained, remember } from "./keep.ts";
import { browserLogin, clientId, givenToken, type Options } from "./obtain.ts";

/** The login itself: a token, whose it is, where it is kept. Loaded when somebody logs in. */
export async function perform(
  app: App,
  options: Options & { store?: Place | undefined; force?: true | undefined },
): Promise<void> {
  const { format } = await app.destination();
  const machine = format === "json" || format === "yaml";
  const { apiUrl, origin } = await app.server();
  const given = await givenToken(app, options);
  const obtain = given === undefined ? await browserLogin(app, options, machine) : undefined;
  const place = await announcePlace(app, options.store);
  const kind = given === undefined ? "oauth" : "pat";
  const settle = async (tokens: Tokens) => {
    const person = await identify(app, tokens.access_token, kind);
    const obtained: Obtained = { kind, tokens, person, clientId: clientId(app, options) };
    await mayReplace(app, obtained, place, options.force ?? false);
    app.signal.throwIfAborted();
    return { person, where: await keep(app, obtained, place, options.store !== undefined) };
  };
  // A token that was given is not ours to end.
  const { person, where } =
    await (obtain ? orEnd(app, clientId(app, options), obtain, settle) : settle({ access_token: given! }));
  const account = person.email ?? person.name;
  if (app.system.env.AUTOCOM_TOKEN) await app.say.warn("AUTOCOM_TOKEN is set: commands use it, not this session");
  const tenant = await remember(app, person, where);
  if (machine) {
    await app.system.io.stdout.write(jsonLine({ account, tenant, api_url: apiUrl, store: where }));
  } else {
    const who = person.email ? `${person.name} <${person.email}>` : "an account without a name";
    await app.say.note(`Logged in to ${origin} as ${who}, tenant ${tenant}. The session is kept in ${where}.`);
  }
}
