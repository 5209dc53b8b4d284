import assert from "node:assert/strict";
import { type Flags, KEYS, SETTINGS, settings } from "../../src/config/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { ENVIRONMENT } from "../../src/system/environment.ts";
import { inFolder, names } from "../support/storage/folder.ts";
import { fails, open } from "../support/config/open.ts";

const system = denoSystem();
const DEFAULT_URL = "https://api.autocom.wexron.io/api/v1";

Deno.test(
  "flag goes before environment, environment before file, file before default, and each says where it came from",
  inFolder(async (home) => {
    const file = 'tenant = "file"\n';
    const env = { AUTOCOM_TENANT: "variable" };
    const path = `${home}/.autocom/config.toml`;
    const origins = [
      [{ file, env, flags: { tenant: "flag" } }, { value: "flag", origin: "flag", source: "--tenant" }],
      [{ file, env }, { value: "variable", origin: "environment", source: "AUTOCOM_TENANT" }],
      [{ file }, { value: "file", origin: "file", source: path }],
      [{ file: "" }, { value: undefined, origin: "default", source: "default" }],
    ] as const;
    for (const [given, setting] of origins) assert.deepEqual(await open(home, given).get("tenant"), setting);
  }),
);

Deno.test(
  "without anything the vendor's defaults are in force",
  inFolder(async (home) => {
    const list = await open(home).list();
    assert.deepEqual(list.map(({ key, value, origin }) => [key, value, origin]), [
      ["api_url", DEFAULT_URL, "default"],
      ["tenant", undefined, "default"],
      ["output", "table", "default"],
      ["ring", undefined, "default"],
      ["no_telemetry", false, "default"],
    ]);
    assert.equal((await open(home).get("timeout")).value, 30);
    assert.deepEqual(await names(home), []);
  }),
);

Deno.test(
  "each variable and each flag of the table is read",
  inFolder(async (home) => {
    const texts = {
      api_url: "https://h",
      tenant: "t",
      output: "tsv",
      ring: "r",
      no_telemetry: "1",
      time_zone: "Europe/Paris",
      timeout: "1.5",
    };
    const values = { ...texts, no_telemetry: true, timeout: 1.5 };
    for (
      const [name, row] of Object.entries(SETTINGS) as [keyof typeof SETTINGS, { env?: string; option?: keyof Flags }][]
    ) {
      if (row.env) {
        assert.equal((await open(home, { env: { [row.env]: texts[name] } }).get(name)).value, values[name]);
        assert.ok(ENVIRONMENT.includes(row.env), `${row.env} is in the snapshot`);
      }
      if (row.option) {
        assert.equal((await open(home, { flags: { [row.option]: texts[name] } }).get(name)).value, values[name]);
      }
    }
  }),
);

Deno.test(
  "a file that is not needed is not read",
  inFolder(async (home) => {
    const broken = open(home, { file: "broken", env: { AUTOCOM_TENANT: "t" }, flags: { apiUrl: "https://h" } });
    assert.equal((await broken.get("tenant")).value, "t");
    assert.equal((await broken.get("api_url")).value, "https://h");
    assert.equal((await broken.get("timeout")).value, 30);
    await assert.rejects(broken.get("output"), fails(3, /config\.toml: line 1, column \d+/));
  }),
);

Deno.test("without a home there is no file: defaults are in force, and only saving needs one", async () => {
  const homeless = settings({ ...system, env: {} });
  assert.equal((await homeless.get("api_url")).value, DEFAULT_URL);
  assert.throws(() => homeless.path(), fails(3, /no place for config\.toml: HOME is not set/, /AUTOCOM_CONFIG/));
  await assert.rejects(homeless.set("tenant", "t"), fails(3, /HOME is not set/));
});

Deno.test(
  "AUTOCOM_CONFIG moves the file, with and without a home",
  inFolder(async (home) => {
    const path = `${home}/moved.toml`;
    const moved = settings({ ...system, env: { AUTOCOM_CONFIG: path } });
    assert.equal(moved.path(), path);
    await moved.set("tenant", "t");
    assert.equal(await Deno.readTextFile(path), 'tenant = "t"\n');
    assert.deepEqual(await moved.get("tenant"), { value: "t", origin: "file", source: path });
  }),
);

Deno.test("CF-16, CF-22: AUTOCOM_CONFIG is never taken relative to the working folder", async () => {
  for (const path of ["config.toml", "./c", "~/c", "/a\nb", "/" + "x".repeat(5_000)]) {
    const astray = settings({ ...system, env: { HOME: "/none", AUTOCOM_CONFIG: path } });
    await assert.rejects(astray.get("tenant"), fails(2, /^cannot use AUTOCOM_CONFIG /));
    await assert.rejects(astray.set("tenant", "t"), fails(2, /^cannot use AUTOCOM_CONFIG /));
  }
});

