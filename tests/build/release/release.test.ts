/**
 * A whole release, built twice: reproducible, complete, without a trace of the machine, and its packs fit older versions.
 * On a developer's machine for the host and for Apple silicon, in CI for all five targets.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { checkFolder, parseSums } from "../../../build/release/check.ts";
import { makeTestKey } from "../../../build/release/minisign.ts";
import { sbom } from "../../../build/release/sbom.ts";
import { sign } from "../../../build/release/sign.ts";
import { traced } from "../../../build/release/trace.ts";
import { sha256 } from "../../../build/pinned.ts";
import { BuildError, deno, denoDir } from "../../../build/process.ts";
import { fileName, type Target, targetOf, TARGETS } from "../../../build/targets.ts";
import { programName } from "../../../src/upgrade/targets.ts";
import { segmentAt, unpack } from "../../../src/upgrade/pack.ts";
import { verifyManifest } from "../../../src/upgrade/verify.ts";
import { checkPages } from "../../support/build/macho.ts";
import { oldestSystem } from "../../support/build/oldest.ts";
import { barOf, copyProject, holds, HOST, ROOT, RUNTIME, runtimeBytes } from "../../support/build/tree.ts";

const ignore = !RUNTIME || Deno.build.os !== "linux" || Deno.env.has("DENORT_BIN");
const TRIED: readonly Target[] = Deno.env.has("CI") ? TARGETS : [HOST, targetOf("aarch64-apple-darwin")];
const WORK = ignore ? "" : await Deno.makeTempDir({ prefix: "autocom-release-" });
globalThis.addEventListener("unload", () => WORK && Deno.removeSync(WORK, { recursive: true }));

const key = await makeTestKey();
const next = await makeTestKey();
const KEYS = [key, next].map((made) => made.public.split("\n")[1]!);
const CLIENT_ID = "0198f000-1111-7222-8333-444455556666";
const [FIRST, SECOND, OLDER, OLDEST] = ["a", "deeper down/b c", "older", "oldest"].map((name) => join(WORK, name)) as [
  string,
  string,
  string,
  string,
];
const CACHE = join(WORK, "another cache");

/** `deno task release` of a copy of the project, in another time zone, locale, umask, home and cache. */
async function released(
  folder: string,
  { version, differently = false, clientId = CLIENT_ID }: {
    version?: string;
    differently?: boolean;
    clientId?: string;
  } = {},
) {
  const tree = join(folder, "tree");
  await copyProject(tree);
  if (version) {
    for (
      const [path, from, to] of [["deno.json", /"version": "[^"]+"/, `"version": "${version}"`], [
        "src/run.ts",
        /$/,
        `\n// ${version}\n`,
      ]] as const
    ) {
      await Deno.writeTextFile(join(tree, path), (await Deno.readTextFile(join(tree, path))).replace(from, to));
    }
    // The oldest one's payload fills other pages: what stands behind it on Apple silicon stands elsewhere.
    const length = version.length * (version.includes("-") ? 300 : 10);
    const lines = Array.from({ length }, (_, index) => `"${version} ${index * 7919}"`).join();
    await Deno.writeTextFile(
      join(tree, "src/output/yaml.ts"),
      `${await Deno.readTextFile(join(tree, "src/output/yaml.ts"))}\n;[${lines}].forEach(String);\n`,
    );
  }
  const env: Record<string, string> = {
    ...{ AUTOCOM_BUILD_RELEASE_KEYS: KEYS.join(" "), SOURCE_DATE_EPOCH: "1767225600" },
    AUTOCOM_BUILD_CLIENT_ID: clientId,
  };
  if (differently) {
    await Deno.symlink(await denoDir(ROOT), CACHE);
    Object.assign(env, { TZ: "Asia/Tokyo", LC_ALL: "de_DE.UTF-8", HOME: join(WORK, "home"), DENO_DIR: CACHE });
  }
  const targets = TRIED.flatMap(({ triple }) => ["--target", triple]);
  const script = `${differently ? "umask 077; " : ""}exec "$0" task --quiet release --out ../out "$@"`;
  const command = new Deno.Command("sh", {
    args: ["-c", script, Deno.execPath(), ...targets],
    cwd: tree,
    env: { DENO_TLS_CA_STORE: "system,mozilla", NO_COLOR: "1", ...env },
  });
  const { success, stderr } = await command.output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

