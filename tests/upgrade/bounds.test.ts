/** What a server can make an upgrade wait for and ask for: there is an end to both, however lively it is. */
import assert from "node:assert/strict";
import type { AppError } from "../../src/errors.ts";
import { judge } from "../../src/upgrade/judge.ts";
import type { Fault } from "../platform/releases/server.ts";
import { Scene } from "../support/upgrade/scene.ts";

/** Blanks, one after the other and without an end. */
const trickle = (path: RegExp): Fault => (_, url) => {
  if (!path.test(url.pathname + url.search)) return undefined;
  let timer = 0;
  return new Response(
    new ReadableStream({
      start: (to) => void (timer = setInterval(() => to.enqueue(new Uint8Array([32])), 10)),
      cancel: () => clearInterval(timer),
    }),
  );
};

/** As if time flew where more than a minute is waited. */
function hasten(scene: Scene): void {
  const { clock } = scene.app().system;
  scene.ports.clock = { ...clock, sleep: (ms, signal) => clock.sleep(ms > 60_000 ? 100 : ms, signal) };
}

Deno.test("a list, a manifest or a signature that trickles ends after ten times --timeout: exit 10, with what to do", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  hasten(scene);
  const cases = [[/\/releases\?/, "list of releases"], [/manifest\.json$/, "manifest.json of 1.1.0"], [
    /\.minisig$/,
    "manifest.json.minisig of 1.1.0",
  ]] as const;
  for (const [path, what] of cases) {
    scene.server.faults.splice(0, 1, trickle(path));
    for (const choice of [{}, { check: true }, { target: "1.1.0" }]) {
      const why = new RegExp(`the ${what} did not arrive within 70 s`);
      assert.match((await scene.refuses(10, why, choice, { timeout: "7" })).hint!, /upgrade --timeout/);
    }
  }
});

Deno.test("an archive that trickles ends, too: the larger it is, the longer it may take", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  scene.own = { ...scene.own, runtime: "" }; // no pack
  hasten(scene);
  scene.server.faults.push(trickle(/\.tar\.gz$/));
  const [, archive] = [...scene.server.files].find(([name]) => name.endsWith(".gz"))!;
  const seconds = Math.ceil(70 + archive.length / 5_000);
  await scene.refuses(10, new RegExp(`the archive did not arrive within ${seconds} s`), {}, { timeout: "7" });
});

Deno.test("of a list full of half-published releases a few are looked at, and what to do is said", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  for (let minor = 0; minor < 1_000; minor++) {
    const entry = scene.server.publish(`2.${minor}.0`, {});
    for (const name of ["manifest.json", "manifest.json.minisig"]) {
      const url = scene.server.fileUrl(`2.${minor}.0`, name);
      entry.assets.links.push({ id: 0, name, url, direct_asset_url: url, link_type: "other" });
    }
  }
  scene.asked();
  const { hint } = await scene.refuses(11, /20 releases of the list lack their manifest/);
  assert.match(hint!, /--target VERSION/);
  assert.ok(scene.asked().length <= 11 + 40);
  await assert.rejects(judge(scene.app(), scene.own, [scene.path]), /20 releases of the list lack their manifest/);
  assert.ok(scene.asked().length <= 11 + 40);
  assert.equal((await scene.upgrade({ target: "1.1.0" })).action, "upgraded");
  assert.ok(scene.asked().length <= 11 + 4);
});

Deno.test("of releases that a stranger signed --verify looks at a few, and says what decides", async () => {
  await using scene = await Scene.open();
  for (let minor = 0; minor < 30; minor++) await scene.release(`9.${minor}.0`, { key: scene.keys.stranger });
  await assert.rejects(
    judge(scene.app(), scene.own, [scene.path]),
    ({ exit, message, hint }: AppError) => {
      assert.equal(exit, 11);
      assert.match(
        message,
        /^20 releases of the list lack their manifest, or are not signed by a key of this program$/,
      );
      assert.match(hint!, /manifest\.json and manifest\.json\.minisig beside the file/);
      return true;
    },
  );
  assert.ok(scene.asked().length <= 1 + 40);
});

Deno.test("--verify ends after ten times --timeout, however many releases each take less", async () => {
  await using scene = await Scene.open();
  for (let minor = 0; minor < 30; minor++) await scene.release(`1.${minor}.0`);
  const { clock } = scene.app().system;
  const over = Promise.withResolvers<void>();
  let first = true;
  scene.ports.clock = {
    ...clock,
    sleep: (ms, signal) => {
      if (ms !== 70_000 || !first) return clock.sleep(ms, signal);
      first = false;
      return over.promise;
    },
  };
  scene.server.faults.push((_, { pathname }) => void (pathname.includes("/1.20.0/") && over.resolve()));
  await assert.rejects(
    judge(scene.app({ timeout: "7" }), scene.own, [scene.path]),
    ({ exit, message }: AppError) =>
      exit === 10 && message === "what the releases have signed did not arrive within 70 s",
  );
});
