/** The workflows: actionlint's opinion, and seven rules of our own, each of which is seen to bite. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { load } from "js-yaml";
import { GITHUB, GITLAB } from "../../build/release/place.ts";
import { fileName, TARGETS } from "../../build/targets.ts";
import { actionlint } from "../support/build/actionlint.ts";
import { ROOT } from "../support/build/tree.ts";
import { smallRelease, testKey } from "../support/build/small_release.ts";

const FOLDER = join(ROOT, ".github", "workflows");
const names = (await Array.fromAsync(Deno.readDir(FOLDER), ({ name }) => name)).sort();
const texts = new Map(
  await Promise.all(names.map(async (name) => [name, await Deno.readTextFile(join(FOLDER, name))] as const)),
);

interface Step {
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}

interface Job {
  uses?: string;
  steps?: Step[];
  permissions?: unknown;
  environment?: unknown;
  needs?: unknown;
  "continue-on-error"?: boolean;
  env?: Record<string, string>;
  strategy?: { matrix: { include: { program: string }[] } };
}

interface Workflow {
  on: unknown;
  permissions?: unknown;
  jobs: Record<string, Job>;
}

/** What breaks one of the rules, in words. */
function faults(text: string): string[] {
  const workflow = load(text) as Workflow;
  const found: string[] = [];
  const triggers = typeof workflow.on === "object" && workflow.on ? Object.keys(workflow.on) : [workflow.on];
  if ([...triggers, ...Array.isArray(workflow.on) ? workflow.on : []].includes("pull_request_target")) {
    found.push("pull_request_target");
  }
  if (JSON.stringify(workflow.permissions) !== "{}") found.push("permissions at the top are not {}");
  for (const [job, { steps = [], uses, permissions }] of Object.entries(workflow.jobs)) {
    if (!permissions) found.push(`${job}: no permissions of its own`);
    for (const step of [...steps, { uses }] as Step[]) {
      if (step.uses && !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(step.uses)) {
        found.push(`${job}: ${step.uses} is not pinned to a commit`);
      }
      if (step.uses?.startsWith("actions/checkout@") && step.with?.["persist-credentials"] !== false) {
        found.push(`${job}: credentials are kept`);
      }
      // Its default is the newest, in a container that is given a token.
      if (step.uses?.startsWith("zizmorcore/") && !/^\d+\.\d+\.\d+$/.test(String(step.with?.version))) {
        found.push(`${job}: zizmor has no fixed version`);
      }
      if (/\bnpx\b[^\n]*\w@(?!\d+\.\d+\.\d+(\s|$))/.test(step.run ?? "")) {
        found.push(`${job}: npx without an exact version`);
      }
      if (/\$\{\{/.test(step.run ?? "")) found.push(`${job}: an expression inside run`);
    }
  }
  return found;
}

for (const [name, text] of texts) {
  Deno.test(`${name} keeps our seven rules`, () => assert.deepEqual(faults(text), []));

  Deno.test(`${name}: each pinned action says its version, the same everywhere`, () => {
    for (const line of text.split("\n").filter((line) => /^\s*- ?uses:|^\s+uses:/.test(line))) {
      assert.match(line, /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  Deno.test(`actionlint finds nothing in ${name}`, async () => {
    assert.deepEqual(await actionlint(text, join(".github", "workflows", name)), []);
  });
}

Deno.test("the rules bite: each broken workflow is named", () => {
  const good = texts.get("ci.yml")!;
  const broken: [string, string][] = [
    [good.replace(/@[0-9a-f]{40} # v7\.0\.1/, "@v7"), "is not pinned to a commit"],
    [good.replace("persist-credentials: false", "persist-credentials: true"), "credentials are kept"],
    [good.replace("permissions: {}", "permissions: read-all"), "permissions at the top"],
    [good.replace("run: deno task ok", "run: echo ${{ github.head_ref }}"), "an expression inside run"],
    [good.replace("run: deno task ok", "run: npx --yes --package renovate@43 -- x"), "npx without an exact version"],
    [good.replace(/ version: \d[^\n]*/, " version: latest"), "zizmor has no fixed version"],
    [good.replace(/\n +version: \d[^\n]*/, ""), "zizmor has no fixed version"],
    [good.replace("  pull_request:", "  pull_request_target:"), "pull_request_target"],
  ];
  for (const [text, why] of broken) assert.ok(faults(text).some((fault) => fault.includes(why)), why);
});

Deno.test("actionlint bites: an untrusted text in a script, and an input that an action does not have", async () => {
  const text = texts.get("ci.yml")!.replace("run: deno task ok", "run: echo ${{ github.event.pull_request.title }}");
  assert.ok((await actionlint(text, ".github/workflows/x.yml")).length > 0);
});

Deno.test("the release: no secret while building, one gated job that signs, the GitLab entry after the files, undrafted last", () => {
  const { jobs } = load(texts.get("release.yml")!) as Workflow;
  assert.ok(!/secrets\.|github\.token/.test(JSON.stringify(jobs.build)));
  assert.deepEqual(jobs.build!.permissions, { contents: "read" });
  assert.deepEqual(Object.entries(jobs).filter(([, { environment }]) => environment).map(([name]) => name), [
    "publish",
  ]);
  const steps = jobs.publish!.steps!.map((step) => step.run ?? step.uses ?? "");
  const order = [
    "diff --recursive",
    "task --quiet sign",
    "cosign sign-blob",
    "actions/attest@",
    "publish.ts check release",
    "minisign -Vm",
    "--draft ",
    "publish.ts upload",
    "publish.ts entry",
    "--draft=false",
  ];
  const places = order.map((part) => steps.findIndex((step) => step.includes(part)));
  assert.ok(places.every((place) => place >= 0), places.join());
  assert.deepEqual(places, places.toSorted((a, b) => a - b));
  assert.ok(!/cache@|curl [^|]*\| *(ba)?sh/.test([...texts.values()].join()));
});

Deno.test("the release: what was skipped for want of a program is red, and every target's program does the same list", () => {
  const { jobs } = load(texts.get("release.yml")!) as Workflow;
  const suite = jobs.build!.steps!.find(({ run }) => run?.includes("deno task ok"))!;
  assert.equal(suite.env?.AUTOCOM_TEST_COMPILED, "required");
  assert.equal(jobs.build!.env?.AUTOCOM_BUILD_CLIENT_ID, "${{ vars.AUTOCOM_CLIENT_ID }}"); // RELEASING, "Once"
  const programs = jobs.smoke!.strategy!.matrix.include.map(({ program }) => program);
  assert.deepEqual(programs.toSorted(), TARGETS.map(fileName).sort());
  assert.deepEqual(jobs.publish!.needs, ["build", "smoke"]);
  assert.ok(jobs.smoke!.steps!.some(({ run }) => run?.includes('build/release/smoke.ts "built/$PROGRAM"')));
  const first = (load(texts.get("ci.yml")!) as Workflow).jobs.ok!.steps!;
  assert.ok(first.some(({ run }) => run?.includes("build/release/smoke.ts")));
});

Deno.test("the newest Deno is tried: no pin and no lock, with every program that the suite has on Linux, and it holds nobody up", () => {
  const { jobs } = load(texts.get("ci.yml")!) as Workflow;
  const runs = ({ steps = [] }: Job) => steps.map(({ run }) => run ?? "").join("\n");
  const newest = runs(jobs.newest!);
  assert.match(newest, /^npm install --global deno@latest$/m);
  assert.ok(!/npm ci|\.dvmrc|release\/deno/.test(newest), newest);
  assert.equal(jobs.newest!["continue-on-error"], true);
  const build = (load(texts.get("release.yml")!) as Workflow).jobs.build!;
  for (const job of [jobs.ok!, jobs.newest!, build]) {
    assert.match(runs(job), /^sudo \.ci\/install$/m);
    assert.ok(runs(job).includes("apparmor_restrict_unprivileged_userns=0"));
  }
});

Deno.test("the Deno that a workflow installs is the pinned one, by the hashes of a lock", async () => {
  const read = async (...path: string[]) => (await Deno.readTextFile(join(ROOT, ...path))).trim();
  for (
    const [folder, pin] of [[["build", "deno"], await read(".dvmrc")], [
      ["build", "release", "deno"],
      await read("build", "release", "deno.txt"),
    ]] as const
  ) {
    const { packages } = JSON.parse(await read(...folder, "package-lock.json"));
    assert.equal(packages["node_modules/deno"].version, pin);
    for (
      const [path, { integrity, version }] of Object.entries(packages) as [
        string,
        { integrity: string; version: string },
      ][]
    ) {
      if (path === "") continue;
      assert.match(integrity, /^sha512-/, path);
      if (path.includes("deno")) assert.equal(version, pin);
    }
    // The other hosts of the older pin are gone from the registry that its lock was made from.
    const hosts = folder.length === 3
      ? ["linux-x64-glibc", "linux-arm64-glibc", "darwin-x64", "darwin-arm64", "win32-x64"]
      : ["linux-x64-glibc"];
    for (const host of hosts) assert.ok(packages[`node_modules/@deno/${host}`], `${pin} ${host}`);
  }
});

Deno.test("host, owner and project stand in one file: documents that repeat them agree", async () => {
  const readme = await Deno.readTextFile(join(ROOT, "README.md"));
  assert.ok(
    readme.includes(`${GITLAB.host}/${GITLAB.project}`) && readme.includes(`${GITHUB.host}/${GITHUB.repository}`),
  );
  for (
    const name of [
      "build/release/publish.ts",
      "build/release/gitlab.ts",
      "build/release/release.ts",
      "build/release/installers.ts",
    ]
  ) {
    const text = await Deno.readTextFile(join(ROOT, name));
    assert.ok(!text.includes(new URL(GITLAB.host).host) && !text.includes(GITLAB.project), name);
  }
});

Deno.test("renovate.json watches the import map, the actions, both pins of Deno, and zizmor's", async () => {
  const config = JSON.parse(await Deno.readTextFile(join(ROOT, ".github", "renovate.json")));
  assert.deepEqual(config.enabledManagers, ["deno", "github-actions", "npm", "custom.regex"]);
  const [{ managerFilePatterns, matchStrings }, zizmor] = config.customManagers;
  const ci = join(".github", "workflows", "ci.yml");
  assert.match(ci.replaceAll("\\", "/"), new RegExp(zizmor.managerFilePatterns[0].slice(1, -1)));
  assert.match(await Deno.readTextFile(join(ROOT, ci)), new RegExp(zizmor.matchStrings[0]));
  // One that is imported in parts stands there more than once: the versions move together.
  const { imports } = JSON.parse(await Deno.readTextFile(join(ROOT, "build", "imports.json")));
  const packages = Object.values<string>(imports).map((one) => /^npm:((?:@[^/]+\/)?[^@/]+@[^/]+)/.exec(one)![1]!);
  const names = new Set(packages.map((one) => one.replace(/@[^@]+$/, "")));
  assert.equal(new Set(packages).size, names.size, packages.join(", "));
  for (const path of [".dvmrc", "build/release/deno.txt"]) {
    assert.ok(managerFilePatterns.some((form: string) => new RegExp(form.slice(1, -1)).test(path)), path);
    assert.match(await Deno.readTextFile(join(ROOT, path)), new RegExp(matchStrings[0]));
  }
});

Deno.test({
  name: "the release: a build for development is refused where it is made, as its manifest is really written",
  ignore: Deno.build.os === "windows",
  async fn() {
    const steps = Object.values((load(texts.get("release.yml")!) as Workflow).jobs).flatMap(({ steps = [] }) => steps);
    const { run } = steps.find((step) => step.run?.includes("development"))!;
    const folder = await Deno.makeTempDir();
    try {
      await smallRelease({
        folder: join(folder, "release"),
        version: "2.0.0",
        key: await testKey(),
        project: "http://x",
      });
      const path = join(folder, "release", "manifest.json");
      const made = await Deno.readTextFile(path);
      const { development: _, ...real } = JSON.parse(made);
      for (const [text, code] of [[made, 1], [JSON.stringify(real) + "\n", 0]] as const) {
        await Deno.writeTextFile(path, text);
        const done = await new Deno.Command("bash", { args: ["-e", "-c", run!], env: { RUNNER_TEMP: folder } })
          .output();
        assert.equal(done.code, code, text.slice(0, 200));
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("the daily look gets every tag of the repository, and a job that is started again replaces the builds that are there", () => {
  const { watch } = (load(texts.get("watch.yml")!) as Workflow).jobs;
  const steps = watch!.steps!;
  assert.equal(steps.find(({ uses }) => uses?.startsWith("actions/checkout@"))!.with!["fetch-depth"], 0);
  assert.ok(
    steps.some(({ run }) =>
      /^git tag --list 'v\*' \| deno run .* build\/release\/publish\.ts watch proofs$/.test(run ?? "")
    ),
  );
  const { build } = (load(texts.get("release.yml")!) as Workflow).jobs;
  const kept = build!.steps!.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"))!.with!;
  assert.deepEqual([kept.overwrite, kept["retention-days"]], [true, 30]);
});

Deno.test("what starts by a clock stands apart: GitHub turns off its whole file after 60 days without a commit", () => {
  for (const [name, text] of texts) {
    const { on } = load(text) as { on: Record<string, unknown> };
    if ("schedule" in on) assert.deepEqual(Object.keys(on), ["schedule", "workflow_dispatch"], name);
  }
  const { on } = load(texts.get("ci.yml")!) as { on: { push: { branches: string[] } } };
  assert.deepEqual(on.push.branches, ["main", "[0-9]+.[0-9]+"]); // a backport's, as RELEASING names it
});

Deno.test({
  name:
    "the daily look has cosign judge every release, also behind one that it refuses, and where something else was red",
  ignore: Deno.build.os === "windows",
  async fn() {
    const { watch } = (load(texts.get("watch.yml")!) as Workflow).jobs;
    const step = watch!.steps!.find(({ run }) => run?.includes("cosign"))!;
    const installs = watch!.steps!.find(({ uses }) => uses?.startsWith("sigstore/"))!;
    for (const { if: when } of [installs, step]) assert.equal(when, "${{ !cancelled() }}");
    const folder = await Deno.makeTempDir();
    try {
      const cosign = `#!/bin/sh\necho "$*" >> "$0.log"\ncase "$*" in *"$BAD"*) exit 1 ;; esac\n`;
      await Deno.writeTextFile(join(folder, "cosign"), cosign, { mode: 0o700 });
      const run = async (BAD: string) => {
        const env = { PATH: `${folder}:${Deno.env.get("PATH")}`, WORKFLOW: "https://x/release.yml", BAD };
        const { code } = await new Deno.Command("bash", { args: ["-e", "-c", step.run!], cwd: folder, env }).output();
        return code;
      };
      assert.equal(await run("none"), 0); // no release yet
      for (const version of ["2.0.0", "2.1.0"]) await Deno.mkdir(join(folder, "proofs", version), { recursive: true });
      assert.equal(await run("none"), 0);
      assert.equal(await run("2.0.0"), 1);
      const asked = (await Deno.readTextFile(join(folder, "cosign.log"))).trimEnd().split("\n");
      assert.deepEqual(asked.slice(0, 2), asked.slice(2));
      assert.match(
        asked[1]!,
        /^verify-blob --bundle proofs\/2\.1\.0\/SHA256SUMS\.sigstore\.json --certificate-identity https:\/\/x\/release\.yml@refs\/tags\/v2\.1\.0 --certificate-oidc-issuer \S+ proofs\/2\.1\.0\/SHA256SUMS$/,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("where the workflow runs the Laravel suite, what is missing is red", () => {
  const { laravel } = (load(texts.get("ci.yml")!) as Workflow).jobs;
  assert.equal(laravel!.steps!.find(({ run }) => run?.includes("test:laravel"))!.env?.AUTOCOM_TEST_LARAVEL, "required");
});

const BELIEVED: [signer: string, program: boolean, code: number][] = [
  ["current", true, 0],
  ["next", true, 0],
  ["other", true, 1],
  ["current", false, 1],
];
for (const [signer, program, code] of BELIEVED) {
  Deno.test({
    name: `the release: a manifest that the ${signer} key signed, and that its own program would ${
      program ? "" : "not "
    }believe, is ${code ? "refused before the draft" : "verified"}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      const { run } = (load(texts.get("release.yml")!) as Workflow).jobs.publish!.steps!
        .find((step) => step.run?.includes("minisign -Vm"))!;
      const folder = await Deno.makeTempDir();
      try {
        await Deno.writeTextFile(
          join(folder, "minisign"),
          `#!/bin/sh\ncase $4 in */keys/${signer}.pub) ;; *) exit 1 ;; esac\n`,
          {
            mode: 0o700,
          },
        );
        const believes = `case "$*" in *"publish.ts check release") exit ${program ? 0 : 1} ;; *) exit 64 ;; esac`;
        await Deno.writeTextFile(join(folder, "deno"), `#!/bin/sh\n${believes}\n`, { mode: 0o700 });
        for (const name of ["sha256sum", "cosign", "gh"]) {
          await Deno.writeTextFile(join(folder, name), "#!/bin/sh\n", { mode: 0o700 });
        }
        await Deno.mkdir(join(folder, "release"));
        const env = { PATH: `${folder}:${Deno.env.get("PATH")}`, IDENTITY: "x", GITHUB_REPOSITORY: "x/y" };
        const done = await new Deno.Command("bash", { args: ["-e", "-c", run!], cwd: folder, env }).output();
        assert.equal(done.code, code, new TextDecoder().decode(done.stderr));
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

const NONE = "echo 'release not found' >&2; exit 1";
const SEEN: [about: string, view: string, code: number, then: RegExp | undefined, tag?: string][] = [
  ["no release yet", NONE, 0, /^release create v2\.0\.0 .* --draft --prerelease=false --verify-tag/],
  ["no pre-release yet", NONE, 0, /^release create v2\.1\.0-rc\.1 .* --draft --prerelease --verify-tag/, "v2.1.0-rc.1"],
  ["a GitHub that does not answer", "echo 'HTTP 502: Bad Gateway' >&2; exit 1", 1, undefined],
  ["a draft of a run that was cut off", "echo true", 0, /^release upload v2\.0\.0 .* --clobber$/],
  ["a release that is published, whose files stay", "echo false", 1, undefined],
];
for (const [about, view, code, then, tag = "v2.0.0"] of SEEN) {
  Deno.test({
    name: `the release: the draft is made or filled again, with ${about}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      const steps = Object.values((load(texts.get("release.yml")!) as Workflow).jobs).flatMap(({ steps = [] }) =>
        steps
      );
      const { run } = steps.find((step) => step.run?.includes("gh release create"))!;
      const folder = await Deno.makeTempDir();
      try {
        const gh = `#!/bin/sh\n[ "$2" = view ] && { ${view}; exit; }\necho "$*" >> "$0.log"\n`;
        await Deno.writeTextFile(join(folder, "gh"), gh, { mode: 0o700 });
        const PATH = `${folder}:${Deno.env.get("PATH")}`;
        const env = { PATH, GITHUB_REF_NAME: tag };
        const done = await new Deno.Command("bash", { args: ["-e", "-c", run!], cwd: folder, env }).output();
        const log = await Deno.readTextFile(join(folder, "gh.log")).catch(() => "");
        assert.equal(done.code, code, new TextDecoder().decode(done.stderr));
        if (then) assert.match(log.trimEnd(), then);
        else assert.equal(log, "");
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
