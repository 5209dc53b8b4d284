/** No secret leaves the program by any command, well or badly ended, with everything said that --debug says. */
import assert from "node:assert/strict";
import { everyVerb } from "../../src/commands/mod.ts";
import type { Fetch } from "../../src/system/mod.ts";
import { forbidden } from "../support/output/fixture.ts";
import { execute, pat, type World } from "../support/harness.ts";
import { desktop, secretsOf } from "../support/desk.ts";
import { html, json } from "../support/scripted.ts";

const HOSTILE = "\x1b]0;pwn\x07\r\n\u202e\u009b31m";
const SECRET = "SECRET-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789";

/** Each command once, as in its help; those that log in or out, or print a token on purpose, stand by themselves. */
const LINES = (await everyVerb()).map(({ verb }) => verb.examples[0]!)
  .filter((line) => !/auth (login|logout|token)/.test(line))
  // What is written to a file goes where it can be read.
  .map((line) => line.replace(/^autocom /, "").replace(/ --output-file \S+/, ""));

/** What a platform may do; the last ones throw back what they were sent. */
const PLATFORMS: Record<string, (sandbox: Fetch) => Fetch> = {
  "as it should": (sandbox) => sandbox,
  "down": () => () => Promise.resolve(json({ message: "Server Error" }, 500)()),
  "unreachable": () => (request) =>
    Promise.reject(new TypeError(`error sending request for url (${request.url}?token=${bearer(request)}): refused`)),
  "broken": () => (request) => Promise.reject(new Error(`Bearer ${bearer(request)} is broken`)),
  "echoing in a refusal": () => (request) =>
    Promise.resolve(json({ message: `no: ${request.headers.get("authorization")}${HOSTILE}` }, 422)()),
  "echoing in fields": () => (request) =>
    Promise.resolve(json({ message: "The given data was invalid.", errors: { token: [bearer(request)] } }, 422)()),
  "echoing in GraphQL": () => (request) =>
    Promise.resolve(json({ errors: [{ message: bearer(request), extensions: { code: "INTERNAL" } }] })()),
  "echoing in a redirect": () => (request) =>
    Promise.resolve(
      new Response(null, { status: 302, headers: { Location: `/${bearer(request)}?t=${bearer(request)}` } }),
    ),
  "echoing in a page": () => (request) => Promise.resolve(html(`<p>${bearer(request)}`)()),
};

function bearer(request: Request): string {
  return request.headers.get("authorization")?.replace("Bearer ", "") ?? "nothing";
}

/** All that must not be seen: what a login knew, a personal access token, the signatures alone. */
function secrets(of: World): string[] {
  const found = [...secretsOf(of), pat(of.sandbox)];
  return [...found, ...found.filter((text) => text.startsWith("eyJ")).map((jwt) => jwt.split(".")[2]!)];
}

/** They print what the server sent, whatever that is (decision 8); what is said about it is ours. */
const RAW = /^(graphql|api) /;

function assertSilent(what: string, { out, err }: { out: string; err: string }, hidden: string[]): void {
  const said = RAW.test(what) ? err : `${out}${err}`;
  for (const secret of hidden) assert.ok(!said.includes(secret), `${what} shows a secret:\n${said}`);
  assert.equal(forbidden(err), undefined, what);
}

for (const [state, platform] of Object.entries(PLATFORMS)) {
  Deno.test(`LK-2, LK-6: no command shows a secret with AUTOCOM_DEBUG=1 when the platform is ${state}`, async () => {
    await using w = await desktop();
    const login = await execute("auth login --tenant acme", w);
    assert.equal(login.code, 0, login.err);
    const hidden = secrets(w);
    const sandbox = w.fetch;
    w.env.AUTOCOM_DEBUG = "1";
    w.fetch = platform(sandbox);
    const codes = new Set<number>();
    for (const line of LINES) {
      const ended = await execute(`${line} -o json`, w);
      codes.add(ended.code);
      assertSilent(line, ended, hidden);
    }
    assert.ok(state === "as it should" ? codes.has(0) : codes.size > 1, `${[...codes]}`);
    w.env.AUTOCOM_TOKEN = pat(w.sandbox);
    w.env.AUTOCOM_TENANT = "acme";
    for (const line of LINES) assertSilent(line, await execute(line, w), hidden);
  });
}

Deno.test("LK-2, LK-4: a login with AUTOCOM_DEBUG=1 shows its state in the address to open, and nothing else", async () => {
  await using w = await desktop({ env: { AUTOCOM_DEBUG: "1" } });
  for (const line of ["auth login --tenant acme", "auth refresh", "auth status", "auth logout"]) {
    const { code, out, err } = await execute(line, w);
    assert.equal(code, 0, err);
    if (line.startsWith("auth login")) assert.match(err, /^debug: > POST http:\S+\/oauth\/token request-id=/m);
    const hidden = line === "auth logout" ? [] : secretsOf(w);
    assertSilent(line, { out, err: err.replace(/^ {2}http.*$/m, "") }, hidden);
  }
});

const TOKEN_ANSWERS: [what: string, answer: () => Response][] = [
  ["a challenge", json({ error: SECRET }, 401, { "WWW-Authenticate": `Bearer error="${SECRET}", x=${SECRET}` })],
  ["a refresh token alone", json({ refresh_token: SECRET, token_type: "Bearer" })],
  ["another type of token", json({ access_token: SECRET, token_type: `mac${SECRET}${HOSTILE}` })],
  ["an odd life", json({ access_token: SECRET, token_type: "Bearer", expires_in: SECRET })],
  ["an odd scope", json({ access_token: SECRET, token_type: "Bearer", scope: { a: SECRET } })],
];
for (const [what, answer] of TOKEN_ANSWERS) {
  Deno.test(`LK-3: a token endpoint that answers with ${what} is told of in our words, the library's cause unsaid`, async () => {
    await using w = await desktop({ env: { AUTOCOM_DEBUG: "1" } });
    const sandbox = w.fetch;
    w.fetch = (request) => request.url.endsWith("/oauth/token") ? Promise.resolve(answer()) : sandbox(request);
    const { code, err, out } = await execute("auth login --tenant acme", w);
    assert.ok(code === 1 || code === 11, `${code} ${err}`);
    assert.ok(!`${out}${err}`.includes("SECRET"), err);
    assert.equal(forbidden(err), undefined);
    assert.equal(w.keychain.items.length, 0);
  });
}
