import type { App } from "../../app.ts";
import { lastToken, pair, type Tokens } from "../../auth/mod.ts";

/** How long a login that was given up may take to end what it obtained, in milliseconds. */
const LONGEST = 5_000;

/** Ends the access token, then what its refresh token still gives where the server ends no more than what it was shown. */
export async function end(app: App, tokens: Tokens, clientId: string): Promise<void> {
  const { clock, random } = app.system;
  const [bound, done] = [new AbortController(), new AbortController()];
  const late = clock.sleep(LONGEST, done.signal).then(() => bound.abort(), () => {});
  const work = async () => {
    await logOut(app, tokens.access_token, bound.signal);
    const { origin } = await app.server();
    const { refresh, access } = pair(random, { origin, kind: "oauth", clientId, tokens, name: null, email: null });
    const found = { access, place: "file", where: "" } as const;
    const fetch = await app.tokenEndpoint(bound.signal);
    const last = await lastToken(app.system, { refreshOf: () => Promise.resolve(refresh) }, { origin, found, fetch });
    if (last !== undefined) await logOut(app, last, bound.signal);
  };
  await Promise.race([work().catch(() => {}), late]); // there is no more to be done about it
  done.abort();
}

async function logOut(app: App, token: string, until: AbortSignal): Promise<void> {
  const api = await app.apiWith(token, undefined, until);
  await api.rest("POST", "/auth/logout", "end the new session", { tenant: false });
}