const once = (make: () => Promise<void>) => {
  let made: Promise<void> | undefined;
  return () => made ??= make();
};
const first = once(() => released(FIRST));
const read = async (folder: string, name: string) => Buffer.from(await Deno.readFile(join(folder, "out", name)));
const manifestOf = async (folder: string) => JSON.parse((await read(folder, "manifest.json")).toString());
const bomOf = async (folder: string) =>
  JSON.parse((await read(folder, (await namesIn(folder)).find((name) => name.endsWith(".cdx.json"))!)).toString());
const propertiesOf = async (folder: string) => (await bomOf(folder)).metadata.component.properties;
const namesIn = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(join(folder, "out")), ({ name }) => name)).sort();

Deno.test({
  name: "two releases of one commit are the same bytes: other folder, time, time zone, locale, umask, home and cache",
  ignore,
  async fn() {
    await first();
    // As the README says: who builds the same again reads the client id in the SBOM.
    const [{ value }] = await propertiesOf(FIRST) as [{ value: string }];
    await released(SECOND, { differently: true, clientId: value });
    const names = await namesIn(FIRST);
    assert.deepEqual(await namesIn(SECOND), names);
    assert.ok(names.length >= TRIED.length * 3 + 5, names.join());
    for (const name of names) {
      const [one, other] = [await read(FIRST, name), await read(SECOND, name)];
      assert.ok(one.equals(other), `${name} differs`);
      const mode = (folder: string) => Deno.statSync(join(folder, "out", name)).mode! & 0o777;
      assert.equal(mode(FIRST), mode(SECOND), name);
      for (const path of [WORK.split("/").at(-1)!, await denoDir(ROOT), ROOT, CACHE]) {
        assert.ok(!holds(one, path), `${name} holds "${path}"`);
      }
    }
    await Deno.remove(SECOND, { recursive: true });
  },
});

