/** What is between an upgrade and its server: proxies, strange certificates, portals, servers that refuse. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { transport } from "../../src/system/transport.ts";
import { FAULTS } from "../platform/releases/server.ts";
import { authority, type Identity } from "../support/binary/authority.ts";
import { at, gone, GOOD, PEM, test } from "../support/api/asking.ts";
import { answering, raw } from "../support/api/server.ts";
import { Scene } from "../support/upgrade/scene.ts";

const LIST = /\/releases\?/;
const FILES = /\.(pack|gz)$/;
const PROJECT = "/api/v4/projects/autocommerce%2Fcli";
const PORTAL = () =>
  new Response("<!doctype html><title>Sign in</title>", { headers: { "content-type": "text/html" } });

/** A machine that asks for releases there, by the real transport, with these variables. */
async function asking(origin: string, env: Record<string, string> = {}): Promise<Scene> {
  const scene = await Scene.open({ fetch: transport({ AUTOCOM_CA_BUNDLE: PEM, ...env }) });
  await scene.release("1.1.0");
  scene.own = { ...scene.own, releases: `${origin}${PROJECT}` };
  return scene;
}

/** A server behind TLS, which passes on what it does not answer itself. */
function behindTls(identity: Identity, serve: (request: Request) => Response | Promise<Response>) {
  const server = Deno.serve({ ...at, ...identity }, serve);
  return { origin: `https://127.0.0.1:${server.addr.port}`, [Symbol.asyncDispose]: () => server.shutdown() };
}

test("SU2-34: a proxy that wants a password, refuses or hangs up is exit 10 and named, at the list and at a file", async () => {
  const cases: [answer: string, said: RegExp, hint: RegExp][] = [
    ["HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", /wants a name and a password/, /NAME:PASSWORD@127/],
    ["HTTP/1.1 403 Forbidden\r\n\r\n", /did not connect to releases\.test/, /HTTPS_PROXY/],
    ["", /did not connect to releases\.test/, /HTTPS_PROXY/],
  ];
  for (const [answer, said, hint] of cases) {
    await using proxy = raw(answering(answer));
    await using scene = await asking("https://releases.test", { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
    assert.match((await scene.refuses(10, said)).hint!, hint);
    await using files = await asking("", { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
    files.own = { ...files.own, releases: files.server.project };
    files.server.faults.push(FAULTS.redirect(FILES, "https://releases.test/x"));
    await files.refuses(10, said);
  }
});

test("SU2-34: an authority that nobody here trusts is exit 10, and nothing is sent; one that is named is trusted", async () => {
  for (const [identity, trusted] of [[authority("Stranger").issue(["127.0.0.1"]), false], [GOOD, true]] as const) {
    await using clear = await asking("");
    let asked = 0;
    await using server = behindTls(identity, async (request) => {
      asked++;
      const { pathname, search } = new URL(request.url);
      const answer = await fetch(`${clear.server.origin}${pathname}${search}`);
      // The list names the files where they are for who asks through TLS.
      return LIST.test(request.url)
        ? new Response((await answer.text()).replaceAll(clear.server.origin, server.origin))
        : answer;
    });
    clear.own = { ...clear.own, releases: `${server.origin}${PROJECT}` };
    if (trusted) assert.equal((await clear.upgrade()).action, "upgraded");
    else {
      const { hint } = await clear.refuses(10, /is trusted neither by this system nor by AUTOCOM_CA_BUNDLE/);
      assert.match(hint!, /AUTOCOM_CA_BUNDLE/);
    }
    assert.equal(asked > 0, trusted);
  }
});

test("SU2-34: a portal that leads to its login page, which is https: exit 11, never a list or a file", async () => {
  await using portal = behindTls(GOOD, PORTAL);
  for (const status of [302, 303, 307]) {
    await using scene = await asking("");
    scene.own = { ...scene.own, releases: scene.server.project };
    scene.server.faults.splice(0, 1, FAULTS.redirect(LIST, `${portal.origin}/login`, status));
    const { hint } = await scene.refuses(11, /answered is not a list of releases/);
    assert.match(hint!, /captive portal/);
    await scene.refuses(11, /answered is not a list of releases/, { check: true });
    scene.server.faults.splice(0, 1, FAULTS.redirect(FILES, `${portal.origin}/login`, status));
    await scene.refuses(11, /the archive was cut off: \d+ of \d+ bytes/);
    scene.server.faults.splice(0, 1, FAULTS.redirect(/manifest\.json/, `${portal.origin}/login`, status));
    await scene.refuses(13, /signature is refused/);
  }
});

test("SU2-42: a server that refuses the connection, or resets it, is exit 10 at once, at the list and at a file", async () => {
  await using resets = raw((connection) => Promise.resolve(connection.close()));
  for (const [port, said] of [[gone(), /refused the connection/], [resets.port, /broke off|closed|reset/]] as const) {
    await using scene = await asking(`http://127.0.0.1:${port}`);
    await scene.refuses(10, said);
    await scene.refuses(10, said, { check: true });
    await using files = await asking("");
    files.own = { ...files.own, releases: files.server.project };
    files.server.faults.push(FAULTS.redirect(FILES, `http://127.0.0.1:${port}/x`));
    await files.refuses(10, said);
    files.server.faults.length = 0;
    assert.equal((await files.upgrade()).action, "upgraded");
  }
});

test("SU2-38: a file that a proxy packed once more (Content-Encoding: gzip) is what it was; one that only says so is refused", async () => {
  const gzip = (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(gzipSync(bytes));
  for (const runtime of ["a".repeat(64), "b".repeat(64)]) { // by the pack, and by the archive
    await using scene = await asking("");
    scene.own = { ...scene.own, releases: scene.server.project, runtime };
    const changed = (change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) =>
      scene.server.faults.splice(0, 1, (_, { pathname }) => {
        const [, bytes] = [...scene.server.files].find(([name]) => pathname.endsWith(name)) ?? [];
        if (!bytes || !FILES.test(pathname)) return undefined;
        return new Response(change(bytes), { headers: { "content-encoding": "gzip" } });
      });
    changed((bytes) => bytes.toReversed());
    await scene.refuses(11, /the archive was cut off/);
    changed((bytes) => gzip(new Uint8Array([...bytes, 0])));
    await scene.refuses(13, /more than \d+ bytes/);
    changed((bytes) => gzip(new Uint8Array(bytes.length + 100_000_000)));
    await scene.refuses(13, /more than \d+ bytes/);
    changed((bytes) => gzip(bytes).subarray(0, 40));
    await scene.refuses(11, /cut off/);
    changed(gzip);
    assert.equal((await scene.upgrade()).action, "upgraded");
    await scene.isAt("1.1.0");
    assert.equal(scene.asked().at(-1)!.endsWith(runtime.startsWith("a") ? ".pack" : ".gz"), true);
  }
});
