/** What a release server can say, and what of it is believed. */
import assert from "node:assert/strict";
import { type Fault, FAULTS } from "../platform/releases/server.ts";
import { type Different, Scene } from "../support/upgrade/scene.ts";

const MANIFEST = /manifest\.json$/;
const LIST = /\/releases\?/;

/** The first half arrives, and then the connection ends. */
const cutOff = (path: RegExp, bytes: Uint8Array<ArrayBuffer>): Fault => (_, url) =>
  path.test(url.pathname)
    ? new Response(
      new ReadableStream({
        async start(controller) {
          controller.enqueue(bytes.subarray(0, bytes.length >> 1));
          await new Promise((resolve) => setTimeout(resolve, 50)); // the head is sent by then, or the test says 10
          controller.error(new Error("cut"));
        },
      }),
      { headers: { "content-length": String(bytes.length) } },
    )
    : undefined;

Deno.test("SU2-1: a backport that is newer by date is not the newest; nothing is ever a downgrade", async () => {
  await using scene = await Scene.open();
  await scene.release("1.5.0", { entry: { released_at: "2026-01-01T00:00:00Z" } });
  await scene.release("1.4.9", { entry: { released_at: "2026-03-01T00:00:00Z" } });
  scene.become("1.5.0");
  const upToDate = await scene.upgrade();
  assert.deepEqual([upToDate.action, upToDate.newest, upToDate.available], ["none", "1.5.0", false]);
  await scene.isAt("1.0.0");
  scene.become("1.6.0-rc.1"); // nobody has it from the list
  assert.equal((await scene.upgrade()).action, "none");
  scene.become("1.4.8");
  const { newest, newest_of_minor } = await scene.upgrade({ check: true });
  assert.deepEqual([newest, newest_of_minor], ["1.5.0", "1.4.9"]);
  assert.equal((await scene.upgrade()).newest, "1.5.0");
  await scene.isAt("1.5.0");
});

Deno.test("SU2-2: upcoming releases, pre-releases and tags that are no versions are passed over; 1.10.0 is above 1.9.0", async () => {
  await using scene = await Scene.open();
  await scene.release("1.9.0");
  await scene.release("1.10.0");
  await scene.release("3.0.0", { entry: { upcoming_release: true } });
  await scene.release("2.0.0-rc.1");
  for (const tag_name of ["foo", "v1", "v9.9", "9.9.9.9", "v09.1.1", "vv9.0.0", "9.0.0+build", " v9.0.0"]) {
    await scene.release("9.0.0", { entry: { tag_name } });
  }
  assert.equal((await scene.upgrade()).newest, "1.10.0");
  await scene.isAt("1.10.0");
});

Deno.test("all pages are read: the newest may stand on the last one", async () => {
  await using scene = await Scene.open();
  await scene.release("1.2.0", { entry: { released_at: "2020-01-01T00:00:00Z" } });
  for (let patch = 0; patch < 210; patch++) {
    scene.server.publish(`1.1.${patch}`, {}, { released_at: "2026-01-01T00:00:00Z" });
  }
  assert.equal((await scene.upgrade()).newest, "1.2.0");
  assert.equal(scene.asked().filter((path) => LIST.test(path)).length, 3);
});

Deno.test("a list without an end is given up; so is one that is larger than any", async () => {
  await using scene = await Scene.open();
  scene.server.faults.push((_, url) =>
    LIST.test(url.href) ? Response.json([], { headers: { "x-next-page": "2" } }) : undefined
  );
  await scene.refuses(11, /more than 20 pages/);
  scene.server.faults.splice(0, 1, FAULTS.endless(LIST));
  await scene.refuses(11, /the list of releases is larger than/);
});

