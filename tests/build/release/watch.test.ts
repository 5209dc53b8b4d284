/** The daily look: whatever was changed on a server where nothing is immutable is seen, and nothing of it is believed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { sha256 } from "../../../build/pinned.ts";
import { PROOF, SUMS } from "../../../build/release/check.ts";
import { retiredKeys } from "../../../build/release/place.ts";
import { type Faults, newest, verify, watch } from "../../../build/release/watch.ts";
import { FAULTS } from "../../platform/releases/server.ts";
import { entry, upload } from "../../../build/release/publish.ts";
import { inFolder, key, placeOf, publish, release } from "../../support/build/publishing.ts";
import { testKey } from "../../support/build/small_release.ts";

Deno.test("SU2-2: the newest is the highest version, not a pre-release, not one that is announced, not another tag", () => {
  const tags = ["v1.9.0", "1.10.0", "v2.0.0-rc.1", "foo", "v1", "v3.0.0"];
  const entries = tags.map((tag_name) => ({
    ...{ tag_name, released_at: "2026-01-01T00:00:00Z", description: "", assets: { links: [] } },
    upcoming_release: tag_name === "v3.0.0",
  }));
  assert.equal(newest(entries), "1.10.0");
  assert.equal(newest([]), undefined);
});

Deno.test("the scheduled check sees every kind of change on a server where nothing is immutable", () =>
  inFolder(async (server, folder) => {
    await publish(server, folder, "2.0.0");
    const place = placeOf(server);
    const [made] = server.entries as [typeof server.entries[number]];
    const change = async (name: string, why: RegExp) => {
      const key = `2.0.0/${name}`;
      const before = server.files.get(key)!;
      server.files.set(key, before.with(before.length >> 1, before[before.length >> 1]! ^ 1));
      await assert.rejects(watch(["v2.0.0"], place), why, name);
      server.files.set(key, before);
    };
    await change("autocom_2.0.0_linux_amd64.tar.gz", /has SHA-256/);
    await change("install.ps1", /has SHA-256/);
    await change("SHA256SUMS", /SHA256SUMS/);
    await change("manifest.json.minisig", /signature is refused/);
    await change("manifest.json", /signature is refused/);
    const description = made.description;
    made.description = description.replace(/[0-9a-f]{64}/, "0".repeat(64));
    await assert.rejects(watch(["v2.0.0"], place), /other sums in its text/);
    made.description = description;
    const url = made.assets.links[3]!.url;
    made.assets.links[3]!.url = "https://evil.example/autocom";
    await assert.rejects(watch(["v2.0.0"], place), /leads elsewhere/);
    made.assets.links[3]!.url = url;
    // Whoever owns the server changes a file with its sum, and the sums with the entry's text: what is signed is the sums.
    const [sums, script] = ["2.0.0/SHA256SUMS", "2.0.0/install.sh"];
    const before = [server.files.get(sums)!, server.files.get(script)!] as const;
    const evil = new TextEncoder().encode("#!/bin/sh\necho theirs\n");
    const text = new TextDecoder().decode(before[0]).replace(await sha256(before[1]), await sha256(evil));
    server.files.set(script, evil).set(sums, new TextEncoder().encode(text));
    made.description = description.replace(new TextDecoder().decode(before[0]), text);
    assert.ok(made.description.includes(await sha256(evil)));
    await assert.rejects(watch(["v2.0.0"], place), /SHA256SUMS has another sum in manifest\.json/);
    server.files.set(script, before[1]).set(sums, before[0]);
    made.description = description;
    await watch(["v2.0.0"], place);
    await assert.rejects(watch(["v2.0.0"], placeOf(server, { rehearsal: false })), /development/);
    server.files.delete("2.0.0/install.sh");
    await assert.rejects(watch(["v2.0.0"], place), /2\.0\.0: "install\.sh" is not there/);
    server.faults.push(FAULTS.status(/\/releases/, 503));
    await assert.rejects(watch(["v2.0.0"], place), /503/);
    server.faults.length = 0;
    await assert.rejects(verify("9.9.9", place), /has no entry/);
  }));

Deno.test("SU-5: the scheduled check warns two months before the newest release expires", () =>
  inFolder(async (server, folder) => {
    await publish(server, folder, "2.0.0");
    await assert.rejects(
      watch(["v2.0.0"], placeOf(server, { now: Date.parse("2027-03-15T00:00:00Z") })),
      /expires in 47 days/,
    );
  }));

Deno.test("the scheduled check sees a change in an older release, which files of other people's jobs name", () =>
  inFolder(async (server, folder) => {
    for (const version of ["2.0.0", "2.1.0"]) await publish(server, folder, version);
    const tags = ["v2.0.0", "v2.1.0", "v1", "nightly", ""];
    await watch(tags, placeOf(server));
    const script = "2.0.0/install.sh";
    const before = server.files.get(script)!;
    server.files.set(script, new TextEncoder().encode("#!/bin/sh\necho theirs\n"));
    await assert.rejects(watch(tags, placeOf(server)), /2\.0\.0: "install\.sh" has SHA-256/);
    server.files.set(script, before);
    const old = server.entries.find(({ tag_name }) => tag_name === "v2.0.0")!;
    FAULTS.withoutManifest(old);
    await assert.rejects(watch(tags, placeOf(server)), /2\.0\.0: the entry has no link to "manifest\.json"/);
  }));

Deno.test("the scheduled check sees a release that was taken away, announced for later, or made up", () =>
  inFolder(async (server, folder) => {
    for (const version of ["2.0.0", "2.1.0"]) await publish(server, folder, version);
    const place = placeOf(server);
    const tags = ["v2.0.0", "v2.1.0"];
    for (const version of ["2.0.0", "2.1.0"]) {
      const entry = server.entries.find(({ tag_name }) => tag_name === `v${version}`)!;
      entry.upcoming_release = true;
      await assert.rejects(watch(tags, place), new RegExp(`${version}: the entry is announced for later`));
      entry.upcoming_release = false;
      server.entries.splice(server.entries.indexOf(entry), 1);
      await assert.rejects(watch(tags, place), new RegExp(`v${version} has no entry: .* or was it taken away\\?`));
      server.entries.push({ ...entry, tag_name: `${entry.tag_name}-rc.9` });
      await assert.rejects(watch(tags, place), new RegExp(`the list has ${version}-rc\\.9, which has no tag`));
      server.entries.splice(-1, 1, entry);
    }
    await watch(tags, place);
    server.publish("9.9.9", {});
    await assert.rejects(watch(tags, place), /^\S+ the list has 9\.9\.9, which has no tag$/);
    await assert.rejects(watch([], place), /the list has 9\.9\.9, which has no tag/);
  }));

Deno.test("the scheduled check sees what was changed behind an address, whatever the list says of that release", () =>
  inFolder(async (server, folder) => {
    for (const version of ["2.0.0", "2.1.0", "2.2.0-rc.1"]) await publish(server, folder, version);
    const tags = ["v2.0.0", "v2.1.0", "v2.2.0-rc.1"];
    await watch(tags, placeOf(server));
    const evil = new TextEncoder().encode("#!/bin/sh\necho theirs\n");
    for (const version of ["2.0.0", "2.2.0-rc.1"]) {
      const script = `${version}/install.sh`;
      const before = server.files.get(script)!;
      server.files.set(script, evil);
      const why = new RegExp(`${version}: "install\\.sh" has SHA-256`);
      await assert.rejects(watch(tags, placeOf(server)), why);
      const at = server.entries.findIndex(({ tag_name }) => tag_name === `v${version}`);
      const [entry] = server.entries.splice(at, 1);
      await assert.rejects(watch(tags, placeOf(server)), why, "without its entry");
      server.entries.push({ ...entry!, tag_name: "v2.0.0-rc.9" });
      await assert.rejects(watch(tags, placeOf(server)), why, "the entry is another's");
      server.entries.splice(-1, 1, entry!);
      server.faults.push(FAULTS.status(/\/releases/, 503));
      await assert.rejects(watch(tags, placeOf(server)), why, "without a list");
      server.faults.length = 0;
      server.files.set(script, before);
    }
    await watch(tags, placeOf(server));
  }));

Deno.test("the scheduled check says all that is wrong, and what may be no attack last", () =>
  inFolder(async (server, folder) => {
    for (const version of ["2.0.0", "2.1.0"]) await publish(server, folder, version);
    const evil = new TextEncoder().encode("theirs");
    server.files.set("2.0.0/install.sh", evil).set("2.1.0/install.ps1", evil);
    const late = placeOf(server, { now: Date.parse("2027-03-15T00:00:00Z") });
    await assert.rejects(watch(["v2.0.0", "v2.1.0", "v2.1.1"], late), ({ lines }: Faults) => {
      const order = [
        /^2\.1\.0: "install\.ps1" has SHA-256/,
        /^2\.0\.0: "install\.sh" has SHA-256/,
        /^v2\.1\.1 has no entry: is that release still being made/,
      ];
      assert.equal(lines.length, order.length, lines.join("\n"));
      order.forEach((why, at) => assert.match(lines[at]!, why));
      return true;
    });
    server.files.delete("2.1.0/install.ps1");
    server.files.set("2.1.0/install.ps1", await Deno.readFile(join(folder, "2.1.0", "install.ps1")));
    await assert.rejects(watch(["v2.0.0", "v2.1.0"], late), ({ lines }: Faults) => {
      assert.match(lines.join("\n"), /^2\.0\.0: .*\nthe newest release, 2\.1\.0, expires in 47 days: make one$/);
      return true;
    });
  }));

Deno.test("the scheduled check leaves the sums and cosign's signature over them, for cosign to judge", () =>
  inFolder(async (server, folder) => {
    const out = await release(server, folder, "2.0.0");
    await Deno.writeTextFile(join(out, PROOF), "{}\n");
    await upload(out, placeOf(server));
    await entry(out, placeOf(server));
    const proofs = join(folder, "proofs");
    await watch(["v2.0.0"], placeOf(server, { proofs }));
    for (const name of [SUMS, PROOF]) {
      assert.equal(
        await Deno.readTextFile(join(proofs, "2.0.0", name)),
        await Deno.readTextFile(join(out, name)),
      );
    }
  }));

Deno.test("before the first release the scheduled check says so, and is not red; a tag of a pre-release is one", () =>
  inFolder(async (server) => {
    const said: string[] = [];
    await watch(["v1", "nightly", ""], placeOf(server, { say: (line) => said.push(line) }));
    assert.deepEqual(said, ["there is no release yet, and no tag of one"]);
    await assert.rejects(watch(["v2.0.0-rc.1"], placeOf(server)), /v2\.0\.0-rc\.1 has no entry/);
  }));

Deno.test("a link of the list whose name is no plain file name, or comes twice, is refused, and nothing is fetched by it", () =>
  inFolder(async (server, folder) => {
    await publish(server, folder, "2.0.0");
    const { links } = server.entries[0]!.assets;
    const files = links.map(({ name }) => name);
    const outside = join(folder, "outside.js");
    const names = [`../${outside}`, outside, "..", "a/b", "a\\b", ".hidden", "nul", "", "a\n::error::b", "install.sh"];
    for (const name of names) {
      const url = server.fileUrl("2.0.0", name);
      links.push({ id: 0, name, url, direct_asset_url: url, link_type: "other" });
      server.faults.push((_, { pathname }) => pathname.endsWith("outside.js") ? new Response("theirs") : undefined);
      server.seen.length = 0;
      await assert.rejects(watch(["v2.0.0"], placeOf(server)), /a link that is no file name|"install\.sh" twice/, name);
      const asked = server.seen.flatMap(({ path }) => path.split("/generic/autocom/2.0.0/").slice(1));
      assert.deepEqual(asked.filter((file) => !files.includes(file)), [PROOF], name);
      links.pop();
    }
    assert.equal(await Deno.stat(outside).then(() => true, () => false), false);
  }));

Deno.test("a list of another shape is refused in one line, and so is one that does not end", () =>
  inFolder(async (server) => {
    for (const body of [{}, null, [null], [{ tag_name: "v2.0.0" }], [{ tag_name: 1, assets: { links: [] } }]]) {
      server.faults.splice(0, 1, (_, { pathname }) => pathname.endsWith("/releases") ? Response.json(body) : undefined);
      await assert.rejects(watch([], placeOf(server)), /no list of releases/, JSON.stringify(body));
    }
    server.faults.splice(0, 1, FAULTS.endless(/\/releases/));
    await assert.rejects(watch([], placeOf(server)), /more than \d+ bytes/);
  }));

Deno.test("what a server says is one line of the log: none of it can be a command of the workflow's", () =>
  inFolder(async (server, folder) => {
    await publish(server, folder, "2.0.0");
    const name = "x\n::error::theirs\u001b[31m\u2028\r::add-mask::a";
    server.entries[0]!.assets.links.push({ id: 0, name, url: "", direct_asset_url: "", link_type: "other" });
    const started = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--lock=deno.lock", "--frozen", "-A", "build/release/publish.ts", "watch", folder],
      env: { NO_COLOR: "1", AUTOCOM_BUILD_RELEASES: server.project, AUTOCOM_BUILD_RELEASE_KEYS: key.public },
      ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
    }).spawn();
    const writer = started.stdin.getWriter();
    await writer.write(new TextEncoder().encode("v2.0.0\n"));
    await writer.close();
    const { code, stdout, stderr } = await started.output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.equal(code, 1);
    assert.match(
      text,
      /^publish: 2\.0\.0: the entry has a link that is no file name: [^\n]*::error::theirs[^\n]*\n$/,
    );
    // deno-lint-ignore no-control-regex
    assert.ok(!/[\u0000-\u0009\u000b-\u001f\u2028]/.test(text), JSON.stringify(text));
  }));

Deno.test("an older release may be signed by a key that was retired since, the newest may not", () =>
  inFolder(async (server, folder) => {
    const [old, now] = [await testKey(), await testKey()];
    await publish(server, folder, "2.0.0", placeOf(server, { keys: [old.public] }), old);
    const place = placeOf(server, { keys: [now.public], retired: [old.public] });
    await assert.rejects(watch(["v2.0.0"], place), /signature is refused: it is by key/);
    await publish(server, folder, "2.1.0", placeOf(server, { keys: [now.public] }), now);
    await watch(["v2.0.0", "v2.1.0"], place);
    await assert.rejects(watch(["v2.0.0", "v2.1.0"], { ...place, retired: [] }), /signature is refused: it is by key/);
    const retired = join(folder, "build", "release", "keys", "retired");
    assert.deepEqual(await retiredKeys(folder), []);
    await Deno.mkdir(retired, { recursive: true });
    await Deno.writeTextFile(join(retired, "2026.pub"), `untrusted comment: minisign public key\n${old.public}\n`);
    assert.deepEqual(await retiredKeys(folder), [old.public]);
  }));
