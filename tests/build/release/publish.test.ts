/** Publishing against a local GitLab: the order, what is refused, what a broken server does, and a rotation of keys. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { gitlab } from "../../../build/release/gitlab.ts";
import { check, entry, kept, upload } from "../../../build/release/publish.ts";
import { verify, watch } from "../../../build/release/watch.ts";
import { sign } from "../../../build/release/sign.ts";
import { AppError } from "../../../src/errors.ts";
import { verifyManifest } from "../../../src/upgrade/verify.ts";
import { inFolder, key, NOW, placeOf, publish, release, TOKEN } from "../../support/build/publishing.ts";
import { type Key, testKey } from "../../support/build/small_release.ts";

Deno.test("the files come first, the manifest last of them, all are read back, and then the entry, in one request", () =>
  inFolder(async (server, folder) => {
    await publish(server, folder, "2.0.0");
    const puts = server.seen.filter(({ method }) => method === "PUT").map(({ path }) => path.split("/").at(-1));
    assert.equal(puts.at(-1), "manifest.json");
    assert.ok(puts.length >= 21 && puts.includes("SHA256SUMS") && puts.includes("manifest.json.minisig"), puts.join());
    const posts = server.seen.flatMap(({ method }, index) => method === "POST" ? [index] : []);
    assert.equal(posts.length, 1);
    const lastPut = server.seen.findLastIndex(({ method }) => method === "PUT");
    const readBack = server.seen.slice(lastPut, posts[0]).filter(({ method, path }) =>
      method === "GET" && path.includes("/generic/")
    );
    assert.ok(readBack.length >= puts.length);
    const [made] = server.entries;
    assert.deepEqual(made!.assets.links.map(({ name }) => name).sort(), puts.sort());
    assert.ok(made!.description.includes(await Deno.readTextFile(join(folder, "2.0.0", "SHA256SUMS"))));
    assert.equal(made!.released_at, "2026-06-01T00:00:00.000Z");
    await verify("2.0.0", placeOf(server));
  }));

Deno.test("the token goes to the API that writes and to nothing that is read", () =>
  inFolder(async (server, folder) => {
    await publish(server, folder, "2.0.0");
    for (const { method, headers, path } of server.seen) {
      assert.equal(headers.has("private-token"), method !== "GET", `${method} ${path}`);
      assert.ok(!path.includes(TOKEN));
    }
  }));

Deno.test("SU2-1: a backport is dated before the newest, and never is the newest", () =>
  inFolder(async (server, folder) => {
    await publish(server, folder, "2.1.0");
    await publish(server, folder, "2.0.1", placeOf(server, { now: NOW + 86_400_000 }));
    const listed = await (await fetch(`${server.project}/releases?per_page=10`)).json();
    assert.deepEqual(listed.map(({ tag_name }: { tag_name: string }) => tag_name), ["v2.1.0", "v2.0.1"]);
    await verify("2.1.0", placeOf(server));
    await verify("2.0.1", placeOf(server));
  }));

Deno.test("a stable release is dated today, whatever pre-release of a later version is in the list", () =>
  inFolder(async (server, folder) => {
    server.publish("2.0.0", {}, { released_at: "2026-02-01T00:00:00.000Z" });
    server.publish("3.0.0-rc.1", {}, { released_at: "2026-03-01T00:00:00.000Z" });
    await publish(server, folder, "2.1.0");
    const listed = await (await fetch(`${server.project}/releases?per_page=10`)).json();
    assert.deepEqual(
      listed.map(({ tag_name, released_at }: Record<string, string>) => `${tag_name} ${released_at!.slice(0, 10)}`),
      ["v2.1.0 2026-06-01", "v3.0.0-rc.1 2026-03-01", "v2.0.0 2026-02-01"],
    );
  }));

Deno.test("a run that was cut off goes on; what is there with other bytes is never replaced", () =>
  inFolder(async (server, folder) => {
    const out = await release(server, folder);
    let puts = 0;
    server.faults.push((request) =>
      request.method === "PUT" && ++puts > 5 ? new Response("busy", { status: 503 }) : undefined
    );
    await assert.rejects(upload(out, placeOf(server)), /503 busy/);
    server.faults.length = 0;
    await upload(out, placeOf(server));
    assert.equal(server.entries.length, 0, "nothing is announced by uploading");
    const sums = new TextEncoder().encode("other");
    server.files.set("2.0.0/install.sh", sums);
    await assert.rejects(
      upload(out, placeOf(server)),
      /"install\.sh" of 2\.0\.0 is published already, with other bytes/,
    );
    assert.equal(server.files.get("2.0.0/install.sh"), sums);
    await assert.rejects(entry(out, placeOf(server)), /"install\.sh" came back/);
    assert.equal(server.entries.length, 0);
  }));

Deno.test("without the tag at GitLab nothing is uploaded, and one line says what to push; then the same run goes through", () =>
  inFolder(async (server, folder) => {
    const out = await release(server, folder);
    server.tags.clear();
    await assert.rejects(upload(out, placeOf(server)), ({ message }: Error) => {
      assert.equal(message.split("\n").length, 1);
      assert.match(message, /^GitLab has no tag v2\.0\.0, nothing was uploaded/);
      assert.ok(message.endsWith(`: git push ${server.origin}/autocommerce/cli.git v2.0.0`), message);
      return true;
    });
    assert.ok(!server.seen.some(({ method }) => method === "PUT" || method === "POST"));
    server.tags.add("v2.0.0");
    await upload(out, placeOf(server));
    await entry(out, placeOf(server));
    await verify("2.0.0", placeOf(server));
  }));

Deno.test("whether the tag is there is not guessed: another 404, and a server that is busy, are said as they are", () =>
  inFolder(async (server, folder) => {
    const out = await release(server, folder);
    for (
      const [fault, why] of [
        [() => Response.json({ message: "404 Project Not Found" }, { status: 404 }), /404 .*Project Not Found/],
        [() => new Response("busy", { status: 503 }), /503 busy/],
      ] as const
    ) {
      server.faults.push((_, url) => url.pathname.includes("/repository/tags/") ? fault() : undefined);
      await assert.rejects(upload(out, placeOf(server)), why);
      server.faults.length = 0;
    }
    assert.ok(!server.seen.some(({ method }) => method === "PUT"));
  }));

Deno.test("GitLab refuses an entry without a tag, and one of a protected tag that the token may not create; both can be mended", () =>
  inFolder(async (server, folder) => {
    const out = await release(server, folder);
    await upload(out, placeOf(server));
    server.tags.clear();
    await assert.rejects(entry(out, placeOf(server)), /422 .*Ref is not specified/);
    server.tags.add("v2.0.0");
    server.closed.add("v2.0.0");
    const why = /403 .*not allowed to create this tag as it is protected.*; let the token's role create the tags v\*/;
    await assert.rejects(entry(out, placeOf(server)), why);
    assert.equal(server.entries.length, 0);
    server.closed.clear();
    await upload(out, placeOf(server));
    await entry(out, placeOf(server));
    await verify("2.0.0", placeOf(server));
  }));

