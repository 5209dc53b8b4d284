import assert from "node:assert/strict";
import { autocom, execute, pat, world } from "../support/harness.ts";
import { bytesOf, credentials, sessionIn } from "../support/kept.ts";
import { examine } from "../support/examined.ts";

Deno.test("doctor finds nothing in a sound set-up: exit 0, every line ok", async () => {
  await using of = await sessionIn("file");
  await Deno.writeTextFile(`${of.home}/.autocom/config.toml`, 'tenant = "acme"\n', { mode: 0o600 });
  const { code, found } = await examine(of);
  assert.equal(code, 0);
  assert.deepEqual(Object.values(found).filter(({ state }) => state !== "ok"), []);
  const folder = `${of.home}/.autocom`;
  assert.equal(found.folder!.detail, `${folder}: mode 0700, yours`);
  assert.equal(found.config!.detail, `${folder}/config.toml: mode 0600, yours`);
  assert.equal(found.credentials!.detail, `${folder}/credentials: mode 0600, yours; 1 session`);
  assert.equal(found.store!.detail, `the session is kept in ${folder}/credentials`);
  assert.match(found.token!.detail, /acme, globex/);
});

Deno.test("doctor leaves what is beside a credentials file as it is, whatever its name", async () => {
  await using of = await sessionIn("file");
  const folder = `${of.home}/mine`;
  await Deno.mkdir(folder, { mode: 0o700 });
  await Deno.rename(`${of.home}/.autocom/credentials`, `${folder}/credentials`);
  of.env.AUTOCOM_CREDENTIALS_FILE = `${folder}/credentials`;
  const names = [".doctor", "credentials.bak", ".credentials.tmp"];
  for (const name of names) await Deno.writeTextFile(`${folder}/${name}`, "mine");
  assert.equal((await examine(of)).found.credentials!.state, "ok");
  assert.deepEqual(
    (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort(),
    [
      ...names,
      "credentials",
    ].sort(),
  );
  for (const name of names) assert.equal(await Deno.readTextFile(`${folder}/${name}`), "mine");
});

const KEYCHAINS = [
  ["locked", 12, "failure", /the keychain is locked: Secret Service/, /auth login --store file/],
  ["hung", 12, "failure", /the keychain does not answer: Secret Service/, /auth login --store file/],
  ["no-bus", 12, "failure", /which was put into Secret Service: there is no session bus/, /auth login --store file$/],
] as const;

for (const [state, code, line, detail, fix] of KEYCHAINS) {
  Deno.test(`doctor with a keychain that is "${state}" looks at the rest all the same`, async () => {
    await using of = await sessionIn("keychain");
    of.keychain.state = state;
    const { found, ...report } = await examine(of);
    assert.deepEqual([report.code, found.store!.state, found.server!.state], [code, line, "ok"]);
    assert.match(found.store!.detail, detail);
    assert.match(found.store!.fix!, fix);
  });
}

Deno.test("doctor without a keychain, and without a session, warns that a login will use the file", async () => {
  await using of = await world({ env: { AUTOCOM_TENANT: "acme" } });
  of.keychain.state = "no-bus";
  const { found, code } = await examine(of);
  assert.deepEqual([code, found.store!.state, found.server!.state], [4, "warning", "ok"]);
  assert.match(found.store!.detail, /no keychain \(there is no session bus/);
  assert.match(found.store!.fix!, /credentials: autocom auth login --store file$/);
});

Deno.test("doctor advises no login that would fail: a file whose folder is not there is answered with what makes it", async () => {
  await using of = await world({ env: { AUTOCOM_TENANT: "acme" } });
  of.keychain.state = "no-bus";
  of.env.AUTOCOM_CREDENTIALS_FILE = `${of.home}/no/such/x`;
  const { found } = await examine(of);
  const fix = `make its folder: mkdir -p -m 700 ${of.home}/no/such`;
  for (const check of ["credentials", "store"]) {
    assert.deepEqual([found[check]!.state, found[check]!.fix], ["warning", fix], check);
  }
  assert.match(found.credentials!.detail, /; cannot write \S+: there is no such folder \(ENOENT\)$/);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(of.home), ({ name }) => name), [], "it left nothing");
  await Deno.mkdir(`${of.home}/no/such`, { recursive: true, mode: 0o700 });
  assert.match((await examine(of)).found.store!.fix!, /autocom auth login --store file$/);
});

