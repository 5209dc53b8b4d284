import assert from "node:assert/strict";
import { createSandbox } from "../platform/sandbox/mod.ts";
import { ask, authorizeUrl, callback } from "../support/sandbox/client.ts";

const sandbox = await createSandbox();
const OWNER = { email: "owner@example.test", password: "password" };

Deno.test("consent is skipped while a token lives, asked for with prompt=consent, after logout and after expiry", async () => {
  sandbox.reset();
  const asked = async (changes: Record<string, string | null> = {}) => {
    sandbox.log.length = 0;
    await callback(sandbox, changes);
    return sandbox.log.some(({ method, url }) => method === "POST" && url.endsWith("/oauth/authorize"));
  };
  assert.equal(await asked(), true);
  const { access_token } = sandbox.signIn("owner");
  assert.equal(await asked(), false);
  assert.equal(await asked({ prompt: "consent" }), true);
  await ask(sandbox, "/api/v1/auth/logout", { method: "POST", bearer: access_token });
  assert.equal(await asked(), true);
  sandbox.signIn("owner");
  assert.equal(await asked(), false);
  sandbox.expireAccessTokens();
  assert.equal(await asked(), true);
});

Deno.test("prompt=none never shows a page", async () => {
  sandbox.reset();
  const error = async (fetch: typeof sandbox.fetch) => {
    const response = await fetch(new Request(authorizeUrl(sandbox, { prompt: "none" })));
    return new URL(response.headers.get("location")!).searchParams.get("error");
  };
  assert.equal(await error(sandbox.fetch), "login_required");
  const browser = await signedIn();
  assert.equal(await error(browser), "consent_required");
  sandbox.signIn("owner");
  assert.equal(await error(browser), null);
  sandbox.options.passport = 12;
  assert.equal(await error(sandbox.fetch), "access_denied");
});

Deno.test("prompt=login signs the browser out first", async () => {
  sandbox.reset();
  const browser = await signedIn();
  const page = await browser(new Request(authorizeUrl(sandbox, { prompt: "login" })));
  assert.equal(page.headers.get("location"), `${sandbox.origin}/login`);
  const login = await browser(new Request(`${sandbox.origin}/login`));
  assert.match(await login.text(), /type="password"/);
});

Deno.test("one request per browser: the older tab gets 403 and takes the newer one with it", async () => {
  for (const passport of [13, 12] as const) {
    sandbox.reset();
    sandbox.options.passport = passport;
    const browser = await signedIn();
    const [older, newer] = [await consent(browser), await consent(browser)];
    assert.equal((await press(browser, older)).status, 403);
    assert.equal((await press(browser, newer)).status, 403);
  }
});

Deno.test("approving twice: 403, but a second code from Passport 12", async () => {
  for (const [passport, second] of [[13, 403], [12, 302]] as const) {
    sandbox.reset();
    sandbox.options.passport = passport;
    const browser = await signedIn();
    const page = await consent(browser);
    assert.equal((await press(browser, page)).status, 302);
    assert.equal((await press(browser, page)).status, second);
  }
});

Deno.test("a form without the session's token is 419", async () => {
  sandbox.reset();
  const { status, at } = await ask(sandbox, "/login", { body: new URLSearchParams(OWNER) });
  assert.deepEqual([status, at("message")], [419, "CSRF token mismatch."]);
  const browser = await signedIn();
  const page = await consent(browser);
  page.set("_token", "wrong");
  assert.equal((await press(browser, page)).status, 419);
});

/** A browser that keeps its cookies, signed in as the owner. */
async function signedIn(): Promise<typeof sandbox.fetch> {
  const jar = new Map<string, string>();
  const browser = async (request: Request) => {
    request.headers.set("accept", "text/html");
    request.headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await sandbox.fetch(request);
    for (const cookie of response.headers.getSetCookie()) {
      const [name = "", value = ""] = cookie.split(";")[0]!.split("=");
      jar.set(name, value);
    }
    return response;
  };
  const form = await browser(new Request(`${sandbox.origin}/login`));
  const body = new URLSearchParams({ ...OWNER, _token: hidden(await form.text(), "_token") });
  await browser(new Request(`${sandbox.origin}/login`, { method: "POST", body }));
  return browser;
}

/** Opens the consent page; gives what its Authorize button would send. */
async function consent(browser: typeof sandbox.fetch): Promise<URLSearchParams> {
  const page = await (await browser(new Request(authorizeUrl(sandbox)))).text();
  return new URLSearchParams({ _token: hidden(page, "_token"), auth_token: hidden(page, "auth_token") });
}

const press = (browser: typeof sandbox.fetch, body: URLSearchParams) =>
  browser(new Request(`${sandbox.origin}/oauth/authorize`, { method: "POST", body }));

const hidden = (page: string, name: string): string => new RegExp(`name="${name}" value="([^"]+)"`).exec(page)![1]!;
