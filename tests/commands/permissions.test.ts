/** What a verb declares is what it uses: every port refuses once its permission was given up, and says so here. */
import assert from "node:assert/strict";
import { isAbsolute } from "node:path";
import type { Needs } from "../../src/drop.ts";
import { everyVerb, NOUNS } from "../../src/commands/mod.ts";
import { run } from "../../src/run.ts";
import type { Files, PermissionName, System } from "../../src/system/mod.ts";
import { loggedIn, type World } from "../support/harness.ts";
import { systemOf } from "../support/world.ts";
import { withToken } from "../support/scripted.ts";

interface Watched {
  system: System;
  /** What happened, in order: `read PATH`, `run PROGRAM`, `net`, `keep …`, `body`. */
  log: string[];
  /** Uses of a permission that was gone. */
  refused: string[];
}

/** The ports of a world behind its permissions. */
function watched(of: World): Watched {
  const base = systemOf(of);
  const log: string[] = [];
  const refused: string[] = [];
  let held: readonly PermissionName[] = ["env", "ffi", "import", "net", "read", "run", "sys", "write"];
  const use = (name: PermissionName, what = "") => {
    log.push(`${name} ${what}`.trim());
    if (held.includes(name)) return;
    refused.push(log.at(-1)!);
    throw new Deno.errors.NotCapable(`${name} was given up`);
  };
  const guard = <F extends (...args: never[]) => unknown>(call: F, ...names: PermissionName[]) =>
    (async (...args: unknown[]) => {
      for (const name of names) use(name, String(args[0]));
      return await call(...args as never[]);
    }) as unknown as F;
  const { files } = base;
  const guarded: Files = {
    open: (path, options) => guard(files.open, options?.write || options?.append ? "write" : "read")(path, options),
    lstat: guard(files.lstat, "read"),
    stat: guard(files.stat, "read"),
    realPath: guard(files.realPath, "read"),
    mkdir: guard(files.mkdir, "write"),
    rename: guard(files.rename, "read", "write"),
    remove: guard(files.remove, "write"),
    chmod: guard(files.chmod, "write"),
    readDir: (path) => (use("read", String(path)), files.readDir(path)),
  };
  let env: System["env"] | undefined;
  const system: System = {
    ...base,
    get env() {
      if (!env) use("env");
      return env ??= base.env;
    },
    files: guarded,
    fetch: async (request) => {
      use("net");
      const api = request.headers.has("Authorization");
      const answer = await base.fetch(request);
      return api ? seen(answer, log) : answer; // a token endpoint's answer has to be kept, so it comes before the drop
    },
    spawn: {
      run: guard(base.spawn.run, "run"),
      launch: (command, ...rest) => (use("run", command), base.spawn.launch(command, ...rest)),
    },
    serve: { ...base.serve, listen: (...args) => (use("net"), base.serve.listen(...args)) },
    permissions: {
      keep(names) {
        held = held.filter((name) => names.includes(name));
        log.push(["keep", ...held].join(" "));
      },
    },
  };
  return { system, log, refused };
}

/** The answer, with a body that tells when its first byte is asked for. */
function seen(answer: Response, log: string[]): Response {
  const body = answer.body?.pipeThrough(
    new TransformStream(
      {
        transform(chunk, controller) {
          log.push("body");
          controller.enqueue(chunk);
        },
      },
      undefined,
      { highWaterMark: 0 },
    ),
  );
  return new Response(body ?? null, { status: answer.status, headers: answer.headers });
}

const ORDER = "ORD-20260503-1814";
/** How each verb is called; `online` ones ask the platform with whatever token there is. */
const LINES: Record<string, { lines: string[]; online?: true }> = {
  "auth login": { lines: ["auth login --tenant acme", "auth login --store file --force"] },
  "auth logout": { lines: ["auth logout"] },
  "auth status": { lines: ["auth status"] },
  "auth token": { lines: ["auth token"] },
  "auth refresh": { lines: ["auth refresh"] },
  "whoami": { lines: ["whoami --refresh", "whoami"], online: true },
  "orders list": { lines: ["orders list", "orders list --all --from 2026-05-12 -o json"], online: true },
  "orders get": { lines: [`orders get ${ORDER}`, `orders get ${ORDER} -o yaml`], online: true },
  "orders update-status": { lines: [`orders update-status ${ORDER} shipped --yes`], online: true },
  "orders cancel": { lines: [`orders cancel ${ORDER} --yes`], online: true },
  "audit list": { lines: ["audit list", "audit list --since 7d -o json"], online: true },
  "tenants list": { lines: ["tenants list", "tenants list -o json"], online: true },
  "tenants use": { lines: ["tenants use globex"], online: true },
  "config list": { lines: ["config list", "config list -o yaml"] },
  "config get": { lines: ["config get tenant", "config get tenant -o json"] },
  "config set": { lines: ["config set tenant globex", "config set output json"] },
  "config unset": { lines: ["config unset tenant"] },
  "config path": { lines: ["config path", "config path -o json"] },
  "doctor": { lines: ["doctor"] },
  "help": { lines: ["help exit-codes", "help environment", "help permissions -o json"] },
  "login": { lines: ["login --tenant acme"] },
  "logout": { lines: ["logout"] },
};

