/** Errors as programs and people read them: one object on one line, or a line and a hint; never a stack, never raw text. */
import assert from "node:assert/strict";
import { EXITS } from "../../src/errors.ts";
import { run } from "../../src/run.ts";
import type { System } from "../../src/system/mod.ts";
import { forbidden } from "../support/output/fixture.ts";
import { autocom, execute, type World, world } from "../support/harness.ts";
import { systemOf } from "../support/world.ts";
import { envelope, json, scripted, withToken } from "../support/scripted.ts";
import { givenUp } from "../support/given_up.ts";

/** Longer than a word, as a token is, and with what a terminal must not be given. */
const SECRET = "SECRET-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789";
const HOSTILE = "\x1b]0;pwn\x07\x1b[2J\r\n\u202e\u009b31m";

const ASKED: [how: string, args: string, env: Record<string, string>, file: string][] = [
  ["-o json", "-o json", {}, ""],
  ["-ojson", "-ojson", {}, ""],
  ["-qo json", "-qo json", {}, ""],
  ["--output json", "--output json", {}, ""],
  ["--output=json", "--output=json", {}, ""],
  ["--output yaml", "--output yaml", {}, ""],
  ["AUTOCOM_OUTPUT", "", { AUTOCOM_OUTPUT: "json" }, ""],
  ["the config file", "", {}, 'output = "json"\n'],
  ["the last of two flags", "-o tsv -o json", {}, ""],
  ["the flag before the variable", "-o json", { AUTOCOM_OUTPUT: "tsv" }, ""],
];
const FAILURES: [line: string, code: string, exit: number][] = [
  ["orders list --nope", "usage", 2],
  ["orders list --page 0", "usage", 2],
  ["orders nope", "usage", 2],
  ["nope", "usage", 2],
  ["orders get", "usage", 2],
  ["orders list", "server", 11],
  ["config get nope", "usage", 2],
];
for (const [how, args, env, file] of ASKED) {
  Deno.test(`with JSON asked for by ${how} every error is one line, the last of stderr; stdout is empty`, async () => {
    await using w = await withToken("owner", { env, fetch: scripted(json({ message: HOSTILE }, 500)) });
    if (file) {
      await Deno.mkdir(`${w.home}/.autocom`, { mode: 0o700 });
      await Deno.writeTextFile(`${w.home}/.autocom/config.toml`, file, { mode: 0o600 });
    }
    for (const [line, code, exit] of FAILURES) {
      for (const debug of ["", "--debug"]) {
        const ended = await execute(`${line} ${args} ${debug}`, w);
        const error = envelope(ended.err);
        assert.deepEqual([ended.code, ended.out, error.code, error.exit], [exit, "", code, exit], line);
        assert.ok(typeof error.message === "string" && typeof error.hint === "string", ended.err);
        assert.equal(ended.err.includes("debug: "), debug !== "", ended.err);
        assert.equal(forbidden(ended.err), undefined);
      }
    }
  });
}

Deno.test("of several formats the last that there is decides how a refusal is printed", async () => {
  await using w = await world();
  for (const args of ["-o json -o xml", "-o xml -o json --nope", "-o json -o", "-o tsv -o json -o= -o wide"]) {
    const { code, out, err } = await execute(`orders list ${args}`, w);
    assert.deepEqual([code, out, envelope(err).code], [2, "", "usage"], args);
  }
  for (const args of ["-o json -o tsv --nope", "-o json -o tsv -o xml", "-o xml"]) {
    const { code, err } = await execute(`orders list ${args}`, w);
    assert.equal(code, 2);
    assert.match(err, /^error: [^\n]+\nhint: [^\n]+\n$/, args);
  }
});