Deno.test(
  "CF-20, TR-6, TR-15: a bad value has exit 2 and names its place, be it flag, variable or file",
  inFolder(async (home) => {
    const url = { file: 'api_url = "http://evil"\n' };
    const tenant = { file: 'tenant = "a\\r\\nX-Evil: 1"\n' };
    await assert.rejects(open(home, url).get("api_url"), fails(2, /^cannot use api_url in \/.*\/config\.toml "http:/));
    await assert.rejects(open(home, tenant).get("tenant"), fails(2, /^cannot use tenant in \/.*: it is not a slug$/));
    await assert.rejects(open(home, { file: 'output = "tsv"' }).get("output"), fails(2, /takes table, json, yaml/));
    const env = { AUTOCOM_API_URL: "http://evil", AUTOCOM_NO_TELEMETRY: "maybe", AUTOCOM_TIMEOUT: "0" };
    for (
      const [variable, name] of [["API_URL", "api_url"], ["NO_TELEMETRY", "no_telemetry"], [
        "TIMEOUT",
        "timeout",
      ]] as const
    ) {
      await assert.rejects(open(home, { env }).get(name), fails(2, new RegExp(`^cannot use AUTOCOM_${variable} "`)));
    }
    const flags = { apiUrl: "http://evil", tenant: "", output: "xml", timeout: "1e3" };
    for (
      const [flag, name] of [["api-url", "api_url"], ["tenant", "tenant"], ["output", "output"], [
        "timeout",
        "timeout",
      ]] as const
    ) {
      await assert.rejects(open(home, { flags }).get(name), fails(2, new RegExp(`^cannot use --${flag} "`)));
    }
  }),
);

Deno.test(
  "a time limit is a number of seconds, more than 0 and no more than an hour",
  inFolder(async (home) => {
    for (const text of ["0.5", " 30 ", "3600"]) {
      assert.equal((await open(home, { flags: { timeout: text } }).get("timeout")).value, Number(text));
    }
    for (const text of ["0", "0.0", "-1", "3600.1", "abc", "", "Infinity", "NaN", "0x10", "1s", "9".repeat(400)]) {
      await assert.rejects(open(home, { flags: { timeout: text } }).get("timeout"), fails(2, /--timeout/));
    }
  }),
);

Deno.test(
  "a value of the wrong type in the file names the key, and does not hide the others from the list",
  inFolder(async (home) => {
    const file = 'tenant = 3\nno_telemetry = "true"\noutput = "json"\napi_url = "http://evil"\n';
    await assert.rejects(open(home, { file }).get("tenant"), fails(3, /^cannot use tenant in .*: it is not a string/));
    await assert.rejects(
      open(home, { file }).get("no_telemetry"),
      fails(3, /it is not a boolean/, /config set no_tel/),
    );
    const list = await open(home, { file }).list();
    assert.deepEqual(list.map(({ key, value, origin, problem }) => [key, value, origin, problem?.exit]), [
      ["api_url", undefined, "file", 2],
      ["tenant", undefined, "file", 3],
      ["output", "json", "file", undefined],
      ["ring", undefined, "default", undefined],
      ["no_telemetry", undefined, "file", 3],
    ]);
  }),
);

Deno.test(
  "an empty text in the file is unset, as the old tool wrote it",
  inFolder(async (home) => {
    const old = open(home, { file: 'api_url = ""\ntenant = ""\noutput = ""\nring = ""\nno_telemetry = false\n' });
    assert.deepEqual((await old.list()).map(({ value }) => value), [DEFAULT_URL, undefined, "table", undefined, false]);
  }),
);

Deno.test(
  "CF-21: keys that are not ours are left alone, __proto__ changes nothing, and a huge file is refused",
  inFolder(async (home) => {
    const file = 'token = "hush"\naccess_token = "hush"\n[__proto__]\ntenant = "evil"\n';
    const foreign = open(home, { file });
    assert.deepEqual((await foreign.list()).map(({ key }) => key), KEYS);
    assert.equal((await foreign.get("tenant")).value, undefined);
    await foreign.set("tenant", "t");
    assert.equal(await Deno.readTextFile(foreign.path()), file.replace("[", 'tenant = "t"\n['));
    await assert.rejects(open(home, { file: "#".repeat(10_000_000) }).list(), fails(3, /larger than 1048576 bytes/));
  }),
);
