import assert from "node:assert/strict";
import { load } from "js-yaml";
import { autocom, execute, type World, world } from "../support/harness.ts";
import { envelope } from "../support/scripted.ts";

const fileOf = ({ home }: World) => `${home}/.autocom/config.toml`;

/** A world whose environment sets nothing of autocom's, with this config file. */
async function withFile(text?: string, env: Record<string, string> = {}): Promise<World> {
  const made = await world();
  made.env = { HOME: made.home, ...env };
  if (text !== undefined) {
    await Deno.mkdir(`${made.home}/.autocom`, { mode: 0o700 });
    await Deno.writeTextFile(fileOf(made), text, { mode: 0o600 });
  }
  return made;
}

async function rowOf(key: string, line: string, of: World): Promise<Record<string, unknown>> {
  const { code, out, err } = await execute(`config list -o json ${line}`, of);
  assert.equal(code, 0, err);
  return JSON.parse(out).find((row: { key: string }) => row.key === key);
}

interface Key {
  key: string;
  standard: unknown;
  file: string;
  stored: unknown;
  env?: [variable: string, text: string, value: unknown];
  flag?: [text: string, value: unknown];
}
const KEYS: Key[] = [
  {
    key: "api_url",
    standard: "https://api.autocom.wexron.io/api/v1",
    file: '"https://file.example/api/v1/"',
    stored: "https://file.example/api/v1",
    env: ["AUTOCOM_API_URL", "https://env.example", "https://env.example"],
    flag: ["--api-url http://127.0.0.1:9/api/v1", "http://127.0.0.1:9/api/v1"],
  },
  {
    key: "tenant",
    standard: null,
    file: '"of-file"',
    stored: "of-file",
    env: ["AUTOCOM_TENANT", " of-env ", "of-env"],
    flag: ["--tenant of-flag", "of-flag"],
  },
  {
    key: "output",
    standard: "table",
    file: '"yaml"',
    stored: "yaml",
    env: ["AUTOCOM_OUTPUT", "tsv", "tsv"],
    flag: ["--output json", "json"],
  },
  { key: "ring", standard: null, file: '"edge"', stored: "edge" },
  { key: "no_telemetry", standard: false, file: "true", stored: true, env: ["AUTOCOM_NO_TELEMETRY", "0", false] },
];
for (const { key, standard, file, stored, env, flag } of KEYS) {
  Deno.test(`${key}: flag before environment before file before default, and config list says which`, async () => {
    await using w = await withFile();
    // The list itself is asked for as JSON, so that the output's own row is read from the file's face.
    const shown = async (line = "") => key === "output" ? await getOutput(w, line) : await rowOf(key, line, w);
    const row = (value: unknown, origin: string, source: string) => ({ key, value, origin, source });
    assert.deepEqual(await shown(), row(standard, "default", "default"));
    await using kept = await withFile(`${key} = ${file}\n`);
    w.env.AUTOCOM_CONFIG = fileOf(kept);
    assert.deepEqual(await shown(), row(stored, "file", fileOf(kept)));
    if (env) {
      w.env[env[0]] = env[1];
      assert.deepEqual(await shown(), row(env[2], "environment", env[0]));
    }
    if (flag) assert.deepEqual(await shown(flag[0]), row(flag[1], "flag", flag[0].split(" ")[0]!));
  });
}

/** The row of `output` in the format that is in force: asking for one would set it. */
async function getOutput(of: World, line: string): Promise<unknown> {
  const { code, out, err } = await execute(`config list ${line}`, of);
  assert.equal(code, 0, err);
  if (out.startsWith("[") || out.startsWith("---")) {
    return (load(out) as { key: string }[]).find(({ key }) => key === "output");
  }
  const [, value, origin, source] = out.split("\n").find((line) => line.startsWith("output\t"))!.split("\t");
  return { key: "output", value, origin, source: source || "default" };
}