for (
  const [about, spoil, hint, check] of [
    [
      "lock is a link",
      async (folder: string) => {
        await Deno.symlink("elsewhere", `${folder}/session.lock`);
      },
      (folder: string) => `remove the link: rm ${folder}/session.lock`,
      "locks",
    ],
    [
      "folder may be changed by others",
      async (folder: string) => {
        await Deno.chmod(folder, 0o777);
      },
      (folder: string) => `chmod 700 ${folder}`,
      "folder",
    ],
  ] as const
) {
  Deno.test(`doctor advises no login that would fail: where the ${about} its advice is what mends that first`, async () => {
    await using of = await world({ env: { AUTOCOM_TENANT: "acme" } });
    const folder = `${of.home}/.autocom`;
    await Deno.mkdir(folder, { mode: 0o700 });
    await spoil(folder);
    const fix = hint(folder);
    const login = async () => {
      const { found, code } = await examine(of);
      assert.deepEqual([code, found[check]!.fix], [3, fix]);
      for (const { check, fix: advice } of Object.values(found)) {
        if (advice?.includes("autocom auth login")) assert.ok(advice.startsWith(`${fix}; then`), `${check}: ${advice}`);
      }
      return [found.store!, found.session!];
    };
    const [, session] = await login();
    assert.deepEqual([session!.state, session!.fix], ["failure", `${fix}; then: autocom auth login`]);
    of.keychain.state = "no-bus";
    const [store] = await login();
    assert.equal(store!.state, "warning");
    assert.ok(store!.fix!.startsWith(fix), store!.fix!);
  });
}

for (const usable of [false, true]) {
  const about = usable ? "that only other homes need" : "that is in force, because the home takes none,";
  Deno.test(`doctor looks at the lock beside a named file: one ${about} is ${usable ? "no fault" : "a failure"}`, async () => {
    await using of = await world({ env: { AUTOCOM_TENANT: "acme" } });
    of.keychain.state = "no-bus";
    const [mine, home] = [`${of.home}/mine`, `${of.home}/home`];
    for (const path of [mine, home]) await Deno.mkdir(path, { mode: 0o700 });
    await Deno.mkdir(`${mine}/.c.lock`);
    Object.assign(of.env, { HOME: home, AUTOCOM_CREDENTIALS_FILE: `${mine}/c`, AUTOCOM_CONFIG: `${mine}/cfg` });
    // Nobody's mode keeps root out.
    if (!usable && Deno.uid() === 0) await Deno.chown(home, 4242, null);
    else if (!usable) await Deno.chmod(home, 0o555);
    const { locks } = (await examine(of)).found;
    const folder = /^refusing to use \S+\/\.c\.lock: it is a folder, not a regular file$/;
    assert.equal(locks!.state, usable ? "ok" : "failure");
    assert.match(locks!.detail, usable ? /^none yet$/ : folder);
    of.stdin = pat(of.sandbox);
    const err = usable ? /kept in \S+c\.\n$/ : /^error: refusing to use \S+\.c\.lock: it is a folder/;
    await autocom("auth login --token-stdin --tenant acme --store file", { code: usable ? 0 : 3, err }, of);
    const names = await Array.fromAsync(Deno.readDir(home), ({ name }) => name);
    assert.deepEqual(names, usable ? [".autocom"] : []);
  });
}

Deno.test("doctor of a build without a client id names it where it sends to a login, and ends with the same hint", async () => {
  await using of = await world({ env: { AUTOCOM_TENANT: "acme" } });
  delete of.env.AUTOCOM_CLIENT_ID;
  const fix = "this build has no OAuth client id, so with the platform's: autocom auth login --client-id UUID";
  assert.equal((await examine(of)).found.session!.fix, fix);
  await autocom(
    "doctor -q",
    { code: 4, out: /./, err: (text) => assert.equal(text.split("\n")[1], `hint: ${fix}`) },
    of,
  );
  of.keychain.state = "no-bus";
  assert.match((await examine(of)).found.store!.fix!, /: autocom auth login --store file --client-id UUID$/);
  of.env.AUTOCOM_CLIENT_ID = of.sandbox.clientId;
  assert.equal((await examine(of)).found.session!.fix, "autocom auth login");
});

Deno.test("doctor with AUTOCOM_TOKEN alone, without a HOME and behind a locked keychain, is sound but for a warning", async () => {
  await using of = await world({ env: { AUTOCOM_TENANT: "acme" } });
  of.env.AUTOCOM_TOKEN = pat(of.sandbox);
  delete of.env.HOME;
  of.keychain.state = "locked";
  const { code, found } = await examine(of);
  assert.deepEqual([code, found.folder!.state, found.permissions!.state], [0, "warning", "ok"]);
  assert.equal(found.session!.detail, `AUTOCOM_TOKEN, sent to ${of.sandbox.origin}`);
});

Deno.test("doctor says of a fault once what it is: what depends on it is skipped, and so is what fails for the same reason", async () => {
  await using of = await sessionIn("keychain");
  await Deno.writeTextFile(`${of.home}/.autocom/config.toml`, "= \n", { mode: 0o600 });
  delete of.env.AUTOCOM_API_URL;
  const { code, found } = await examine(of);
  assert.equal(code, 3);
  assert.deepEqual(Object.values(found).filter(({ state }) => state === "failure").map(({ check }) => check), [
    "config",
  ]);
  assert.equal(found.address!.detail, "not checked: fix config first");
  await autocom("doctor", {
    code: 3,
    out: /^CHECK\tSTATE\tDETAIL\tFIX\nversion\tok\t/,
    err: /^17 checks: 5 ok, 1 failure, 11 skipped\.\nerror: /,
  }, of);
});

