import assert from "node:assert/strict";
import { posix, win32 } from "node:path";
import { AppError } from "../../src/errors.ts";
import { lockPath } from "../../src/storage/elsewhere.ts";
import { findPath, requirePath } from "../../src/storage/mod.ts";
import { ensureFolder } from "../../src/storage/trust.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { Host } from "../../src/system/mod.ts";

const host: Host = { os: "linux", arch: "x86_64", uid: 1000, pid: 1 };
const find = (env: Record<string, string>) => findPath({ env, host }, "credentials");

Deno.test("a file is at the path of its variable, else in ~/.autocom, else nowhere", () => {
  assert.equal(find({ HOME: "/home/jo", AUTOCOM_CREDENTIALS_FILE: "/run/secret" }), "/run/secret");
  assert.equal(find({ AUTOCOM_CREDENTIALS_FILE: "/run/secret" }), "/run/secret");
  assert.equal(find({ HOME: "/home/jo" }), "/home/jo/.autocom/credentials");
  assert.equal(find({}), undefined);
  const elsewhere = { HOME: "/home/jo", AUTOCOM_CREDENTIALS_FILE: "/run/secret" };
  assert.equal(findPath({ env: elsewhere, host }, "lock"), "/home/jo/.autocom/session.lock");
});

Deno.test("on Windows the home is USERPROFILE", () => {
  const env = { HOME: "/home/jo", USERPROFILE: "/users/jo" };
  const windows: Host = { ...host, os: "windows", uid: null };
  assert.equal(findPath({ env, host: windows }, "credentials"), "/users/jo/.autocom/credentials");
  assert.throws(() => requirePath({ env: { HOME: "/home/jo" }, host: windows }, "config"), /USERPROFILE is not set/);
});

Deno.test("what needs a place and has none says which variable to set", () => {
  assert.throws(() => requirePath({ env: {}, host }, "credentials"), (error: AppError) => {
    assert.equal(error.exit, 3);
    assert.equal(error.message, "there is no place for credentials: HOME is not set");
    assert.match(error.hint!, /HOME.*AUTOCOM_CREDENTIALS_FILE/);
    return true;
  });
});

Deno.test("CF-16: a path with .. is the system's to resolve", () => {
  assert.equal(find({ AUTOCOM_CREDENTIALS_FILE: "/a/../b" }), "/a/../b");
});

Deno.test("CF-16, CF-22: a relative path, one with ~ or control characters, and a huge one are refused with exit 2", () => {
  for (
    const path of [
      "credentials",
      "./c",
      "../c",
      "~/c",
      "~jo/c",
      "/a\nb",
      "/a\0b",
      "/a\u{1b}[2J",
      "/" + "x".repeat(5_000),
    ]
  ) {
    for (const variable of ["AUTOCOM_CREDENTIALS_FILE", "HOME"]) {
      assert.throws(() => find({ [variable]: path }), (error: AppError) => {
        assert.equal(error.exit, 2);
        assert.ok(error.message.startsWith(`cannot use ${variable} "`), error.message);
        // deno-lint-ignore no-control-regex
        assert.doesNotMatch(error.message, /[\x00-\x1f]/);
        assert.ok(error.message.length < 200);
        // Who gave a full path is not told to give one.
        assert.equal(path.startsWith("/"), error.hint === `set ${variable} to another path`, error.hint);
        return true;
      });
    }
  }
});

const BOTH = { AUTOCOM_CONFIG: "/run/a/config.toml", AUTOCOM_CREDENTIALS_FILE: "/run/a/secret" };

Deno.test("FT-44: the root folder is no home, however it is written: nothing is looked for there, and saving is refused", () => {
  for (const home of ["/", "//", "/.", "/tmp/..", "/../"]) {
    assert.equal(findPath({ env: { HOME: home }, host }, "config"), undefined);
    assert.throws(() => requirePath({ env: { HOME: home }, host }, "config"), (error: AppError) => {
      assert.deepEqual([error.exit, error.message], [
        3,
        "there is no place for config.toml: HOME is the root folder",
      ]);
      assert.match(error.hint!, /AUTOCOM_CONFIG/);
      return true;
    });
  }
});

Deno.test("FT-2: a home that is not UTF-8 counts as none, and the message says so", () => {
  const env = { HOME: "\ufffd" };
  assert.equal(findPath({ env, host }, "credentials"), undefined);
  assert.throws(() => requirePath({ env, host }, "credentials"), /HOME is not UTF-8 text$/);
  assert.throws(() => findPath({ env: { AUTOCOM_CONFIG: "\ufffd" }, host }, "config"), /it is not UTF-8 text$/);
});