Deno.test("config list shows every key of the file with their origin; the file's path goes to stderr", async () => {
  await using w = await withFile('tenant = "acme"\n');
  const out = "KEY\tVALUE\tORIGIN\tSOURCE\napi_url\thttps://api.autocom.wexron.io/api/v1\tdefault\t\n" +
    `tenant\tacme\tfile\t${fileOf(w)}\noutput\ttable\tdefault\t\nring\t\tdefault\t\nno_telemetry\tfalse\tdefault\t\n` +
    "client_id\t\tdefault\t\ntime_zone\tUTC\tdefault\t\n";
  await autocom("config list", { out, err: `config file: ${fileOf(w)}\n` }, w);
  await autocom("config ls --quiet", { out }, w);
});

Deno.test("config list shows what can be shown when one value cannot be used", async () => {
  await using w = await withFile('tenant = 7\noutput = "csv"\nring = "edge"\n');
  await autocom("config list -q", {
    out: /^ring\tedge\tfile/m,
    err: /^warning: cannot use tenant in \S+: it is not a string\nwarning: cannot use output in \S+ "csv": .*\n$/,
  }, w);
  await autocom("config get tenant", {
    code: 3,
    err: /it is not a string\nhint: remove it: autocom config unset tenant/,
  }, w);
});

Deno.test("config get prints the value alone, or an empty line; as JSON and YAML an object", async () => {
  await using w = await withFile('tenant = "acme"\n');
  await autocom("config get tenant", { out: "acme\n" }, w);
  await autocom("config get tenant --tenant other", { out: "other\n" }, w);
  await autocom("config get ring", { out: "\n" }, w);
  await autocom("config get no_telemetry -o tsv", { out: "false\n" }, w);
  const { out } = await execute("config get tenant -o json", w);
  assert.deepEqual(JSON.parse(out), { key: "tenant", value: "acme", origin: "file", source: fileOf(w) });
  await autocom(
    "config get ring -o yaml",
    { out: "---\nkey: ring\nvalue: null\norigin: default\nsource: default\n" },
    w,
  );
});

Deno.test("config set makes a private file in a private folder, and says what it saved", async () => {
  await using w = await withFile();
  await autocom("config set tenant acme", { err: `Saved tenant = acme in ${fileOf(w)}.\n` }, w);
  assert.equal(await Deno.readTextFile(fileOf(w)), 'tenant = "acme"\n');
  assert.equal((await Deno.stat(fileOf(w))).mode! & 0o777, 0o600);
  assert.equal((await Deno.stat(`${w.home}/.autocom`)).mode! & 0o777, 0o700);
  await autocom("config set tenant acme", { err: `Already there: tenant = acme in ${fileOf(w)}.\n` }, w);
  await autocom("config set no_telemetry yes -q", {}, w);
  await autocom("config get no_telemetry", { out: "true\n" }, w);
});

Deno.test("config set and unset leave comments and unknown keys as they are", async () => {
  const text = "# mine\ntenant = \"acme\" # the shop\nfuture = [1, 2]\n\n[section]\nkey = 'v'\n";
  await using w = await withFile(text);
  await autocom("config set tenant globex -q", {}, w);
  assert.equal(await Deno.readTextFile(fileOf(w)), text.replace('"acme"', '"globex"'));
  await autocom("config unset tenant", { err: `Removed tenant from ${fileOf(w)}.\n` }, w);
  assert.equal(await Deno.readTextFile(fileOf(w)), text.replace('tenant = "acme" # the shop\n', ""));
  await autocom("config unset tenant", { err: `tenant was not set in ${fileOf(w)}.\n` }, w);
});