Deno.test("a hint repeats no word that is shown escaped: it could not be typed", async () => {
  await using w = await world();
  for (const odd of ["a\x1bb", "a\tb", "\u202ex", "\u200b", "\u{e0041}"]) {
    for (const line of [["ordrs", "get", odd], ["orders", "lsit", "--search", odd], ["orders", "list", odd]]) {
      const { code, err } = await execute(line, w);
      assert.equal(code, 2);
      assert.match(err.split("\n")[1]!, /^hint: did you mean: autocom orders \w+ …$/);
    }
  }
});

Deno.test("without JSON an error is one line and one hint, on stderr, without a stack", async () => {
  await using w = await withToken("owner", { fetch: scripted(json({ message: HOSTILE }, 500)) });
  for (const args of ["", "-o tsv", "-o table", "-o csv", "--output="]) {
    for (const [line] of FAILURES) {
      const { out, err } = await execute(`${line} ${args}`, w);
      assert.equal(out, "");
      assert.match(err, /^error: [^\n]+\nhint: [^\n]+\n$/, line);
      assert.equal(forbidden(err), undefined);
    }
  }
});

Deno.test("help exit-codes is the table of the program itself", async () => {
  const { out } = await execute("help exit-codes -o json", await world());
  const byCode = EXITS.toSorted((a, b) => a.code - b.code);
  assert.deepEqual(JSON.parse(out), byCode.map(({ code, kind, when }) => ({ code, kind, when })));
});

/** What a command line must not be thrown back with: pasted secrets, control characters. */
const LINES: [string, string[]][] = [
  ["an option's value", ["auth", "login", `--token=${SECRET}`]],
  ["an option", [`--${SECRET}`]],
  ["a command", [SECRET]],
  ["a verb", ["auth", SECRET]],
  ["a topic", ["help", SECRET]],
  ["a verb with --help", ["auth", SECRET, "--help"]],
  ["an argument too many", ["auth", "login", SECRET]],
  ["two arguments too many", ["auth", "login", "--with-token", SECRET, "x"]],
  ["a choice", ["orders", "list", "--status", SECRET]],
  ["a format", ["orders", "list", "-o", SECRET]],
  ["a color", ["orders", "list", `--color=${SECRET}`]],
  ["a combined flag", [`-q${SECRET}`]],
  ["an address", ["whoami", "--api-url", `https://u:${SECRET}@h`]],
  ["a query", ["whoami", "--api-url", `https://h?${SECRET}`]],
];
for (const [what, args] of LINES) {
  Deno.test(`a secret or an escape sequence that stands as ${what} is not thrown back`, async () => {
    await using w = await world();
    const { code, out, err } = await execute([...args, "--debug"], w);
    assert.deepEqual([code, out], [2, ""], err);
    assert.ok(!err.includes(SECRET), err);
    const hostile = args.map((word) => word.replace(SECRET, HOSTILE));
    const ended = await execute([...hostile, "--debug"], w);
    assert.equal(ended.code, 2);
    assert.equal(forbidden(ended.err), undefined);
    assert.match(ended.err, /^(debug: [^\n]*\n)*error: [^\n]*\nhint: [^\n]*\n$/);
  });
}

