import assert from "node:assert/strict";
import { KEYS, type Name, SETTINGS, settings } from "../../src/config/mod.ts";
import type { Row } from "../../src/settings.ts";
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
      ["client_id", undefined, "default"],
      ["time_zone", "UTC", "default"],
    ]);
    assert.equal((await open(home).get("timeout")).value, 30);
    assert.deepEqual(await names(home), []);
  }),
);

Deno.test(
  "each variable and each flag of the table is read",
  inFolder(async (home) => {
    const given: Record<Name, [text: string, value: unknown]> = {
      api_url: ["https://h", "https://h"],
      tenant: ["t", "t"],
      output: ["tsv", "tsv"],
      ring: ["r", "r"],
      no_telemetry: ["1", true],
      client_id: ["7", "7"],
      time_zone: ["europe/paris", "Europe/Paris"],
      timeout: ["1.5", 1.5],
      no_input: ["yes", true],
      no_browser: ["on", true],
      debug: ["true", true],
      no_upgrade_check: ["x", true],
    };
    for (const name of Object.keys(given) as Name[]) {
      const { env, option }: Row = SETTINGS[name];
      const [text, value] = given[name];
      if (env) {
        assert.equal((await open(home, { env: { [env]: text } }).get(name)).value, value);
        assert.ok(ENVIRONMENT.includes(env), `${env} is in the snapshot`);
      }
      if (option) assert.equal((await open(home, { flags: { [option]: text } }).get(name)).value, value);
    }
  }),
);

Deno.test(
  "FT-43: 0, false, no and off switch off whatever is switched in the environment, anything else on",
  inFolder(async (home) => {
    const switches = (Object.entries(SETTINGS) as [Name, Row][]).filter(([, { kind }]) => kind === "switch");
    assert.ok(switches.length >= 4);
    for (const [name, { env }] of switches) {
      for (const text of ["0", "false", "no", "off", "OFF", " False "]) {
        assert.equal((await open(home, { env: { [env!]: text } }).get(name)).value, false, `${env}=${text}`);
      }
      for (const text of ["1", "true", "yes", "on", "please", "\ufffd"]) {
        assert.equal((await open(home, { env: { [env!]: text } }).get(name)).value, true, `${env}=${text}`);
      }
    }
    // One that was saved is switched off for a run.
    const off = { AUTOCOM_NO_TELEMETRY: "off" };
    assert.equal((await open(home, { file: "no_telemetry = true\n", env: off }).get("no_telemetry")).value, false);
  }),
);

Deno.test(
  "a time zone is UTC, local, or a name that the runtime knows, as it writes it; an alias stays one",
  inFolder(async (home) => {
    const zone = (text: string) => open(home, { flags: { timeZone: text } }).get("time_zone");
    for (
      const [text, value] of [[" Local ", "local"], ["utc", "UTC"], ["america/new_york", "America/New_York"], [
        "Asia/Kolkata",
        "Asia/Kolkata",
      ], ["US/Pacific", "US/Pacific"]]
    ) {
      assert.equal((await zone(text!)).value, value);
    }
    for (const text of ["", "Mars/Olympus", "+02:00", "../../etc/passwd", "x".repeat(100_000), "UTC\0", "Europe"]) {
      await assert.rejects(
        zone(text),
        fails(2, /^cannot use --time-zone ".{0,120}: there is no such time zone$/, /Europe\/Paris/),
      );
    }
  }),
);

Deno.test(
  "FT-45: a client id is kept with the origin it was saved for, and good for no other",
  inFolder(async (home) => {
    const env = { AUTOCOM_API_URL: "https://one.example/api/v1" };
    const other = { AUTOCOM_API_URL: "https://two.example/api/v1" };
    const id = async (env: Record<string, string>) => (await open(home, { env }).get("client_id")).value;
    await open(home, { env }).set("client_id", " 42 ");
    assert.equal(
      await Deno.readTextFile(`${home}/.autocom/config.toml`),
      'client_id = "42"\nclient_id_for = "https://one.example"\n',
    );
    assert.deepEqual([await id(env), await id(other), await id({})], ["42", undefined, undefined]);
    assert.equal(await id({ AUTOCOM_API_URL: "https://one.example:443/elsewhere" }), "42");
    assert.equal((await open(home, { env: other }).list()).find(({ key }) => key === "client_id")!.origin, "default");
    await open(home, { env: other }).set("client_id", "43");
    assert.deepEqual([await id(env), await id(other)], [undefined, "43"]);
    assert.equal(await open(home).unset("client_id"), true);
    assert.equal(await Deno.readTextFile(`${home}/.autocom/config.toml`), "");
    await assert.rejects(
      open(home, { env }).set("client_id", "a b"),
      fails(2, /^cannot use client_id "a b": it is not/),
    );
    await assert.rejects(open(home, { env }).set("client_id_for", "x"), fails(2, /^unknown config key/, /client_id/));
  }),
);

Deno.test(
  "FT-45: a client id that a person wrote into the file is for the address that the file names",
  inFolder(async (home) => {
    const file = 'api_url = "https://one.example/api/v1"\nclient_id = "42"\n';
    assert.equal((await open(home, { file }).get("client_id")).value, "42");
    const env = { AUTOCOM_API_URL: "https://two.example" };
    assert.equal((await open(home, { file, env }).get("client_id")).value, undefined);
    assert.equal((await open(home, { file: 'client_id = "42"\n' }).get("client_id")).value, "42");
    assert.equal((await open(home, { file: 'client_id = "42"\n', env }).get("client_id")).value, undefined);
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
    const env = { AUTOCOM_API_URL: "http://evil", AUTOCOM_TIME_ZONE: "Mars/Olympus", AUTOCOM_TIMEOUT: "0" };
    for (
      const [variable, name] of [["API_URL", "api_url"], ["TIME_ZONE", "time_zone"], [
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
      fails(3, /it is not a boolean/, /config unset no_tel/),
    );
    const list = await open(home, { file }).list();
    assert.deepEqual(list.map(({ key, value, origin, problem }) => [key, value, origin, problem?.exit]), [
      ["api_url", undefined, "file", 2],
      ["tenant", undefined, "file", 3],
      ["output", "json", "file", undefined],
      ["ring", undefined, "default", undefined],
      ["no_telemetry", undefined, "file", 3],
      ["client_id", undefined, "default", undefined],
      ["time_zone", "UTC", "default", undefined],
    ]);
  }),
);

Deno.test(
  "an empty text in the file is unset, as the old tool wrote it",
  inFolder(async (home) => {
    const old = open(home, { file: 'api_url = ""\ntenant = ""\noutput = ""\nring = ""\nno_telemetry = false\n' });
    const values = [DEFAULT_URL, undefined, "table", undefined, false, undefined, "UTC"];
    assert.deepEqual((await old.list()).map(({ value }) => value), values);
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