Deno.test({
  name: "SHA256SUMS covers every file but itself and the manifest; manifest, archives and packs agree with it",
  ignore,
  async fn() {
    await first();
    const out = join(FIRST, "out");
    const manifest = await checkFolder(out);
    assert.equal(manifest.development, true);
    assert.deepEqual([manifest.released, manifest.expires], ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"]);
    const check = await new Deno.Command("sha256sum", {
      args: ["--check", "--strict", "--quiet", "SHA256SUMS"],
      cwd: out,
    }).output();
    assert.ok(check.success);
    const listed = await Deno.readFile(join(out, "SHA256SUMS"));
    assert.deepEqual(manifest.sums, { size: listed.length, sha256: await sha256(listed) });
    const sums = parseSums((await read(FIRST, "SHA256SUMS")).toString());
    assert.deepEqual(
      [...sums.keys()],
      (await namesIn(FIRST)).filter((name) => !["SHA256SUMS", "manifest.json"].includes(name)),
    );
    for (const target of TRIED) {
      const { binary, archive } = manifest.files[target.triple]!;
      const folder = await Deno.makeTempDir({ dir: WORK });
      const unpacking = await new Deno.Command("tar", { args: ["-xzf", join(out, archive.name), "-C", folder] })
        .output();
      if (target.os === "windows") continue;
      assert.ok(unpacking.success);
      assert.equal(await sha256(await Deno.readFile(join(folder, programName(target)))), binary.sha256);
      for (const name of ["LICENSE", "README.md", "autocom.1", "completions/autocom.bash", "completions/_autocom"]) {
        assert.ok((await Deno.stat(join(folder, name))).size > 0, name);
      }
    }
  },
});

Deno.test({
  name: "the test key signs it and the program's own check believes it; a file that changed is not signed",
  ignore,
  async fn() {
    await first();
    const out = join(FIRST, "out");
    await sign(out, key.secret);
    const bytes = (name: string) => Deno.readFile(join(out, name));
    const signed = await verifyManifest(await bytes("manifest.json"), await bytes("manifest.json.minisig"), KEYS);
    assert.equal(signed.product, "autocom");
    await Deno.writeTextFile(join(out, "install.sh"), "changed", { append: true });
    await assert.rejects(sign(out, key.secret), /"install\.sh" has SHA-256/);
    await Deno.writeTextFile(
      join(out, "install.sh"),
      (await read(FIRST, "install.sh")).toString().replace(/changed$/, ""),
    );
    await Deno.writeTextFile(join(out, "more.txt"), "unannounced");
    await assert.rejects(sign(out, key.secret), /"more\.txt" is not in SHA256SUMS: take it out of /);
    await Deno.remove(join(out, "more.txt"));
    await sign(out, key.secret);
  },
});

Deno.test({
  name: "a program holds no source map, no comment of ours, no placeholder and no absolute path but the listed ones",
  ignore,
  async fn() {
    await first();
    for (const target of TRIED) {
      const program = await read(FIRST, fileName(target));
      for (
        const text of ["@@AUTOCOM_", "sourceMappingURL=data:application/json", `"sourcesContent"`, "build/release/"]
      ) {
        const known = await runtimeBytes(target);
        assert.ok(!program.includes(text) || known.includes(text), `${target.triple} holds "${text}"`);
      }
    }
    const payload = (await read(FIRST, fileName(HOST))).subarray((await runtimeBytes(HOST)).length).toString();
    const paths = [
      ...payload.matchAll(
        /(?<=["'`])(?:\/(?:bin|dev|etc|home|lib|media|mnt|nix|opt|private|proc|root|run|sbin|snap|srv|sys|tmp|usr|var|work|Users|Library|Applications)(?:\/[^"'`$\s]*)?|[A-Z]:\\\\[^"'`]*)(?=["'`])/g,
      ),
    ]
      .map(([path]) => path);
    const listed = [
      /^\/usr\/(local\/)?bin\/(secret-tool|xdg-open|wslview|security|open)$/,
      /^\/run\/current-system\/sw\/bin\/xdg-open$/,
      /^C:\\\\Windows\\\\System32\\\\(rundll32\.exe|advapi32\.dll|kernel32\.dll)$/,
      /^\/run\/\.containerenv$/,
      /^\/Library\/Apple\/usr\/libexec\/oah\/libRosettaRuntime$/,
      /^\/(dev\/(tty|null|fd\/1)|proc\/self\/.*|etc\/[a-z./_-]+|var\/lib\/dbus\/machine-id|run\/user\/?)$/,
    ];
    assert.ok(paths.some((path) => path.includes("secret-tool")), "the search finds paths at all");
    assert.deepEqual(paths.filter((path) => !listed.some((form) => form.test(path))), []);
  },
});

Deno.test({
  name: "every page of the Apple silicon program has the hash that its signature states",
  ignore,
  async fn() {
    await first();
    const program = await read(FIRST, "autocom-aarch64-apple-darwin");
    const found = checkPages(program);
    assert.ok(found && found.pages > 10_000 && found.whole, JSON.stringify(found));
    assert.equal(found.wrong, 0);
    program[program.length >> 1]! ^= 1;
    assert.equal(checkPages(program)!.wrong, 1);
  },
});

Deno.test({
  name:
    "one pack makes the exact new program from two older versions; with manifest and signature it is the payload's brotli and 10 KB at most",
  ignore,
  async fn() {
    await first();
    await Promise.all([released(OLDER, { version: "0.0.9" }), released(OLDEST, { version: "0.0.1-alpha.10" })]);
    const manifest = await manifestOf(FIRST);
    await sign(join(FIRST, "out"), key.secret);
    const rest = (await read(FIRST, "manifest.json")).length + (await read(FIRST, "manifest.json.minisig")).length;
    const bar = await barOf(await read(FIRST, fileName(HOST)));
    for (const target of TRIED) {
      const { pack, binary } = manifest.files[target.triple];
      assert.equal((await manifestOf(OLDER)).runtime[target.triple], manifest.runtime[target.triple]);
      const received = pack.size + rest;
      console.log(`  ${target.triple}: ${received} bytes received, bar ${bar}`);
      assert.ok(received <= bar, `${target.triple}: ${received} bytes, bar ${bar}`);
      const places = await Promise.all(
        [FIRST, OLDEST].map(async (it) => segmentAt(await read(it, fileName(target)), "__LINKEDIT")),
      );
      if (target.triple === "aarch64-apple-darwin") assert.notEqual(places[0], places[1]);
      for (const folder of [OLDER, OLDEST]) {
        const old = await read(folder, fileName(target));
        const source = {
          size: old.length,
          read: (at: number, length: number) => Promise.resolve(new Uint8Array(old.subarray(at, at + length))),
        };
        const made = await Array.fromAsync(unpack(new Uint8Array(await read(FIRST, pack.name)), source, binary.size));
        assert.equal(
          await sha256(new Uint8Array(Buffer.concat(made))),
          binary.sha256,
          `${target.triple} from ${folder}`,
        );
      }
    }
    for (const folder of [OLDER, OLDEST]) await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "the symbols lead from texts in the program's chunks back to their lines in the source",
  ignore,
  async fn() {
    await first();
    const name = (await namesIn(FIRST)).find((name) => name.endsWith("_symbols.json"))!;
    const symbols = JSON.parse((await read(FIRST, name)).toString());
    assert.ok(Object.keys(symbols.chunks).includes("main.js"));
    const chunks = join(WORK, "chunks");
    const env = { AUTOCOM_BUILD_RELEASE_KEYS: KEYS.join(" "), AUTOCOM_BUILD_CLIENT_ID: CLIENT_ID };
    await deno(["task", "--quiet", "build", "--out", join(WORK, "dist"), "--chunks", chunks], join(FIRST, "tree"), env);
    let found = 0;
    for (
      const [path, text] of [["src/errors.ts", "the token was accepted"], ["src/storage/write.ts", ""], [
        "src/cli/parse.ts",
        "",
      ]] as const
    ) {
      const source = await Deno.readTextFile(join(ROOT, path));
      const literals = [...source.matchAll(/(?<![`\w])"([a-z]+ [a-z][a-z ,:]{9,60})"/g)].map(([, literal]) => literal!);
      for (const literal of [text, ...literals].filter((literal) => literal && source.split(literal).length === 2)) {
        for await (const entry of Deno.readDir(chunks)) {
          const chunk = await Deno.readTextFile(join(chunks, entry.name));
          if (chunk.split(`"${literal}"`).length !== 2) continue;
          const before = chunk.slice(0, chunk.indexOf(`"${literal}"`));
          const place = `    at x (file:///tmp/deno-compile-autocom/autocom/${entry.name}:${
            before.split("\n").length
          }:${before.length - before.lastIndexOf("\n")})`;
          const line = source.slice(0, source.indexOf(`"${literal}"`)).split("\n").length;
          assert.match(traced(place, symbols), new RegExp(`at x \\(${path.replaceAll(".", "\\.")}:${line}:`), literal);
          found++;
        }
      }
    }
    assert.ok(found >= 5, `${found} texts were looked up`);
    assert.equal(traced("at other.js:1:5 and main.js:0:0", symbols), "at other.js:1:5 and main.js:0:0");
  },
});

Deno.test({
  name: "the SBOM names the packages that are in the program, with the lock's hashes, and the runtime as platform",
  ignore,
  async fn() {
    await first();
    const bom = await bomOf(FIRST);
    assert.deepEqual(await propertiesOf(FIRST), [{ name: "AUTOCOM_BUILD_CLIENT_ID", value: CLIENT_ID }]);
    assert.deepEqual([bom.bomFormat, bom.specVersion, bom.serialNumber, bom.metadata.timestamp], [
      "CycloneDX",
      "1.6",
      undefined,
      undefined,
    ]);
    const libraries = bom.components.filter(({ type }: { type: string }) => type === "library");
    const purls = libraries.map(({ purl }: { purl: string }) => purl.replace(/@[^@]+$/, ""));
    for (const name of ["oauth4webapi", "smol-toml", "js-yaml", "graphql"]) {
      assert.ok(purls.includes(`pkg:npm/${name}`), name);
    }
    for (const name of ["xlsx", "playwright-core"]) {
      assert.ok(!purls.includes(`pkg:npm/${name}`), `${name} is used by tests alone`);
    }
    assert.ok(
      libraries.every(({ hashes }: { hashes: { content: string }[] }) => /^[0-9a-f]{128}$/.test(hashes[0]!.content)),
    );
    const platforms = bom.components.filter(({ type }: { type: string }) => type === "platform");
    assert.deepEqual(
      platforms.map(({ hashes }: { hashes: { content: string }[] }) => hashes[0]!.content),
      Object.values((await manifestOf(FIRST)).runtime),
    );
    const refs = bom.components.map((component: Record<string, string>) => component["bom-ref"]);
    assert.equal(new Set(refs).size, refs.length);
    assert.deepEqual(bom.dependencies[0].dependsOn, refs);
  },
});

Deno.test("the SBOM of a build without a client id says none; the README names the property", async () => {
  const inventory = { version: "2.0.0", packages: [], runtime: { version: "0.0.1", hashes: {} }, clientId: "" };
  assert.equal(JSON.parse(await sbom(ROOT, inventory)).metadata.component.properties, undefined);
  assert.match(
    await Deno.readTextFile(join(ROOT, "README.md")),
    /`AUTOCOM_BUILD_CLIENT_ID=ID deno task release --out FOLDER`/,
  );
});

Deno.test({
  name:
    "the oldest systems of the manifest are those that the runtimes ask for: the same glibc, no older macOS or Windows",
  ignore,
  async fn() {
    await first();
    const { needs } = await manifestOf(FIRST);
    for (const target of TRIED) {
      const asked = oldestSystem(await read(FIRST, fileName(target)), target.os);
      if (target.os === "linux") assert.equal(needs[target.triple], asked);
      const [mine, its] = [needs[target.triple] as string, asked].map((need) => need.split(/[ .]/));
      assert.equal(mine![0], its![0]);
      const [major, minor = 0] = mine!.slice(1).map(Number);
      const [least, more] = its!.slice(1).map(Number);
      assert.ok(
        major! > least! || (major === least && minor >= more!),
        `${needs[target.triple]} is older than ${asked}`,
      );
    }
  },
});

Deno.test({
  name: "a folder that is not empty, a commit without a time, an address or a key that is none: no release",
  ignore,
  async fn() {
    await first();
    const tree = join(FIRST, "tree");
    const task = (env: Record<string, string>, out = join(WORK, "never")) =>
      deno(["task", "--quiet", "release", "--out", out], tree, env);
    const epoch = { SOURCE_DATE_EPOCH: "1767225600" };
    await assert.rejects(task(epoch, join(FIRST, "out")), /is not empty/);
    await assert.rejects(task({ SOURCE_DATE_EPOCH: "yesterday" }), /is no number of seconds: "yesterday"/);
    await assert.rejects(task({ GIT_DIR: join(WORK, "none") }), /set SOURCE_DATE_EPOCH/);
    for (const address of ["http://example.com/api", "ftp://x/y", "https://x", "http://127.0.0.1:80/"]) {
      await assert.rejects(
        task({ ...epoch, AUTOCOM_BUILD_RELEASES: address }),
        (error) => error instanceof BuildError && error.message.includes(`"${address}"`),
      );
    }
    await assert.rejects(task({ ...epoch, AUTOCOM_BUILD_RELEASE_KEYS: "nonsense" }), /release key/);
  },
});