const PROXIES = [
  ["http://user:hunter2@proxy.example:3128", "ok", "http://proxy.example:3128 with a login (from HTTPS_PROXY)"],
  ["user:hunter2@proxy.example:3128", "ok", "http://proxy.example:3128 with a login (from HTTPS_PROXY)"],
  ["http://user:hun@ter2@proxy.example", "ok", "http://proxy.example with a login (from HTTPS_PROXY)"],
  ["http://proxy.example:3128", "ok", "http://proxy.example:3128 (from HTTPS_PROXY)"],
  ["http://user:1#hunter2@proxy.example", "failure", "HTTPS_PROXY is not the address of a proxy"],
  ["http://user:1/hunter2@proxy.example", "failure", "HTTPS_PROXY is not the address of a proxy"],
  ["http://user:1?hunter2@proxy.example", "failure", "HTTPS_PROXY is not the address of a proxy"],
  ["socks5://user:hunter2@proxy.example:1080", "ok", "socks5://proxy.example:1080 with a login (from HTTPS_PROXY)"],
  ["https://hunter2@proxy.example", "ok", "https://proxy.example with a login (from HTTPS_PROXY)"],
  [
    "socks5://hunter2@proxy.example:1080",
    "failure",
    "the proxy socks5://proxy.example:1080 (from HTTPS_PROXY) cannot be asked: SOCKS takes a name and a password of 1 to 255 bytes each",
  ],
  ["ftp://user:hunter2@proxy.example", "failure", "HTTPS_PROXY is not the address of a proxy"],
  ["http://user:hunter2@proxy.example:port", "failure", "HTTPS_PROXY is not the address of a proxy"],
] as const;

for (const [value, state, detail] of PROXIES) {
  Deno.test(`doctor never shows a proxy's login: ${value}`, async () => {
    await using of = await sessionIn("file");
    of.env.HTTPS_PROXY = value;
    const { proxy } = (await examine(of)).found;
    const shown = proxy!.detail.replace(/, not used for 127\.0\.0\.1:\d+$/, "");
    assert.deepEqual([proxy!.state, shown], [state, detail]);
    for (const line of ["doctor", "doctor -o table --debug", "doctor -o yaml"]) {
      const { out, err } = await execute(line, of);
      assert.ok(!/hunter|hun@|user:/.test(`${out}${err}`), `${out}${err}`);
    }
  });
}

const isRoot = Deno.uid() === 0;
if (!isRoot) console.error("SKIPPED: a folder of another user's, which only root can make");

Deno.test("doctor names whose a folder is that belongs to somebody else", { ignore: !isRoot }, async () => {
  await using of = await sessionIn("file");
  await Deno.chown(`${of.home}/.autocom`, 1234, 1234);
  const { code, found } = await examine(of);
  assert.equal(code, 3);
  assert.match(found.folder!.detail, /: mode 0700, of user 1234$/);
  assert.equal(found.folder!.fix, "name a file of yours in AUTOCOM_CREDENTIALS_FILE");
});

Deno.test("doctor changes nothing that is kept, unless the server refuses the session", async () => {
  await using of = await sessionIn("file");
  const before = await bytesOf(of);
  await examine(of);
  assert.equal(await bytesOf(of), before);
});

Deno.test("on a terminal doctor prints a line as it is found, and a fix whole, however narrow that is", async () => {
  await using of = await sessionIn("file");
  of.terminal.stdout = true;
  of.columns = 20;
  await Deno.chmod(credentials(of), 0o644);
  await autocom("doctor --color never", {
    code: 3,
    out: (text) => {
      const lines = text.split("\n");
      assert.match(lines[0]!, /^ok {7}version {8}autocom \S+ on linux x86_64$/);
      const at = lines.findIndex((line) => line.startsWith("failure  credentials    "));
      assert.equal(lines[at + 1], `         → chmod 600 ${credentials(of)}`);
      assert.match(lines[at + 2]!, /^skipped {2}store {10}not checked: fix credentials first$/);
    },
    err: /^17 checks: 9 ok, 1 failure, 7 skipped\.\nerror: refusing to use .*\nhint: chmod 600 /,
  }, of);
});

Deno.test("doctor warns of a home in which the folder may not be made, where something would have to be kept in it", async () => {
  await using of = await sessionIn("file");
  const home = `${of.home}/gone`;
  of.env.HOME = home;
  const folder = async () => (await examine(of)).found.folder!;
  assert.deepEqual(await folder(), {
    check: "folder",
    state: "warning",
    detail: `${home}/.autocom may not be made: ${home} is not there`,
    fix: "set HOME to a folder of yours",
  });
  const absent = `${home}/.autocom is not there yet`;
  const elsewhere: [name: string, value: string][] = [
    ["AUTOCOM_CREDENTIALS_FILE", `${of.home}/.autocom/credentials`],
    ["AUTOCOM_TOKEN", pat(of.sandbox)],
  ];
  for (const [name, value] of elsewhere) {
    of.env[name] = value;
    assert.deepEqual([(await folder()).state, (await folder()).detail], ["ok", absent], name);
    delete of.env[name];
  }
  await Deno.mkdir(home);
  assert.equal((await folder()).detail, absent);
  await Deno.remove(home);
  await Deno.writeTextFile(home, "");
  assert.match((await folder()).detail, /is not a folder of yours$/);
});