Deno.test("SU2-4: a release that is not complete is as if it were not there", async () => {
  for (const how of ["no link to the manifest", "no link to the signature", "the manifest is not uploaded yet"]) {
    await using scene = await Scene.open();
    await scene.release("1.1.0");
    const entry = await scene.release("1.2.0");
    if (how.startsWith("no link")) {
      const gone = how.endsWith("manifest") ? "manifest.json" : "manifest.json.minisig";
      entry.assets.links = entry.assets.links.filter(({ name }) => name !== gone);
    } else scene.server.files.delete("1.2.0/manifest.json");
    const { action, newest } = await scene.upgrade();
    assert.deepEqual([action, newest], ["upgraded", "1.1.0"], how);
    scene.become("1.1.0");
    assert.equal((await scene.upgrade()).action, "none", how);
  }
});

Deno.test("SU2-9, SU-5: a server that goes back behind what was seen is exit 13; --target is not held to it", async () => {
  await using scene = await Scene.open();
  await scene.release("1.5.1");
  const newer = await scene.release("1.6.0");
  assert.equal((await scene.upgrade({ check: true })).newest, "1.6.0");
  scene.server.entries.splice(scene.server.entries.indexOf(newer), 1);
  const { hint } = await scene.refuses(13, /went back: its newest is 1\.5\.1, 1\.6\.0 was there before/);
  assert.match(hint!, /upgrade --target 1\.5\.1/);
  await scene.refuses(13, /went back/, { check: true });
  await scene.refuses(13, /went back/, { force: true });
  assert.equal((await scene.upgrade({ target: "1.5.1" })).action, "upgraded");
  await scene.isAt("1.5.1");
});

Deno.test("SU-5: a list that is behind the program itself went back, also when an installer put it there", async () => {
  await using scene = await Scene.open();
  scene.become("1.2.0");
  for (const choice of [{}, { check: true }, { force: true }]) {
    await scene.refuses(13, /went back: its newest is nothing, 1\.2\.0 was there before/, choice);
  }
  await scene.release("1.1.0");
  for (const choice of [{}, { check: true }, { force: true }]) {
    const { hint } = await scene.refuses(13, /went back: its newest is 1\.1\.0, 1\.2\.0 was there before/, choice);
    assert.match(hint!, /^was 1\.2\.0 withdrawn\? .*: autocom upgrade --target 1\.1\.0$/);
  }
  // A build of a key that nobody has is in no list.
  scene.own = { ...scene.own, keys: [] };
  assert.equal((await scene.upgrade()).action, "none");
});

Deno.test("SU-5: a list that stands still is noticed by who has its newest: exit 13 once that has expired", async () => {
  await using scene = await Scene.open();
  const release = await scene.release("1.1.0", { manifest: (manifest) => manifest.expires = "2026-01-02T00:00:00Z" });
  scene.become("1.1.0");
  for (const choice of [{}, { check: true }]) {
    const { hint } = await scene.refuses(13, /1\.1\.0 is offered no more: it expired at 2026-01-02T00:00:00Z/, choice);
    assert.doesNotMatch(hint!, /upgrade --target/);
  }
  scene.server.entries.splice(scene.server.entries.indexOf(release), 1);
  await scene.release("1.1.0");
  scene.asked();
  const { newest, available, action } = await scene.upgrade();
  assert.deepEqual([newest, available, action], ["1.1.0", false, "none"]);
  assert.deepEqual(scene.asked().filter((path) => /\.(pack|gz)$/.test(path)), []);
  scene.server.entries.length = 0;
  await scene.release("1.1.0", { key: scene.keys.stranger });
  await scene.refuses(13, /signature is refused/);
});