const HABITS: [line: string, hint: string][] = [
  ["ordrs list", "did you mean: autocom orders list"],
  ["orders lsit", "did you mean: autocom orders list"],
  ["help exit-code", "see: autocom --help"],
  ["help ordrs", "did you mean: autocom help orders"],
  ["help orders gte", "did you mean: autocom help orders get"],
  ["orders gte --help", "did you mean: autocom orders get --help"],
  ["orders list --statsu x", "did you mean: --status"],
  ["orders list --statsu pending", "did you mean: autocom orders list --status pending"],
  ["auth switch", "did you mean: autocom tenants use SLUG"],
  ["tenant use x", "did you mean: autocom tenants use x"],
  ["orders describe x", "did you mean: autocom orders get x"],
  ["signin", "did you mean: autocom auth login"],
  ["team list", "did you mean: autocom team invitations"],
  ["stock", "did you mean: autocom products list"],
  ["update ACM-001 --price 5", "did you mean: autocom products update ACM-001 --price 5"],
  ["orders export may.csv", "did you mean: autocom orders export --output-file may.csv"],
  ["orders export -o May.xlsx", "did you mean: autocom orders export --output-file May.xlsx"],
  ["orders export -o xlsx", "did you mean: autocom orders export --format xlsx"],
  ["orders export --query x", "print JSON, and filter that: -o json | jq FILTER (an export: --format jsonl)"],
  ["me", "did you mean: autocom whoami"],
  ["whoamy now", "did you mean: autocom whoami"],
  ["check acme -q", "did you mean: autocom doctor -q"],
  ["update autocom", "did you mean: autocom upgrade"],
  ["update --verify a.tar.gz", "did you mean: autocom upgrade --verify a.tar.gz"],
  ["orders list --json", "did you mean: autocom orders list -o json"],
  ["orders list --count=5", "did you mean: autocom orders list --limit=5"],
  ["orders list --no-headers", "did you mean: autocom orders list | tail -n +2"],
  ["orders list --status pending --watch", "did you mean: watch -n 10 autocom orders list --status pending"],
  ["orders get ORD-1 --web", "autocom opens no pages: leave --web out"],
  ["orders list -r", "did you mean: autocom orders list -o tsv"],
  ["orders list --sort-by total", "did you mean: autocom orders list --sort total"],
  ["orders list --all-namespaces", "did you mean: autocom orders list --all"],
  ["orders list --insecure", "set AUTOCOM_CA_BUNDLE to a PEM file with the authority of the server's certificate"],
  ["orders list -o wide", "did you mean: autocom orders list --fields"],
  ["orders list -owide --all", "did you mean: autocom orders list --fields --all"],
  ["orders list -o custom-columns=A:.id", "did you mean: autocom orders list --fields"],
  ["orders list --output=yml", "did you mean: autocom orders list -o yaml"],
  ["orders list -o ndjson", "did you mean: autocom orders list -o jsonl"],
  ["orders list -o name", "did you mean: autocom orders list --fields id -o tsv"],
  ["orders list pending", "did you mean: autocom orders list --status pending"],
  ["orders list paid --all", "did you mean: autocom orders list --payment-status paid --all"],
  ["orders list kettle", "did you mean: autocom orders list --search kettle"],
  ["orders list --status deliverd", "write, for example: --status delivered"],
  ["orders update-status ORD-1 shiped", "write, for example: autocom orders update-status ORD-1 shipped"],
  ["completion tcsh", "write, for example: autocom completion bash"],
  ["completion -q PWSH", "write, for example: autocom completion -q powershell"],
  ["query", "did you mean: autocom help query"],
  ["orders list --jq .[].id", "write it as JMESPath behind --query; see: autocom help query"],
  ["orders export --jq .[].id", "print JSON, and filter that: -o json | jq FILTER (an export: --format jsonl)"],
  ["orders list -o jsn", "write, for example: --output json"],
  ["completion", "write: autocom completion SHELL; SHELL is one of bash, zsh, fish, powershell"],
  ["customers get", "write: autocom customers get CUSTOMER"],
  ["whoami -o wide", "write, for example: --output table"],
  ["orders list -o", "write, for example: --output table"],
  ["orders list --no-color", "did you mean: autocom orders list --color never"],
  ["orders list --org x", "did you mean: autocom orders list --tenant x"],
  ["constructor", "see: autocom --help"],
  ["orders __proto__", "see: autocom orders --help"],
  ["--verbose", "did you mean: autocom --debug"],
  ["orders export --csv", "did you mean: autocom orders export --format csv"],
  ["orders export --out a.csv", "did you mean: autocom orders export --output-file a.csv"],
  ["orders export --file a.csv", "did you mean: autocom orders export --output-file a.csv"],
  ["orders export --overwrite", "did you mean: autocom orders export --force"],
  ["customers download", "did you mean: autocom customers export"],
  ["export", "did you mean: autocom orders export"],
  ...["customers update X", "team update X", "audit update", "team export", "team search x", "team describe x"].map((
    line,
  ): [string, string] => [line, `see: autocom ${line.split(" ")[0]} --help`]),
];
for (const [line, hint] of HABITS) {
  Deno.test(`autocom ${line}: ${hint}`, () =>
    autocom(line, { code: 2, err: (text) => assert.equal(text.split("\n")[1], `hint: ${hint}`) }));
}