Deno.test("FT-44: the lock is in the home that is this user's, else beside the credentials file that was named", async () => {
  const { files, host } = denoSystem();
  const home = await Deno.makeTempDir();
  const lock = (env: Record<string, string>, uid = host.uid) => lockPath({ files, host: { ...host, uid }, env });
  try {
    assert.equal(await lock({ HOME: home }), `${home}/.autocom/session.lock`);
    assert.equal(await lock({ HOME: home, ...BOTH }), `${home}/.autocom/session.lock`);
    const beside = "/run/a/.secret.lock";
    for (const HOME of ["", "/", "/dev/null", "/nonexistent", "\ufffd"]) {
      assert.equal(await lock({ HOME, ...BOTH }), beside);
    }
    assert.equal(await lock({ HOME: home, ...BOTH }, host.uid! + 1), beside);
    await assert.rejects(lock({}), /no place for credentials: HOME is not set/);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});

Deno.test("a home that takes no file, as a container's, keeps no lock: it is beside the credentials file that was named", async () => {
  const { files, host } = denoSystem();
  const home = await Deno.makeTempDir();
  const refused = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
  const unopened = (code: string) => {
    const openSync = () => {
      throw Object.assign(new Error(code), { code });
    };
    return { open: refused(code), openSync };
  };
  const lock = (changed: Partial<typeof files>, env: Record<string, string> = BOTH) =>
    lockPath({ files: { ...files, ...changed }, host, env: { HOME: home, ...env } });
  const [own, beside] = [`${home}/.autocom/session.lock`, "/run/a/.secret.lock"];
  try {
    for (const code of ["EROFS", "EACCES"]) assert.equal(await lock({ mkdir: refused(code) }), beside);
    assert.equal(await lock({ mkdir: refused("EROFS") }, {}), own, "without another file there is no other place");
    await Deno.mkdir(`${home}/.autocom`, { mode: 0o700 });
    assert.equal(await lock(unopened("EROFS")), beside);
    for (const code of ["EACCES", "ENOSPC"]) assert.equal(await lock(unopened(code)), own);
    await Deno.chmod(`${home}/.autocom`, 0o777);
    assert.equal(await lock({}), own, "one that is not safe is refused by who takes the lock");
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});

Deno.test("a folder that may not be made is named, and nobody is told to take what is not there", async () => {
  const { files, host } = denoSystem();
  const home = await Deno.makeTempDir();
  try {
    for (const code of ["EROFS", "EACCES", "EPERM"]) {
      const mkdir = () => Promise.reject(Object.assign(new Error(code), { code }));
      const trying = ensureFolder({ files: { ...files, mkdir }, host }, `${home}/.autocom/f`, true);
      await assert.rejects(trying, (error: AppError) => {
        assert.equal(error.exit, 3);
        assert.match(error.message, new RegExp(`^cannot make the folder ${home}/\\.autocom: .* \\(${code}\\)$`));
        assert.match(
          error.hint!,
          code === "EROFS"
            ? /^set AUTOCOM_CREDENTIALS_FILE to the full path of a file on a disk that can be written$/
            : /^set HOME to a folder of yours, or AUTOCOM_CREDENTIALS_FILE to the full path of a file$/,
        );
        return true;
      });
    }
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});

Deno.test("the home folder is resolved as the system's own rules do it", () => {
  const parts = [
    "/",
    "//",
    "/home/jo",
    "/home/jo/",
    "/home//jo",
    "/home/./jo",
    "/home/x/../jo",
    "/../jo",
    "/a\\b",
    "/ü n",
  ];
  for (const home of parts) {
    const expected = posix.join(posix.normalize(home), ".autocom", "credentials");
    const isRoot = posix.normalize(home) === "/";
    assert.equal(find({ HOME: home }), isRoot ? undefined : expected, home);
  }
  const windows: Host = { ...host, os: "windows", uid: null };
  for (
    const home of [
      "C:\\",
      "C:\\Users\\jo",
      "c:/Users/jo",
      "C:\\Users\\x\\..\\jo\\",
      "\\\\srv\\share\\jo",
      "\\\\srv\\share",
      "//srv/share/jo",
    ]
  ) {
    const folder = win32.normalize(home);
    const expected = win32.dirname(folder) === folder ? undefined : win32.join(folder, ".autocom", "credentials");
    assert.equal(findPath({ env: { USERPROFILE: home }, host: windows }, "credentials"), expected, home);
  }
  for (const home of ["Users", "C:", "C:jo", ""]) {
    const found = () => findPath({ env: { USERPROFILE: home }, host: windows }, "credentials");
    if (home === "") assert.equal(found(), undefined);
    else assert.throws(found, /it is not absolute/);
  }
});