Deno.test("who takes by its number what is left after a withdrawal is at peace; the server alone takes nothing back", async () => {
  await using scene = await Scene.open();
  await scene.release("1.0.5");
  const left = await scene.release("1.1.0");
  const withdrawn = await scene.release("1.2.0");
  assert.equal((await scene.upgrade({ check: true })).newest, "1.2.0");
  // As long as it is there, a step back is one that is taken back by the next upgrade: what was seen stays.
  assert.equal((await scene.upgrade({ target: "1.0.5" })).action, "upgraded");
  scene.become("1.0.5");
  scene.server.entries.splice(scene.server.entries.indexOf(withdrawn), 1);
  await scene.refuses(13, /went back: its newest is 1\.1\.0, 1\.2\.0 was there before/);
  // What only looks changes nothing.
  for (const look of [{ check: true }, { dryRun: true }]) {
    await scene.upgrade({ target: "1.1.0", ...look });
    await scene.refuses(13, /went back/);
  }
  const { hint } = await scene.refuses(13, /went back/, { force: true });
  const [, target] = /autocom upgrade --target (\S+)$/.exec(hint!)!;
  assert.equal((await scene.upgrade({ target: target! })).action, "upgraded");
  scene.become("1.1.0");
  for (const choice of [{ check: true }, {}]) {
    const { newest, available } = await scene.upgrade(choice);
    assert.deepEqual([newest, available], ["1.1.0", false]);
  }
  // From there on nothing goes back behind that one.
  scene.server.entries.splice(scene.server.entries.indexOf(left), 1);
  await scene.refuses(13, /went back: its newest is 1\.0\.5, 1\.1\.0 was there before/);
});

Deno.test("a withdrawn version that was only seen: the hint is good for who runs the newest one already", async () => {
  for (const how of ["no entry", "an entry without its files"]) {
    await using scene = await Scene.open();
    await scene.release("1.1.0");
    const withdrawn = await scene.release("1.2.0");
    await scene.upgrade({ target: "1.1.0" });
    scene.become("1.1.0");
    assert.equal((await scene.upgrade({ check: true })).newest, "1.2.0");
    if (how === "no entry") scene.server.entries.splice(scene.server.entries.indexOf(withdrawn), 1);
    else scene.server.files.delete("1.2.0/manifest.json");
    const { hint } = await scene.refuses(13, /went back/, { check: true });
    assert.match(hint!, /upgrade --target 1\.1\.0/);
    assert.equal((await scene.upgrade({ target: "1.1.0" })).action, "none");
    assert.equal((await scene.upgrade({ check: true })).newest, "1.1.0", how);
    assert.equal((await scene.upgrade()).action, "none");
    // A later one is found as ever.
    await scene.release("1.3.0");
    assert.equal((await scene.upgrade({ check: true })).newest, "1.3.0");
  }
});

Deno.test("only what was signed is seen: a list that lies does not lock anybody out", async () => {
  await using scene = await Scene.open();
  const lie = await scene.release("9.0.0", { key: scene.keys.stranger });
  await scene.refuses(13, /does not know/, { check: true });
  scene.server.entries.splice(scene.server.entries.indexOf(lie), 1);
  await scene.release("1.1.0");
  assert.equal((await scene.upgrade()).newest, "1.1.0");
});

Deno.test("SU2-10, SU-5: what has expired is not offered, and the message names date and clock; a slow clock is a warning", async () => {
  await using scene = await Scene.open();
  const dates = (released: string, expires: string): Different => ({
    manifest: (manifest) => Object.assign(manifest, { released, expires }),
  });
  const old = await scene.release("1.1.0", dates("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"));
  const { message, hint } = await scene.refuses(13, /expired at 2021-01-01T00:00:00Z, the clock here says 20\d\d-/);
  assert.match(message + hint, /clock/);
  scene.server.entries.splice(scene.server.entries.indexOf(old), 1);
  await scene.release("1.1.1", dates("2095-01-01T00:00:00Z", "2096-01-01T00:00:00Z"));
  assert.equal((await scene.upgrade()).action, "upgraded");
  assert.match(
    scene.world.seen.stderr,
    /^warning: release 1\.1\.1 is of 2095-01-01T00:00:00Z, and the clock here says/,
  );
});

