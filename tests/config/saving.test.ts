import assert from "node:assert/strict";
import { inFolder, modeOf, names } from "../support/storage/folder.ts";
import { fails, open } from "../support/config/open.ts";

Deno.test(
  "a value is saved as it is used, in a file of 0600 in a folder of 0700, and read again",
  inFolder(async (home) => {
    const saved = open(home);
    assert.equal((await saved.get("tenant")).value, undefined);
    assert.deepEqual(await saved.set("tenant", " acme "), { value: "acme", changed: true });
    assert.deepEqual(await saved.set("api_url", "https://h/api/v1/"), { value: "https://h/api/v1", changed: true });
    assert.deepEqual(await saved.set("no_telemetry", "yes"), { value: true, changed: true });
    assert.equal((await saved.get("tenant")).value, "acme");
    assert.equal(
      await Deno.readTextFile(saved.path()),
      'tenant = "acme"\napi_url = "https://h/api/v1"\nno_telemetry = true\n',
    );
    assert.deepEqual([modeOf(saved.path()), modeOf(`${home}/.autocom`)], ["600", "700"]);
  }),
);

Deno.test(
  "saving what is saved already does not write, and removing says whether there was something",
  inFolder(async (home) => {
    const saved = open(home, { file: 'tenant = "acme"\n' });
    const before = await Deno.lstat(saved.path());
    assert.deepEqual(await saved.set("tenant", "acme"), { value: "acme", changed: false });
    assert.equal((await Deno.lstat(saved.path())).ino, before.ino);
    assert.equal(await saved.unset("tenant"), true);
    assert.equal(await saved.unset("tenant"), false);
    assert.equal((await saved.get("tenant")).value, undefined);
  }),
);

Deno.test(
  "CF-20: a value that is refused changes nothing",
  inFolder(async (home) => {
    const file = 'api_url = "https://h" # mine\n';
    const saved = open(home, { file });
    for (
      const text of ["http://evil", "ftp://h", "https://u:p@h", "javascript:1", "https://h/graphql", "https://h/\nx"]
    ) {
      await assert.rejects(saved.set("api_url", text), fails(2, /^cannot use api_url /));
    }
    await assert.rejects(saved.set("output", "tsv"), fails(2, /takes table, json, yaml/, /--output tsv/));
    await assert.rejects(saved.set("output", "xml"), fails(2, /no such format/, /table, json, yaml$/));
    await assert.rejects(saved.set("no_telemetry", "2"), fails(2, /neither true nor false/));
    assert.equal(await Deno.readTextFile(saved.path()), file);
    assert.deepEqual(await names(`${home}/.autocom`), ["config.toml"]);
  }),
);

Deno.test(
  "an unknown config key is named, with the one that was meant",
  inFolder(async (home) => {
    const saved = open(home);
    await assert.rejects(saved.set("tenat", "t"), fails(2, /^unknown config key "tenat"$/, /^did you mean: tenant$/));
    for (const key of ["apiUrl", "api-url", "API_URL", "api_ulr"]) {
      await assert.rejects(saved.unset(key), fails(2, /unknown config key/, /api_url/));
    }
    for (const key of ["timeout", "token", "__proto__", "constructor", "", "x".repeat(10_000)]) {
      await assert.rejects(
        saved.set(key, "1"),
        fails(2, /unknown config key/, /^the keys are api_url, tenant, output,/),
      );
    }
    assert.deepEqual(await names(home), []);
  }),
);

Deno.test(
  "a broken file is never overwritten, nor one that cannot be changed in place",
  inFolder(async (home) => {
    for (
      const [file, message, hint] of [
        ['tenant = "a"\nbroken', /line 2, column 1/, /mv /],
        ["tenant.a = 1\n", /cannot change tenant in .*leave the rest/, /change its line by hand: tenant = "new"/],
      ] as const
    ) {
      const saved = open(home, { file });
      await assert.rejects(saved.set("tenant", "new"), fails(3, message, hint));
      await assert.rejects(saved.unset("tenant"), fails(3, message));
      assert.equal(await Deno.readTextFile(saved.path()), file);
    }
  }),
);

Deno.test(
  "what several processes save at once is all saved",
  inFolder(async (home) => {
    const values = { api_url: "https://h", tenant: "t", output: "json", ring: "r", no_telemetry: "true" };
    await Promise.all(Object.entries(values).map(([key, text]) => open(home).set(key, text)));
    const list = await open(home).list();
    assert.deepEqual(list.map(({ value }) => value), ["https://h", "t", "json", "r", true, undefined, "UTC"]);
  }),
);

Deno.test(
  "a config file that is a symlink is changed where it leads",
  inFolder(async (home) => {
    await Deno.mkdir(`${home}/.autocom`, { mode: 0o700 });
    await Deno.writeTextFile(`${home}/dotfile`, 'ring = "a"\n');
    await Deno.symlink("../dotfile", `${home}/.autocom/config.toml`);
    await open(home).set("tenant", "t");
    assert.equal(await Deno.readTextFile(`${home}/dotfile`), 'ring = "a"\ntenant = "t"\n');
    assert.equal((await Deno.lstat(`${home}/.autocom/config.toml`)).isSymlink, true);
  }),
);

Deno.test(
  "what is saved together is never mixed with what another process saves, and all is there or none",
  inFolder(async (home) => {
    const before = 'ring = "edge"\napi_url = "https://old.test"\n';
    const file = open(home, { file: before });
    await Promise.all(Array.from({ length: 12 }, async (_, at) => {
      await open(home).save({ api_url: `https://h${at}.test`, client_id: `id-${at}`, tenant: `t${at}` });
      const now = open(home);
      const [address, tenant] = [(await now.get("api_url")).value, (await now.get("tenant")).value];
      assert.equal(address.replace("https://h", "t"), `${tenant}.test`);
    }));
    await Deno.writeTextFile(file.path(), `${before}tenant.of = "somebody"\n`);
    const half = open(home).save({ api_url: "https://new.test", tenant: "t" });
    await assert.rejects(half, fails(3, /^cannot change tenant in /));
    assert.match(await Deno.readTextFile(file.path()), /^api_url = "https:\/\/old\.test"$/m);
  }),
);
