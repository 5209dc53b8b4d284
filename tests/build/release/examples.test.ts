/** The examples of the README, run as they stand: only the address is that of the local release server. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { load } from "js-yaml";
import { sha256 } from "../../../build/pinned.ts";
import { fileName } from "../../../build/targets.ts";
import { releasesOf } from "../../../build/release/place.ts";
import { createSandbox, serveSandbox } from "../../platform/sandbox/mod.ts";
import { filesOf, releaseServer } from "../../platform/releases/server.ts";
import { has } from "../../support/build/installing.ts";
import { smallRelease, testKey } from "../../support/build/small_release.ts";
import { build, CONFIG, HOST, ROOT, RUNTIME } from "../../support/build/tree.ts";
import { actionlint } from "../../support/build/actionlint.ts";

const README = await Deno.readTextFile(join(ROOT, "README.md"));
const VERSION = CONFIG.version;
const ignore = Deno.build.os !== "linux";

/** The fenced blocks of a language that hold a text. */
function blocks(language: string, text: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, body]) => body!)
    .filter((body) => body.includes(text));
}

/** As Homebrew since 4.6.4: a formula by its path is refused. https://docs.brew.sh/How-to-Create-and-Maintain-a-Tap */
const BREW = `#!/bin/sh
tap() { echo "$HOME/Taps/\${1%%/*}/homebrew-\${1#*/}"; }
case "$1 $2" in
  "tap-new --no-git") mkdir -p "$(tap "$3")/Formula" ;;
  "--repository "*/*) tap "$2" ;;
  "install "*/*/*) cd "$(tap "\${2%/*}")" && cp "Formula/\${2##*/}.rb" installed.rb ;;
  *) echo "Error: Homebrew requires formulae to be in a tap" >&2; exit 1 ;;
esac
`;

