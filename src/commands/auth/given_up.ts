import type { App } from "../../app.ts";
import { pair, type Tokens } from "../../auth/mod.ts";
import { AppError, defect } from "../../errors.ts";
import { endRest, endToken } from "./revoke.ts";

/** How long a login that was given up may take to end what it obtained, in milliseconds. */
const LONGEST = 5_000;

/** Ends the access token, then what its refresh token still gives; warns where the server has not ended it. */
export async function end(app: App, tokens: Tokens, clientId: string): Promise<void> {
  const { clock, random } = app.system;
  const { origin } = await app.server();
  const [bound, done] = [new AbortController(), new AbortController()];
  const late = clock.sleep(LONGEST, done.signal).then(() => {
    const reason = new AppError("network", `${origin} did not end it within ${LONGEST / 1000} s`);
    bound.abort(reason);
    return reason;
  }, () => undefined);
  const work = async () => {
    const { access, refresh } = pair(random, { origin, kind: "oauth", clientId, tokens, name: null, email: null });
    const first = await endToken(app, access.access_token, bound.signal);
    return await endRest(app, { found: { access, place: "file", where: "" }, refresh }, first, bound.signal);
  };
  const failure = await Promise.race([work().catch((error) => error instanceof AppError ? error : defect()), late]);
  done.abort();
  if (failure) await app.say.warn(`the session that was obtained may live on at the server: ${failure.message}`);
}
