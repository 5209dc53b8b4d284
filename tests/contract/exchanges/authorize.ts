/** The approval page: what is refused, what leads back to the client, and the two buttons. */

import type { Browser, Fields, Scene } from "../scene.ts";
import type { Exchanges } from "./mod.ts";

const refused: Record<string, Fields> = {
  "a client that is not known": { client_id: "00000000-0000-4000-8000-000000000000" },
  "no client": { client_id: null },
  "a redirect to localhost": { redirect_uri: "http://localhost:8765/callback" },
  "a redirect to [::1]": { redirect_uri: "http://[::1]:8765/callback" },
  "a redirect to https": { redirect_uri: "https://127.0.0.1:8765/callback" },
  "a redirect to another path": { redirect_uri: "http://127.0.0.1:8765/other" },
  "a redirect with a slash at its end": { redirect_uri: "http://127.0.0.1:8765/callback/" },
  "a redirect with a query": { redirect_uri: "http://127.0.0.1:8765/callback?x=1" },
  "a redirect to a name that begins like the address": { redirect_uri: "http://127.0.0.1.evil.test/callback" },
  "a redirect with a user": { redirect_uri: "http://u@127.0.0.1:8765/callback" },
  "no challenge": { code_challenge: null },
  "a challenge that is too short": { code_challenge: "short" },
  "a method in small letters": { code_challenge_method: "s256" },
  "another response type": { response_type: "token" },
  "no response type": { response_type: null },
  "a scope that is not known": { scope: "orders" },
  "a scope that is not known, and no state": { scope: "orders", state: null },
  "no prompt is allowed, and nobody is signed in": { prompt: "none" },
};

const accepted: Record<string, Fields> = {
  "a port of its own": {},
  "no port": { redirect_uri: "http://127.0.0.1/callback" },
  "a scheme in capitals": { redirect_uri: "HTTP://127.0.0.1:8765/callback" },
  "no redirect": { redirect_uri: null },
  "no state": { state: null },
  "a plain challenge": { code_challenge_method: "plain" },
};

async function signedIn(scene: Scene): Promise<Browser> {
  const browser = scene.browser();
  const { email, password } = scene.platform.descriptor.users.owner;
  await (await browser.login({ email, password })).body?.cancel();
  return browser;
}

export const authorize: Exchanges = {
  ...Object.fromEntries(
    Object.entries(refused).map(([name, changes]) => [
      `refused: ${name}`,
      (scene: Scene) => scene.browser().open(scene.authorizePath(changes)),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(accepted).map(([name, changes]) => [`accepted: ${name}`, async (scene: Scene) => {
      const browser = await signedIn(scene);
      return [await browser.open(scene.authorizePath(changes)), await browser.decide("approve")];
    }]),
  ),
  async "the login page, a wrong password, and the right one"(scene) {
    const browser = scene.browser();
    const { email, password } = scene.platform.descriptor.users.owner;
    const start = await browser.open(scene.authorizePath());
    const page = await browser.open("/login");
    const wrong = await browser.login({ email, password: "wrong" });
    return [start, page, wrong, await browser.open("/login"), await browser.login({ email, password })];
  },
  "a form without its token": async (scene) => {
    const { email, password } = scene.platform.descriptor.users.owner;
    return await scene.browser().open("/login", new URLSearchParams({ email, password }));
  },
  "nobody is signed in, and JSON is asked for": (scene) => scene.ask(scene.authorizePath()),
  async "Cancel"(scene) {
    const browser = await signedIn(scene);
    await (await browser.open(scene.authorizePath())).body?.cancel();
    return browser.decide("deny");
  },
  async "Cancel, and no state"(scene) {
    const browser = await signedIn(scene);
    await (await browser.open(scene.authorizePath({ state: null }))).body?.cancel();
    return browser.decide("deny");
  },
  async "Authorize twice"(scene) {
    const browser = await signedIn(scene);
    await (await browser.open(scene.authorizePath())).body?.cancel();
    return [
      await browser.decide("approve"),
      await browser.open(scene.authorizePath()),
      await browser.decide("approve"),
    ];
  },
  async "Authorize without having been asked"(scene) {
    const browser = await signedIn(scene);
    await (await browser.open("/login")).body?.cancel();
    return browser.decide("approve");
  },
  async "consent is skipped while a token of the client lives, unless it is asked for"(scene) {
    await scene.signIn();
    const browser = await signedIn(scene);
    return [
      await browser.open(scene.authorizePath()),
      await browser.open(scene.authorizePath({ prompt: "none" })),
      await browser.open(scene.authorizePath({ prompt: "consent" })),
    ];
  },
  async "no prompt is allowed, and there is no consent"(scene) {
    return (await signedIn(scene)).open(scene.authorizePath({ prompt: "none" }));
  },
  async "another login is asked for"(scene) {
    const browser = await signedIn(scene);
    return [
      await browser.open(scene.authorizePath({ prompt: "login" })),
      await browser.open(scene.authorizePath({ prompt: "login" })),
    ];
  },
  async "a client that was revoked"(scene) {
    await scene.control.revokeClient();
    return scene.browser().open(scene.authorizePath());
  },
  "the front page": (scene) => scene.browser().open("/"),
};