Deno.test("every release that the README names is the one of deno.json, which it is published with", () => {
  const named = [
    ...README.matchAll(/(?:\/autocom\/|\bautocom_|tags\/v)(\d+\.\d+\.\d+[\w.-]*?)(?=[/_"'\s`]|$)/g),
  ];
  assert.ok(named.length >= 8, String(named.length));
  assert.deepEqual([...new Set(named.map(([, version]) => version))], [VERSION]);
});

/** Runs lines of a shell in a machine of their own: the folders it knows, and an `apt-get` that installs nothing. */
async function run(
  script: string,
  tests: (folder: string) => Promise<void>,
  program?: Uint8Array<ArrayBuffer>,
  more: Record<string, string> = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  await using server = releaseServer();
  try {
    const out = join(folder, "release");
    await smallRelease({ folder: out, version: VERSION, key: await testKey(), project: server.project, program });
    server.publish(VERSION, await filesOf(out));
    await Deno.remove(out, { recursive: true });
    for (const name of ["tools", "home", "work", "temp"]) await Deno.mkdir(join(folder, name));
    for (const name of ["apt-get", "less"]) {
      await Deno.writeTextFile(join(folder, "tools", name), "#!/bin/sh\n", { mode: 0o755 });
    }
    await Deno.writeTextFile(join(folder, "tools", "brew"), BREW, { mode: 0o755 });
    // Nobody's machine gets a program, whoever runs the tests.
    await Deno.writeTextFile(join(folder, "tools", "id"), "#!/bin/sh\necho 1000\n", { mode: 0o755 });
    const here = script.replaceAll(releasesOf(), server.project).replaceAll("/usr/local/bin", join(folder, "tools"));
    assert.notEqual(here, script, "the example names the release address");
    const env = {
      ...{ PATH: `${folder}/home/.local/bin:${folder}/temp/bin:${folder}/tools:/usr/bin:/bin`, HOME: `${folder}/home` },
      ...{ RUNNER_TEMP: `${folder}/temp`, GITHUB_PATH: `${folder}/temp/path`, AUTOCOM_TOKEN: "x" },
      ...more,
    };
    const { code, stderr } = await new Deno.Command("bash", {
      args: ["-e", "-o", "pipefail", "-c", here],
      ...{ cwd: join(folder, "work"), env, clearEnv: true, stdin: "null" },
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    await tests(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const says = async (path: string) => new TextDecoder().decode((await new Deno.Command(path).output()).stdout);

Deno.test({
  name: "the README's installation in two steps comes first, and it and the one-liner install",
  ignore,
  async fn() {
    const [twoSteps, oneLiner] = blocks("sh", "/generic/autocom/") as [string, string];
    assert.match(twoSteps, /^curl .*\nless install\.sh\nsh install\.sh\n$/);
    assert.match(oneLiner, /\| sh\n$/);
    for (const script of [twoSteps, oneLiner]) {
      await run(
        script,
        async (folder) =>
          assert.equal(await says(join(folder, "home", ".local", "bin", "autocom")), `autocom ${VERSION}\n`),
      );
    }
  },
});

Deno.test({
  name: "the README's lines for Homebrew put the formula into a tap, and install it from there (brew is an emulation)",
  ignore,
  async fn() {
    const [lines] = blocks("sh", "autocom.rb");
    await run(lines!, async (folder) => {
      const tap = join(folder, "home", "Taps", "autocom/homebrew-local");
      assert.match(
        await Deno.readTextFile(join(tap, "installed.rb")),
        new RegExp(`^class Autocom < Formula\\n[^]*version "${RegExp.escape(VERSION)}"`),
      );
    });
  },
});

Deno.test({
  name: "FT-54: the README's GitLab job fetches the program, checks its sum, and lists orders",
  ignore: ignore || !RUNTIME,
  async fn() {
    const { orders } = load(blocks("yaml", "before_script")[0]!) as { orders: Record<string, string[]> };
    const script = [...orders.before_script!, ...orders.script!].join("\n");
    const sandbox = await createSandbox();
    const platform = serveSandbox(sandbox);
    const out = await Deno.makeTempDir();
    try {
      await build(ROOT, ["--out", out]);
      const program = await Deno.readFile(join(out, fileName(HOST)));
      const env = {
        AUTOCOM_API_URL: `${platform.url}/api/v1`,
        AUTOCOM_TENANT: "acme",
        AUTOCOM_TOKEN: sandbox.pat("owner"),
      };
      await run(
        script,
        async (folder) => {
          const text = await Deno.readTextFile(join(folder, "work", "orders.json"));
          const listed = JSON.parse(text) as { status: string }[];
          assert.ok(listed.length > 0 && listed.every(({ status }) => status === "pending"));
        },
        program,
        env,
      );
    } finally {
      await platform.shutdown();
      sandbox.close();
      await Deno.remove(out, { recursive: true });
    }
  },
});

Deno.test({
  name: "the README's GitHub workflow runs as it stands, and actionlint finds nothing in it",
  ignore,
  async fn() {
    const text = blocks("yaml", "runs-on")[0]!;
    assert.deepEqual(await actionlint(text, ".github/workflows/orders.yml"), []);
    const { jobs } = load(text) as { jobs: { orders: { steps: { run: string }[] } } };
    const script = jobs.orders.steps.map((step) => step.run).join("\n");
    await run(script, async (folder) => {
      assert.equal(await Deno.readTextFile(join(folder, "work", "orders.json")), `autocom ${VERSION}\n`);
      assert.equal(await Deno.readTextFile(join(folder, "temp", "path")), `${folder}/temp/bin\n`);
    });
  },
});

Deno.test("the README shows how to check a download with four tools, each with its whole command", () => {
  for (
    const command of [
      /^ *sha256sum --check /m,
      /^minisign -Vm manifest\.json /m,
      /^cosign verify-blob /m,
      /^gh attestation verify /m,
    ]
  ) {
    assert.match(README, command);
  }
});

Deno.test({
  name:
    "the README's check of a download refuses other files with sums of their own, and a manifest of somebody else's",
  ignore: ignore || !await has("minisign"),
  async fn() {
    const [lines] = blocks("sh", "minisign -Vm") as [string];
    const folder = await Deno.makeTempDir();
    try {
      const [key, other] = [await testKey(), await testKey()];
      await smallRelease({ folder, version: VERSION, key, project: "http://x" });
      const check = async (signer = key) => {
        const script = lines.replace("-P KEY", `-P ${signer.public}`);
        const { code, stdout } = await new Deno.Command("bash", { args: ["-c", script], cwd: folder }).output();
        return { good: code === 0, out: new TextDecoder().decode(stdout) };
      };
      const archive = `autocom_${VERSION}_linux_amd64.tar.gz`;
      assert.match((await check()).out, new RegExp(`^${RegExp.escape(archive)}: OK$`, "m"));
      assert.equal((await check(other)).good, false);
      const path = join(folder, "SHA256SUMS");
      const [sums, bytes] = [await Deno.readTextFile(path), await Deno.readFile(join(folder, archive))];
      const evil = new TextEncoder().encode("theirs");
      await Deno.writeFile(join(folder, archive), evil);
      assert.equal((await check()).good, false);
      await Deno.writeTextFile(path, sums.replace(await sha256(bytes), await sha256(evil)));
      assert.equal((await check()).good, false);
      await Deno.writeFile(join(folder, archive), bytes);
      await Deno.writeTextFile(path, sums);
      assert.equal((await check()).good, true);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
