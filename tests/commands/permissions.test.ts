/** What a verb declares is what it uses: every port refuses once its permission was given up, and says so here. */
import assert from "node:assert/strict";
import { isAbsolute } from "node:path";
import type { Needs } from "../../src/drop.ts";
import { everyVerb, NOUNS } from "../../src/commands/mod.ts";
import { run } from "../../src/run.ts";
import type { Files, PermissionName, System } from "../../src/system/mod.ts";
import { INTROSPECTION } from "../support/gateway.ts";
import { loggedIn, words, type World } from "../support/harness.ts";
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
  const guardSync = <F extends (...args: never[]) => unknown>(call: F, name: PermissionName) =>
    ((...args: never[]) => (use(name, String(args[0])), call(...args))) as unknown as F;
  const { files } = base;
  const guarded: Files = {
    open: (path, options) => guard(files.open, options?.write || options?.append ? "write" : "read")(path, options),
    openSync: (path, options) => guardSync(files.openSync, options?.write ? "write" : "read")(path, options),
    lstatSync: guardSync(files.lstatSync, "read"),
    statSync: guardSync(files.statSync, "read"),
    chmodSync: guardSync(files.chmodSync, "write"),
    lstat: guard(files.lstat, "read"),
    stat: guard(files.stat, "read"),
    realPath: guard(files.realPath, "read"),
    mkdir: guard(files.mkdir, "write"),
    rename: guard(files.rename, "read", "write"),
    remove: guard(files.remove, "write"),
    chmod: guard(files.chmod, "write"),
    chown: guard(files.chown, "write"),
    link: guard(files.link, "read", "write"),
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
/** Introspection JSON of a schema with one operation. */
const SCHEMA = await Deno.makeTempFile({ suffix: ".json" });
await Deno.writeTextFile(SCHEMA, JSON.stringify(INTROSPECTION));
/** What an order is made of, as `call` takes it. */
const ITEMS = await Deno.makeTempFile({ suffix: ".json" });
await Deno.writeTextFile(ITEMS, '[{"sku":"ACM-001","quantity":1}]');

/** What a verb is called with beside the examples of its help, or instead of those that need a hand. */
const LINES: Record<string, string[]> = {
  "auth login": ["auth login --store file --force"],
  "whoami": ["whoami --refresh"],
  "orders list": ["orders list", "orders list --all --from 2026-05-12 -o json"],
  "orders get": [`orders get ${ORDER} -o yaml`],
  "audit list": ["audit list"],
  "tenants use": ["tenants use globex"],
  "config list": ["config list -o yaml"],
  "config get": ["config get tenant"],
  "config set": ["config set tenant globex"],
  "config path": ["config path", "config path -o json"],
  "help": ["help environment"],
  "call <operation>": [
    ...["call order --help", "call orders --per-page 2", "call orders_cancel --id 7 --dry-run"],
    ...[`call orders_create --items @${ITEMS} --yes`, `call orders_create --items=@${ITEMS} --dry-run`],
  ],
  "schema import": [`schema import ${SCHEMA}`],
  "login": ["login --tenant acme"],
  "logout": ["logout"],
};
/** Examples that need a shell or a person, or that only explain another command. */
const HANDS = /[|$]|--no-browser|^autocom help \w+ \w/;
/** They begin or end a session, or look at the one that is kept: they are not called with a token of the environment. */
const KEPT = /^(auth|doctor|login|logout)\b/;

const SHORTCUTS = await Promise.all(
  NOUNS.filter(({ hidden }) => hidden).map(async ({ name, verbs }) =>
    [await verbs()].flat().map((verb) => ({ words: name, verb }))
  ),
);
/** From source there are no releases: binary/upgrade.test.ts holds it to its permissions, those of the compiled program. */
const ELSEWHERE = "upgrade";
const VERBS = [...await everyVerb(), ...SHORTCUTS.flat()].filter(({ words }) => words !== ELSEWHERE).map(
  ({ words, verb: { needs, narrows, examples } }) => {
    const plain = examples.filter((line) => line.startsWith(`autocom ${words}`) && !HANDS.test(line));
    const lines = [...new Set([...LINES[words] ?? [], ...plain.map((line) => line.slice("autocom ".length))])];
    const online = needs.before.includes("net") && !KEPT.test(words);
    /** An export to stdout keeps less than one into a file, which the table shows. */
    const of = (line: string) => line.includes("--output-file") ? needs : narrows?.({}) ?? needs;
    return { words, lines: lines.map((line) => ({ line, needs: of(line) })), online };
  },
);

Deno.test("FT-59: every verb is called here by the examples of its help, or by a line in LINES", () => {
  const never = VERBS.filter(({ lines }) => lines.length === 0).map(({ words }) => words);
  assert.deepEqual(never, [], "no example of theirs is a plain `autocom …`: give them a line in LINES of this file");
  const gone = Object.keys(LINES).filter((name) => !VERBS.some(({ words }) => words === name));
  assert.deepEqual(gone, [], "there are no such verbs any more: take their lines out of LINES of this file");
});

async function within(line: string, of: World): Promise<Watched> {
  const world = watched(of);
  of.seen.next(line);
  // What is written is written into a folder of the test's.
  const code = await run(words(line.replace("--output-file ", `--output-file ${of.home}/`)), world.system);
  assert.deepEqual(
    [code, world.refused],
    [0, []],
    `${line}\n${of.seen.stdout}${of.seen.stderr}${world.log.join("\n")}`,
  );
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

for (const { lines, online } of VERBS) {
  for (const { line, needs } of lines) {
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
