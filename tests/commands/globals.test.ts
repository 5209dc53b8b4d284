import assert from "node:assert/strict";
import { autocom, execute, loggedIn, pat, world } from "../support/harness.ts";
import { order, page, scripted, withToken } from "../support/scripted.ts";

const SEQUENCE = "\x1b[";

const COLOR: [args: string, env: Record<string, string>, terminal: boolean, colored: boolean][] = [
  ["", {}, true, true],
  ["", {}, false, false],
  ["--color never", {}, true, false],
  ["--color=never", { FORCE_COLOR: "1" }, true, false],
  ["--color always", { NO_COLOR: "1" }, false, true],
  ["", { NO_COLOR: "1" }, true, false],
  ["--color auto", { NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
  ["", { FORCE_COLOR: "1" }, false, true],
  ["", { FORCE_COLOR: "0" }, true, false],
  ["", { CLICOLOR_FORCE: "1" }, false, true],
  ["", { CLICOLOR: "0" }, true, false],
  ["", { TERM: "dumb" }, true, false],
];
for (const [args, env, terminal, colored] of COLOR) {
  const where = terminal ? "a terminal" : "a pipe";
  Deno.test(`${args || "no --color"} with ${JSON.stringify(env)} on ${where}: an error and a table are ${colored ? "" : "not "}coloured`, async () => {
    await using w = await withToken("owner", {
      env,
      fetch: scripted(page([order()])),
      terminal: { stderr: terminal, stdout: true },
    });
    const { err } = await execute(`orders list --page 0 ${args}`, w);
    assert.equal(err.includes(SEQUENCE), colored, err);
    w.terminal.stdout = terminal;
    const { out } = await execute(`orders list ${args}`, w);
    assert.equal(out.includes(SEQUENCE), colored && terminal, out);
  });
}

Deno.test("colour changes no format: TSV, JSON, YAML and the JSON error are never coloured", async () => {
  await using w = await withToken("owner", { fetch: scripted(page([order()])), env: { FORCE_COLOR: "1" } });
  for (const format of ["tsv", "json", "yaml"]) {
    const { out } = await execute(`orders list -o ${format} --color always`, w);
    assert.ok(out !== "" && !out.includes("\x1b"), format);
  }
  assert.ok(!(await execute("orders list --page 0 -o json --color always", w)).err.includes("\x1b"));
});

Deno.test("--quiet silences notes, not warnings, errors or data", async () => {
  await using w = await withToken();
  await autocom("config set tenant globex -q", { err: /^warning: AUTOCOM_TENANT is set/ }, w);
  await autocom("-q orders list --per-page 1", { out: /^ORDER/ }, w);
  await autocom("--quiet orders list --page 0", { code: 2, err: /^error: / }, w);
});

Deno.test("global options may stand before the noun, between the words, or at the end", async () => {
  await using w = await withToken("owner", { fetch: scripted(page([])) });
  for (
    const line of [
      "-o json orders list",
      "orders -o json list",
      "orders list -ojson",
      "orders list --output=json",
      "-qo json orders list --per-page 1",
      "-q -ojson orders ls",
      "--tenant orders -qojson orders list",
      "-o json -- orders list",
      "-o json orders -- list",
    ]
  ) {
    await autocom(line, { out: "[]\n" }, w);
  }
});

Deno.test("a word that stands for a command is found wherever it stands: as help, as version, behind flags", async () => {
  const alike: [line: string, same: string][] = [
    ["-qh orders", "orders --help"],
    ["orders -qh list", "orders list --help"],
    ["--tenant help orders -h", "orders --help"],
    ["help orders ls", "orders list --help"],
    ["help --", "--help"],
    ["help -- orders", "orders --help"],
    ["-o json --help", "--help"],
    ["", "--help"],
    ["-q", "--help"],
    ["--tenant version version", "--version"],
    ["help version", "--version"],
    ["--output= orders list -h", "orders list --help"],
  ];
  for (const [line, same] of alike) {
    await using w = await world();
    const { out } = await execute(same, w);
    assert.ok(out.length > 10);
    await autocom(line, { out }, w);
  }
  await autocom("--output= orders list", { code: 2, err: /--output must be one of table, / });
  await autocom("-x orders list", { code: 2, err: /^error: unknown option "-x"\n/ });
});

Deno.test("--tenant goes before AUTOCOM_TENANT, that before the file", async () => {
  await using w = await loggedIn();
  const asked = async (line: string, expected = 0) => {
    const { code, err } = await execute(line, w);
    assert.equal(code, expected, err);
    return w.sandbox.log.at(-1)!.headers["x-tenant"];
  };
  assert.equal(await asked("orders list"), "acme");
  w.env.AUTOCOM_TENANT = "globex";
  assert.equal(await asked("orders list"), "globex");
  assert.equal(await asked("orders list --tenant initech", 5), "initech");
});

const TENANTS = ["a\r\nX-Evil: 1", "a b", "é", "-", "a".repeat(64)];
for (const tenant of TENANTS) {
  Deno.test(`TR-15: the tenant ${JSON.stringify(tenant.slice(0, 20))} is exit 2 from flag, variable and file; no header is built`, async () => {
    const fetch = scripted();
    await using w = await withToken("owner", { fetch });
    const err = /^error: cannot use .*: it is not a slug\nhint: /;
    await autocom(["orders", "list", `--tenant=${tenant}`], { code: 2, err }, w);
    w.env.AUTOCOM_TENANT = tenant;
    await autocom("orders list", { code: 2, err }, w);
    w.env.AUTOCOM_TENANT = "";
    await Deno.mkdir(`${w.home}/.autocom`, { mode: 0o700 });
    await Deno.writeTextFile(`${w.home}/.autocom/config.toml`, `tenant = ${JSON.stringify(tenant)}\n`, { mode: 0o600 });
    await autocom("orders list", { code: 2, err }, w);
    assert.equal(fetch.asked.length, 0);
  });
}

Deno.test("TR-6: an address in clear text is exit 2 from flag, variable and file, before any packet", async () => {
  const fetch = scripted();
  await using w = await withToken("owner", { fetch });
  const err =
    /^error: cannot use .* "http:\/\/example\.com": plain http is only for 127\.0\.0\.1 and \[::1\]\nhint: write: (--api-url |AUTOCOM_API_URL=)?https:\/\/example\.com\/\n$/;
  await autocom("orders list --api-url http://example.com", { code: 2, err }, w);
  w.env.AUTOCOM_API_URL = "http://example.com";
  await autocom("orders list", { code: 2, err }, w);
  w.env.AUTOCOM_API_URL = "";
  await Deno.mkdir(`${w.home}/.autocom`, { mode: 0o700 });
  await Deno.writeTextFile(`${w.home}/.autocom/config.toml`, 'api_url = "http://example.com"\n', { mode: 0o600 });
  await autocom("orders list", { code: 2, err }, w);
  assert.equal(fetch.asked.length, 0);
});

for (const seconds of ["0", "-1", "abc", "3601", "1e3", " "]) {
  Deno.test(`--timeout "${seconds}" is exit 2, and so is AUTOCOM_TIMEOUT`, async () => {
    await using w = await withToken("owner", { fetch: scripted() });
    const err =
      /^error: cannot use (--timeout|AUTOCOM_TIMEOUT) ".*": it must be a number of seconds, more than 0 and at most 3600\nhint: write, for example: (--timeout |AUTOCOM_TIMEOUT=)30\n$/;
    await autocom(["orders", "list", `--timeout=${seconds}`], { code: 2, err }, w);
    w.env.AUTOCOM_TIMEOUT = seconds;
    await autocom("orders list", { code: 2, err }, w);
  });
}

Deno.test("--no-input and AUTOCOM_NO_INPUT ask nothing, also on a terminal", async () => {
  for (const [args, env] of [["--no-input", {}], ["", { AUTOCOM_NO_INPUT: "1" }]] as const) {
    await using w = await world({ terminal: { stdin: true, stdout: true, stderr: true } });
    Object.assign(w.env, env);
    w.env.AUTOCOM_TENANT = "";
    w.stdin = `${pat(w.sandbox)}\r`;
    const { code, err } = await execute(`auth login --token-stdin ${args} --color never`, w);
    assert.equal(code, 5, err);
    assert.match(err, /hint: choose one of yours \(acme, globex, initech\): autocom tenants use acme\n$/);
    assert.deepEqual(w.seen.asked, []);
  }
});

Deno.test("the version is one line, however it is asked for", async () => {
  for (const line of ["--version", "version", "version -o json", "--version --quiet", "orders --version"]) {
    await autocom(line, { out: "autocom dev\n" });
  }
  await autocom("-V", { code: 2, err: 'error: unknown option "-V"\nhint: did you mean: autocom --version\n' });
});

Deno.test("without a HOME, what needs no file works", async () => {
  await using w = await withToken("owner", { fetch: scripted(page([])) });
  w.env.HOME = "";
  await autocom("orders list -o json", { out: "[]\n" }, w);
  await autocom("help exit-codes", { out: /^CODE/ }, w);
  w.env.AUTOCOM_TOKEN = "";
  await autocom("orders list", { code: 3, err: /HOME is not set\nhint: set HOME, or AUTOCOM_CREDENTIALS_FILE/ }, w);
});

Deno.test("TR-16: a token that no header can hold is refused with its own words unsaid", async () => {
  await using w = await withToken("owner", { fetch: scripted() });
  for (const token of ["a\nb-SECRET", "SECRET with spaces", "“SECRET”", "x".repeat(20_000)]) {
    w.env.AUTOCOM_TOKEN = token;
    const { code, err } = await execute("orders list --debug", w);
    assert.equal(code, 2);
    assert.match(
      err,
      /error: AUTOCOM_TOKEN (has characters that a token cannot have|holds more than 16384 characters)\nhint: set it to the token alone/,
    );
    assert.ok(!err.includes("SECRET"));
  }
});