Deno.test("before the draft: a release that its own program would not believe is refused, and nothing is asked of a server", () =>
  inFolder(async (server, folder) => {
    const out = await release(server, folder);
    await check(out, placeOf(server));
    const stranger = [(await testKey()).public];
    await assert.rejects(check(out, placeOf(server, { keys: stranger })), /signature is refused: it is by key/);
    await assert.rejects(check(out, placeOf(server, { keys: [] })), /this build has no release key/);
    await assert.rejects(check(out, placeOf(server, { rehearsal: false })), /for development is not published/);
    // It is of 2026-05-01T10:00:00Z, for a year: a commit's clock may stand anywhere.
    const at = (now: string) => check(out, placeOf(server, { now: Date.parse(now) }));
    for (const now of ["2026-04-30T11:00:00Z", "2026-07-05T09:00:00Z"]) await at(now);
    for (const now of ["2026-04-30T09:00:00Z", "1999-01-01T00:00:00Z"]) {
      await assert.rejects(at(now), /2\.0\.0 is released at 2026-05-01T10:00:00Z, not yet: tag a commit of today/);
    }
    for (const now of ["2026-07-05T11:00:00Z", "2030-01-01T00:00:00Z"]) {
      await assert.rejects(at(now), /2\.0\.0 expires at 2027-05-01T10:00:00Z, in less than 300 days/);
    }
    await Deno.writeTextFile(join(out, "install.sh"), "other");
    await assert.rejects(check(out, placeOf(server)), /"install\.sh" has SHA-256/);
    assert.equal(server.seen.length, 0);
  }));

Deno.test("the check before the draft takes the keys that a build is stamped with", () =>
  inFolder(async (server, folder) => {
    const out = await release(server, folder);
    for (
      const [stamped, code, said] of [
        [key, 0, /^\d+ files of 2\.0\.0 are as a program with these keys wants them\n$/],
        [await testKey(), 1, /^publish: the release's signature is refused: it is by key .*\n$/],
      ] as const
    ) {
      const done = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--lock=deno.lock", "--frozen", "-A", "build/release/publish.ts", "check", out],
        env: { NO_COLOR: "1", AUTOCOM_BUILD_RELEASES: server.project, AUTOCOM_BUILD_RELEASE_KEYS: stamped.public },
      }).output();
      assert.match(new TextDecoder().decode(done.stderr), said);
      assert.equal(done.code, code);
    }
    assert.equal(server.seen.length, 0);
  }));

Deno.test("a run that goes on keeps the signature over the sums that is published: each one has other bytes", () =>
  inFolder(async (server, folder) => {
    const out = await release(server, folder);
    const proof = join(out, "SHA256SUMS.sigstore.json");
    await Deno.remove(proof).catch(() => {});
    await kept(out, placeOf(server));
    assert.equal(await Deno.stat(proof).then(() => true, () => false), false, "nothing is published yet");
    await Deno.writeTextFile(proof, '{"signed":1}');
    await upload(out, placeOf(server));
    await Deno.writeTextFile(proof, '{"signed":2}');
    await assert.rejects(upload(out, placeOf(server)), /is published already, with other bytes/);
    await kept(out, placeOf(server));
    assert.equal(await Deno.readTextFile(proof), '{"signed":1}');
    await upload(out, placeOf(server));
    await entry(out, placeOf(server));
    await verify("2.0.0", placeOf(server));
  }));