const SHORTCUTS = await Promise.all(
  NOUNS.filter(({ hidden }) => hidden).map(async ({ name, verbs }) =>
    [await verbs()].flat().map((verb) => ({ words: name, verb }))
  ),
);
const VERBS = [...await everyVerb(), ...SHORTCUTS.flat()].map((
  { words, verb },
): [string, Needs] => [words, verb.needs]);

Deno.test("every verb is looked at", () => {
  assert.deepEqual(Object.keys(LINES).toSorted(), VERBS.map(([words]) => words).toSorted());
});

async function within(line: string, of: World): Promise<Watched> {
  const world = watched(of);
  of.seen.stdout = of.seen.stderr = "";
  const code = await run(line.split(" "), world.system);
  assert.deepEqual([code, world.refused], [0, []], `${line}\n${of.seen.stderr}${world.log.join("\n")}`);
  return world;
}

/** Holds what happened to the declaration. */
function hold({ log }: Watched, needs: Needs, home: string): void {
  const begin = log.findIndex((entry) => entry.startsWith("keep"));
  assert.deepEqual(log[begin]!.split(" ").slice(1).toSorted(), needs.before.toSorted(), "the first drop");
  for (const entry of log.slice(0, begin)) {
    assert.ok(
      entry === "env" || entry === `read ${home}/.autocom/config.toml` || entry === `read ${home}/.autocom`,
      entry,
    );
  }
  assert.equal(log.lastIndexOf("env") < begin, true, "the environment is read once, before the drop");
  const after = [...new Set<string>(["net", ...needs.after])].toSorted();
  const answered = log.indexOf("body");
  if (answered >= 0 && String(after) !== String(needs.before.toSorted())) {
    const [kind, ...kept] = log[answered - 1]!.split(" ");
    assert.deepEqual([kind, kept.toSorted()], ["keep", after], "the last thing before the body is the second drop");
  }
  for (const entry of log) {
    const [kind, path] = entry.split(/ (.*)/s);
    if (kind === "read" || kind === "write" || kind === "run") assert.ok(isAbsolute(path!), `CF-22: ${entry}`);
  }
}

for (const [words, needs] of VERBS) {
  const { lines, online } = LINES[words]!;
  for (const line of lines) {
    Deno.test(`${line}: permissions go before the action and before the body, and nothing more is used`, async () => {
      await using w = await loggedIn();
      hold(await within(line, w), needs, w.home);
    });
    if (!online) continue;
    Deno.test(`${line} with a token and all settings in the environment gives up the same`, async () => {
      await using w = await withToken();
      await Deno.mkdir(`${w.home}/.autocom`, { mode: 0o700 });
      await Deno.writeTextFile(`${w.home}/.autocom/config.toml`, 'output = "json"\n', { mode: 0o600 });
      hold(await within(line, w), needs, w.home);
    });
  }
}

Deno.test("what only explains or names a path keeps no permission at all", async () => {
  await using w = await loggedIn();
  for (const line of ["help exit-codes", "help permissions -o json", "config path", "config path -o yaml"]) {
    const { log } = await within(line, w);
    assert.deepEqual(log.filter((entry) => entry.startsWith("keep")), ["keep"], line);
  }
});

Deno.test("a session in the file needs no program, and one that is renewed drops everything all the same", async () => {
  await using w = await loggedIn();
  await within("auth login --store file --force", w);
  w.keychain.calls.length = 0;
  const { log } = await within("orders list", w);
  assert.deepEqual([w.keychain.calls.length, log.some((entry) => entry.startsWith("run"))], [0, false]);
  const before = w.sandbox.log.length;
  w.sandbox.options.graphqlGates = "route";
  const { access_token } = Object.values(JSON.parse(await Deno.readTextFile(`${w.home}/.autocom/credentials`)).sessions)
    .map((session) => (session as { access: { access_token: string } }).access)[0]!;
  w.sandbox.revokeToken(access_token);
  const renewed = await within("orders list", w);
  assert.deepEqual(w.sandbox.log.slice(before).map(({ status }) => status), [401, 200, 200]);
  assert.equal(renewed.log.findLast((entry) => entry.startsWith("keep")), "keep net");
});