Deno.test("FT-52: a format may be written in capitals, wherever it is said; what is saved is in lower case", async () => {
  await using w = await withFile(undefined, { AUTOCOM_OUTPUT: "JSON" });
  await autocom("config get tenant", { out: /^\{/ }, w);
  delete w.env.AUTOCOM_OUTPUT;
  await autocom("config set output Yaml", { err: `Saved output = yaml in ${fileOf(w)}.\n` }, w);
  assert.equal(await Deno.readTextFile(fileOf(w)), 'output = "yaml"\n');
});

Deno.test("a saved value that a variable hides is told of", async () => {
  await using w = await withFile(undefined, { AUTOCOM_TENANT: "other" });
  const err =
    /^Saved tenant = acme in \S+\.\nwarning: AUTOCOM_TENANT is set: it goes before the file's tenant; to end that: unset AUTOCOM_TENANT\n$/;
  await autocom("config set tenant acme", { err }, w);
});

Deno.test("a variable or an option that decides once a value is removed is told of", async () => {
  await using w = await withFile('tenant = "acme"\n', { AUTOCOM_TENANT: "other" });
  for (const said of ["Removed tenant from", "tenant was not set in"]) {
    const err = new RegExp(
      `^${said} \\S+\\.\nwarning: AUTOCOM_TENANT is set: it goes before the file's tenant; to end that: unset AUTOCOM_TENANT\n$`,
    );
    await autocom("config unset tenant", { err }, w);
  }
  await autocom("config unset tenant --tenant third", { err: /\nwarning: --tenant is set: it goes before / }, w);
  delete w.env.AUTOCOM_TENANT;
  await autocom("config unset tenant", { err: /^tenant was not set in \S+\.\n$/ }, w);
});

const REFUSED: [id: string, args: string[], err: RegExp][] = [
  [
    "CF-20",
    ["api_url", "http://evil"],
    /plain http is only for 127\.0\.0\.1 and \[::1\]\nhint: write: https:\/\/evil\/\n/,
  ],
  ["CF-20", ["api_url", "http://localhost:8790/api/v1"], /hint: write: http:\/\/127\.0\.0\.1:8790\/api\/v1\n/],
  ["CF-20", ["api_url", "ftp://h"], /only https is accepted/],
  ["CF-20", ["api_url", "https://u:pass-word@h"], /it holds a user name or a password/],
  ["CF-20", ["api_url", "javascript:alert(1)"], /only https is accepted/],
  ["CF-20", ["api_url", "https://h/graphql"], /it must not end in \/graphql\nhint: write: https:\/\/h\n/],
  ["CF-20", ["api_url", "https://h/\nx"], /it holds a control character/],
  ["", ["tenant", "a b"], /cannot use tenant "a b": it is not a slug/],
  ["TR-15", ["tenant", "a\r\nX-Evil: 1"], /cannot use tenant "a\\r\\nX-Evil: 1": it is not a slug/],
  ["", ["output", "tsv"], /the config file takes table, json, yaml\nhint: use --output tsv, or AUTOCOM_OUTPUT=tsv\n/],
  ["", ["output", "csv"], /the config file takes table, json, yaml\nhint: use --output csv, or AUTOCOM_OUTPUT=csv\n/],
  ["", ["output", "xml"], /there is no such format/],
  ["", ["output", "TSV"], /the config file takes table, json, yaml\nhint: use --output tsv, /],
  ["", ["no_telemetry", "maybe"], /it is neither true nor false/],
  [
    "",
    ["token", "x"],
    /unknown config key "token"\nhint: the keys are api_url, tenant, output, ring, no_telemetry, client_id, time_zone\n/,
  ],
  ["", ["apiurl", "x"], /unknown config key "apiurl"\nhint: did you mean: api_url\n/],
  ["", ["__proto__", "x"], /unknown config key "__proto__"/],
  ["", ["timeout", "5"], /unknown config key "timeout"/],
  ["", ["output"], /hint: write: autocom config set output VALUE; VALUE is one of table, json, yaml\n/],
  ["", ["no_telemetry", "-q"], /hint: write: autocom config set no_telemetry -q VALUE; VALUE is one of true, false\n/],
  ["", ["output=json"], /hint: did you mean: autocom config set output json\n/],
  ["", ["nope=json"], /hint: write: autocom config set nope=json VALUE\n/],
  ["", ["tenant"], /<value> is missing\nhint: write: autocom config set tenant VALUE\n/],
];
for (const [id, args, err] of REFUSED) {
  Deno.test(`${id && `${id}: `}config set ${args.join(" ")} is exit 2 and leaves the file as it was`, async () => {
    const text = 'api_url = "https://good.example/api/v1"\n';
    await using w = await withFile(text);
    await autocom(["config", "set", ...args], { code: 2, err }, w);
    assert.equal(await Deno.readTextFile(fileOf(w)), text);
    assert.ok(!w.seen.stderr.includes("pass-word"));
    await using bare = await withFile();
    await autocom(["config", "set", ...args], { code: 2, err }, bare);
    await assert.rejects(Deno.stat(`${bare.home}/.autocom`));
  });
}

Deno.test("a broken config file is exit 3 with line and column, and is never overwritten", async () => {
  const text = 'tenant = "acme"\noutput = = "json"\n';
  await using w = await withFile(text);
  const err =
    /^error: cannot read \S+config\.toml: line 2, column \d+: .*\nhint: correct that line, or move the file away: mv /;
  for (
    const line of [
      "config list",
      "config get tenant",
      "config set tenant x",
      "config unset tenant",
      "orders list",
      "whoami",
    ]
  ) {
    await autocom(line, { code: 3, err }, w);
  }
  assert.equal(await Deno.readTextFile(fileOf(w)), text);
  await autocom("config path", { out: `${fileOf(w)}\n` }, w);
  await autocom("help exit-codes", { out: /^CODE/ }, w);
  await autocom("orders list --help", { out: /^Usage/ }, w);
  await autocom("config list -o json --tenant acme --api-url https://h", {
    code: 3,
    err: (text) => assert.equal(envelope(text).exit, 3),
  }, w);
});

Deno.test("CF-21: a token in the config file is nothing, __proto__ is a key like any other, 10 MB are refused", async () => {
  await using w = await withFile('token = "SECRET"\naccess_token = "SECRET"\n__proto__ = { tenant = "evil" }\n');
  const { out, err } = await execute("config list -o json", w);
  assert.ok(!`${out}${err}`.includes("SECRET"));
  assert.equal(JSON.parse(out)[1].value, null);
  assert.equal(Object.getOwnPropertyNames(Object.prototype).includes("tenant"), false);
  await autocom("orders list", { code: 4, err: /^error: not logged in to / }, w);
  await using large = await withFile(`# ${"x".repeat(10 << 20)}\ntenant = "acme"\n`);
  await autocom("config list", { code: 3, err: /it is larger than 1048576 bytes\nhint: / }, large);
  await autocom("config set tenant x", { code: 3, err: /it is larger than/ }, large);
});

Deno.test("config path is where the file is or would be; AUTOCOM_CONFIG moves it", async () => {
  await using w = await withFile();
  await autocom("config path", { out: `${fileOf(w)}\n` }, w);
  w.env.AUTOCOM_CONFIG = "/etc/auto\x1bcom.toml";
  await autocom("config path", { code: 2, err: /it holds a control character/ }, w);
  w.env.AUTOCOM_CONFIG = `${w.home}/other place.toml`;
  await autocom("config path", { out: `${w.home}/other place.toml\n` }, w);
  await autocom("config path -o json", { out: `{\n  "path": "${w.home}/other place.toml"\n}\n` }, w);
  await autocom("config set tenant acme -q", {}, w);
  assert.equal(await Deno.readTextFile(`${w.home}/other place.toml`), 'tenant = "acme"\n');
  w.env.AUTOCOM_CONFIG = "here.toml";
  await autocom("config path", { code: 2, err: /cannot use AUTOCOM_CONFIG "here\.toml": it is not absolute/ }, w);
});

Deno.test("without a HOME the settings are the defaults, and only what needs a file fails, with exit 3", async () => {
  await using w = await world();
  w.env = {};
  const err = "warning: there is no place for config.toml: HOME is not set\n";
  await autocom("config list", { out: /^tenant\t\tdefault/m, err }, w);
  await autocom("config get output", { out: "table\n" }, w);
  for (const line of ["config path", "config set tenant acme", "config unset tenant"]) {
    await autocom(line, {
      code: 3,
      err: /^error: there is no place for config\.toml: HOME is not set\nhint: set HOME, or AUTOCOM_CONFIG/,
    }, w);
  }
});

Deno.test("view and show are get, of a setting too; without a key the hint says how it goes on", async () => {
  await using w = await world({ env: { AUTOCOM_TENANT: "acme" } });
  for (const word of ["get", "view", "show"]) {
    await autocom(`config ${word} tenant`, { out: "acme\n" }, w);
    await autocom(`config ${word}`, {
      code: 2,
      err: /<key> is missing\nhint: write: autocom config (get|view|show) KEY; KEY is one of api_url, /,
    }, w);
  }
});