Deno.test("no entry: an unsigned folder, a stranger's signature, a second time, a wrong token, a build for development", () =>
  inFolder(async (server, folder) => {
    const out = await publish(server, folder, "2.0.0");
    await assert.rejects(entry(out, placeOf(server)), /v2\.0\.0 has an entry already/);
    const next = await release(server, folder, "2.0.1");
    await assert.rejects(upload(next, placeOf(server, { rehearsal: false })), /for development is not published/);
    await assert.rejects(upload(next, placeOf(server, { gitlab: gitlab(server.project, "wrong") })), /401/);
    await assert.rejects(upload(next, placeOf(server, { keys: [(await testKey()).public] })), AppError);
    await Deno.remove(join(next, "manifest.json.minisig"));
    await assert.rejects(upload(next, placeOf(server)), Deno.errors.NotFound);
    assert.deepEqual(server.entries.map(({ tag_name }) => tag_name), ["v2.0.0"]);
  }));

/** What a program believes that was built with these keys: the manifest that lies in a folder, or nothing. */
async function believes(keys: readonly Key[], folder: string): Promise<boolean> {
  const read = (name: string) => Deno.readFile(join(folder, name));
  try {
    await verifyManifest(
      await read("manifest.json"),
      await read("manifest.json.minisig"),
      keys.map((key) => key.public),
    );
    return true;
  } catch (error) {
    if (error instanceof AppError && error.kind === "integrity") return false;
    throw error;
  }
}

Deno.test("keys, rehearsed: a lost key, a stolen key, a rotation, as .github/RELEASING.md says", () =>
  inFolder(async (server, folder) => {
    const [current, next, next2, next3] = await Promise.all([testKey(), testKey(), testKey(), testKey()]);
    const by = (version: string, signer: Key) => release(server, folder, version, signer);
    const old = [current, next];
    // Rotation: the program carries the next two, and the key that both it and the programs in the field know signs.
    const rotation = await by("2.1.0", next);
    const rotated = [next, next2];
    assert.ok(await believes(old, rotation), "everybody in the field takes the step");
    assert.ok(await believes(rotated, rotation), "a program believes its own release");
    // The daily look, and what publishes, has the keys of the new program.
    const place = placeOf(server, { keys: rotated.map((key) => key.public) });
    const byOld = await by("2.0.9", current);
    assert.ok(await believes(old, byOld));
    await assert.rejects(upload(byOld, place), AppError, "one that its own program would not believe is not published");
    assert.ok(!server.seen.some(({ method }) => method === "PUT"));
    await upload(rotation, place);
    await entry(rotation, place);
    await watch(["v2.1.0"], place);
    // From then on the same key signs, for those that took the step and for those that did not yet.
    const after = await by("2.2.0", next);
    assert.ok(await believes(rotated, after) && await believes(old, after));
    assert.ok(!await believes(rotated, byOld), "a removed key counts no more");
    // Lost: the same at once; the release carries (next, next2). Nobody has to do anything.
    const lost = await by("2.1.1", next);
    assert.ok(await believes(old, lost) && await believes(rotated, lost));
    // Stolen: what the thief signs is believed by old programs only, and needs the release server, too.
    const stolen = await by("2.9.9", current);
    assert.ok(await believes(old, stolen) && !await believes(rotated, stolen));
    // Both lost: no program of the field can be reached, which is why one of them is offline.
    assert.ok(!await believes(old, await by("3.0.0", next3)));
    // A release can be signed again, by the other key, without a new build.
    await sign(rotation, next2.secret);
    assert.ok(await believes(rotated, rotation) && !await believes(old, rotation));
  }));

Deno.test("signing says in one line what is wrong with a folder, a key or the words, and shows no stack", async () => {
  await inFolder(async (server, folder) => {
    const out = await release(server, folder);
    const secret = join(folder, "test.key");
    await Deno.writeTextFile(secret, key.secret);
    await Deno.mkdir(join(out, "more"));
    const cases: [string[], RegExp][] = [
      [[out, "--key", folder], /^sign: Is a directory/],
      [[secret, "--key", secret], /^sign: Not a directory/],
      [[out, "--key", secret], /^sign: "more" is not in SHA256SUMS: take it out of /],
      [[out, "another", "--key", secret], /^sign: use: deno task sign FOLDER --key/],
    ];
    for (const [words, why] of cases) {
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--lock=deno.lock", "--frozen", "-A", "build/release/sign.ts", ...words],
        env: { NO_COLOR: "1" },
      }).output();
      const text = new TextDecoder().decode(stderr);
      assert.equal(code, 1, text);
      assert.match(text, why);
      assert.equal(text.trimEnd().split("\n").length, 1, text);
    }
  });
});