/** Runs a line in a world whose ports are changed. */
async function runWith(line: string, of: World, change: (system: System) => Partial<System>) {
  of.seen.next("");
  const system = systemOf(of);
  return {
    code: await run(line.split(" "), { ...system, ...change(system) }),
    out: of.seen.stdout,
    err: of.seen.stderr,
  };
}

Deno.test("LK-5: a defect with a token in its words is exit 70, without the words; --debug shows where, not what", async () => {
  await using w = await withToken();
  const message = `cannot use ${SECRET} ${w.env.AUTOCOM_TOKEN}\n    at ${SECRET}\x1b[2J`;
  const broken = {
    uuid: () => {
      throw new Error(message);
    },
    bytes: () => {
      throw new Error(message);
    },
  };
  const plain = await runWith("orders list", w, () => ({ random: broken }));
  assert.deepEqual([plain.code, plain.out], [70, ""]);
  assert.match(
    plain.err,
    /^error: autocom failed unexpectedly\nhint: run it again with --debug and report it \(security@/,
  );
  const debug = await runWith("orders list --debug", w, () => ({ random: broken }));
  assert.match(debug.err, /^debug: Error: cannot use \*\*\* \*\*\*/m);
  assert.match(debug.err, /^debug: {5}at .*errors\.test\.ts/m);
  for (const { err } of [plain, debug]) {
    assert.ok(!err.includes(SECRET) && !err.includes(w.env.AUTOCOM_TOKEN!), err);
    assert.equal(forbidden(err), undefined);
  }
  const machine = await runWith("orders list -o json", w, () => ({ random: broken }));
  assert.deepEqual([machine.code, envelope(machine.err).code], [70, "bug"]);
});

Deno.test("LK-7: a rejection that nobody handled is exit 70 and a generic line, at once", async () => {
  await using w = await withToken();
  let crash: (reason: unknown) => void = () => {};
  w.fetch = (request) => {
    const ended = givenUp(request);
    crash(new Error(`Bearer ${SECRET}${HOSTILE}`));
    return ended;
  };
  const { code, out, err } = await runWith("orders list", w, ({ signals }) => ({
    signals: { ...signals, onCrash: (listener) => (crash = listener, () => {}) },
  }));
  assert.deepEqual([code, out], [70, ""]);
  assert.match(err, /^error: autocom failed unexpectedly\nhint: [^\n]*\n$/);
});

Deno.test("the runtime's own exception for a header, which quotes the token, is never shown", async () => {
  await using w = await withToken();
  let said = "";
  w.fetch = () => {
    try {
      new Headers({ authorization: `Bearer ${SECRET}\nx` });
    } catch (error) {
      said = String(error);
      throw error;
    }
    return Promise.reject();
  };
  const { err } = await execute("orders list --debug", w);
  assert.ok(said.includes(SECRET), "the exception does quote it");
  assert.ok(!err.includes(SECRET), err);
});

Deno.test("what nobody can be told is still told by the exit code", async () => {
  await using w = await withToken("owner", { fetch: scripted(json({}, 500)) });
  const { code } = await runWith("orders list", w, ({ io }) => ({
    io: { ...io, stderr: { ...io.stderr, write: () => Promise.reject(new Error("full")) } },
  }));
  assert.equal(code, 11);
});