Deno.test("SU-6, SU2-8: another product, another platform, another version than offered: exit 13 names both", async () => {
  const cases: [Different["manifest"], RegExp][] = [
    [(manifest) => manifest.product = "autocom-server", /"autocom-server", not "autocom"/],
    [
      (manifest) => manifest.files = { "s390x-unknown-linux-gnu": Object.values(manifest.files)[0] },
      /nothing for x86_64-unknown-linux-gnu: it has s390x/,
    ],
    [(manifest) => manifest.version = "1.0.5", /offered as 1\.1\.0 is signed as 1\.0\.5/],
    [(manifest) => manifest.v = 2, /its format is 2/],
  ];
  for (const [manifest, message] of cases) {
    await using scene = await Scene.open();
    await scene.release("1.1.0", { manifest: manifest! });
    await scene.refuses(13, message);
    await scene.refuses(13, message, { target: "1.1.0" });
  }
});

Deno.test("SU2-31: a release that needs a newer system is refused before anything of it is downloaded", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0", {
    manifest: ({ needs }) => Object.keys(needs).forEach((key) => needs[key] = "glibc 9.0"),
  });
  await scene.refuses(3, /needs glibc 9\.0 or newer: this machine has 2\.\d+/);
  assert.ok(!scene.asked().some((path) => /\.(pack|gz)$/.test(path)));
});

Deno.test("SU-4, SU2-40: an older or expired release is taken when a person says so, or with --force; else exit 2", async () => {
  await using scene = await Scene.open();
  await scene.release("0.9.0", { manifest: (manifest) => manifest.expires = "2026-01-02T00:00:00Z" });
  const target = "0.9.0";
  const { hint } = await scene.refuses(2, /0\.9\.0 is older than this one, 1\.0\.0, and expired at/, { target });
  assert.match(hint!, /--target 0\.9\.0 --force/);
  scene.world.terminal = { stdin: true, stdout: true, stderr: true };
  scene.world.answers = [false];
  await scene.refuses(130, /nothing was changed/, { target });
  scene.world.answers = [true];
  assert.equal((await scene.upgrade({ target })).action, "upgraded");
  await scene.isAt("0.9.0");
  scene.world.terminal = {};
  await scene.rollback();
  assert.equal((await scene.upgrade({ target, force: true })).action, "upgraded");
  await scene.isAt("0.9.0");
});

Deno.test("SU2-40: --target is exactly a version, and one that is there", async () => {
  await using scene = await Scene.open();
  await scene.release("1.4.0");
  for (const target of ["v1.4.0", "1.4", "latest", "1.4.0; rm", "", " 1.4.0", "1.4.0\n", "01.4.0", "1.4.0+x"]) {
    await scene.refuses(2, /--target must be a version, such as 1\.4\.0/, { target });
  }
  assert.deepEqual(scene.asked(), []);
  await scene.refuses(7, /there is no release 1\.4\.1/, { target: "1.4.1" });
  await scene.upgrade({ target: "1.4.0" });
  await scene.isAt("1.4.0");
});

Deno.test("SU2-34: a captive portal's page, JSON that is no list: exit 11, never a list of releases", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  for (
    const fault of [FAULTS.html(LIST), FAULTS.status(LIST, 200), FAULTS.redirect(LIST, "http://portal.example/login")]
  ) {
    scene.server.faults.splice(0, 1, fault);
    await scene.refuses(11, /is not a list of releases|it is not https/);
  }
  scene.server.faults.splice(0, 1, FAULTS.html(MANIFEST));
  await scene.refuses(13, /signature is refused/);
});

Deno.test("SU2-35: 429 says when to return; 401, 403, 404, 5xx and a moved project are told as they are", async () => {
  await using scene = await Scene.open();
  const cases: [number, Record<string, string>, number, RegExp, RegExp][] = [
    [429, { "retry-after": "90" }, 9, /limits the rate/, /try again in 90 s/],
    [429, { "retry-after": "3600" }, 9, /limits the rate/, /try again in 60 minutes/],
    [403, {}, 11, /status 403/, /./],
    [401, {}, 11, /status 401/, /./],
    [404, {}, 7, /has no list of releases/, /./],
    [503, {}, 11, /status 503/, /./],
    [301, {}, 11, /status 301/, /./],
  ];
  for (const [status, headers, exit, message, hint] of cases) {
    scene.server.faults.splice(0, 1, FAULTS.status(LIST, status, headers));
    assert.match((await scene.refuses(exit, message)).hint!, hint);
  }
});

Deno.test("SU-14, SU2-36: files are followed to another host without a header of ours; clear text and loops are refused", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  const seen: Headers[] = [];
  const storage = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async ({ url, headers }) => {
    seen.push(headers);
    const key = new URL(url).pathname.slice(1);
    return await Promise.resolve(new Response(scene.server.files.get(key)));
  });
  await using _ = { [Symbol.asyncDispose]: () => storage.shutdown() };
  const files = /packages\/generic/;
  const to = (host: string) => (url: URL) => `${host}/${url.pathname.split("/autocom/")[1]}?X-Amz-Signature=secret`;
  const lines: string[] = [];
  scene.server.faults.splice(0, 1, FAULTS.redirect(files, "http://storage.example/x"));
  await scene.refuses(11, /it is not https/);
  scene.server.faults.splice(0, 1, FAULTS.redirect(files, (url) => url.href));
  await scene.refuses(11, /redirected more than 5 times/);
  for (const odd of ["https://user:word@storage.example/x", "file:///etc/passwd", "", "data:,x"]) {
    scene.server.faults.splice(0, 1, FAULTS.redirect(files, odd));
    await scene.refuses(11, /it is not https|redirected/);
  }
  scene.server.faults.splice(0, 1, FAULTS.redirect(files, to(`http://127.0.0.1:${storage.addr.port}`)));
  assert.equal((await scene.upgrade({}, { debug: true })).action, "upgraded");
  lines.push(scene.world.seen.stderr);
  assert.ok(!lines.join().includes("secret"), "the query is signed, and not logged");
  assert.ok(seen.length >= 3);
  for (const headers of seen) {
    assert.equal(headers.get("user-agent"), "autocom");
    for (const name of ["authorization", "cookie", "referer", "private-token", "x-tenant"]) {
      assert.equal(headers.get(name), null);
    }
  }
});

Deno.test("SU-9, SU2-38: a part, a cut, other lengths: no program of it, and nothing changed", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0", {
    manifest: ({ runtime }) => Object.keys(runtime).forEach((key) => runtime[key] = "b".repeat(64)),
  });
  const [[, archive]] = [...scene.server.files].filter(([name]) => name.endsWith(".gz")) as [
    [string, Uint8Array<ArrayBuffer>],
  ];
  const file = /\.tar\.gz$/;
  const cases = [
    [FAULTS.partial(file, archive), 11, /answered with a part/],
    [cutOff(file, archive), 11, /cut off/],
    [FAULTS.bytes(file, (bytes) => bytes.subarray(0, 900), archive), 11, /cut off: 900 of/],
    [FAULTS.bytes(file, (bytes) => new Uint8Array([...bytes, 0]), archive), 13, /more than \d+ bytes/],
    [FAULTS.endless(file, archive), 13, /more than \d+ bytes/],
    [FAULTS.bytes(file, (bytes) => (bytes[700]! ^= 1, bytes), archive), 13, /its SHA-256 is/],
    [FAULTS.status(file, 404), 7, /has no archive/],
  ] as const;
  for (const [fault, exit, message] of cases) {
    scene.server.faults.splice(0, 1, fault);
    await scene.refuses(exit, message);
  }
  scene.server.faults.length = 0;
  assert.equal((await scene.upgrade()).action, "upgraded");
});

Deno.test("a server that hangs or goes silent ends the wait after --timeout: exit 10", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  scene.server.faults.push(FAULTS.hang(LIST));
  await scene.refuses(10, /did not answer for 0\.2 s/, {}, { timeout: "0.2" });
  scene.server.faults.splice(
    0,
    1,
    (_, url) =>
      LIST.test(url.href)
        ? new Response(new ReadableStream({ start: (to) => to.enqueue(new Uint8Array(3)) }))
        : undefined,
  );
  await scene.refuses(10, /went silent for 0\.2 s/, {}, { timeout: "0.2" });
});
