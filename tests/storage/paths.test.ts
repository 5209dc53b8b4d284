import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { findPath, requirePath } from "../../src/storage/mod.ts";
import type { Host } from "../../src/system/mod.ts";

const host: Host = { os: "linux", arch: "x86_64", uid: 1000, pid: 1 };
const find = (env: Record<string, string>) => findPath({ env, host }, "credentials", "AUTOCOM_CREDENTIALS_FILE");

Deno.test("a file is at the path of its variable, else in ~/.autocom, else nowhere", () => {
  assert.equal(find({ HOME: "/home/jo", AUTOCOM_CREDENTIALS_FILE: "/run/secret" }), "/run/secret");
  assert.equal(find({ AUTOCOM_CREDENTIALS_FILE: "/run/secret" }), "/run/secret");
  assert.equal(find({ HOME: "/home/jo" }), "/home/jo/.autocom/credentials");
  assert.equal(find({}), undefined);
  assert.equal(findPath({ env: { HOME: "/home/jo", state: "/x" }, host }, "state"), "/home/jo/.autocom/state");
});

Deno.test("on Windows the home is USERPROFILE", () => {
  const env = { HOME: "/home/jo", USERPROFILE: "/users/jo" };
  const windows: Host = { ...host, os: "windows", uid: null };
  assert.equal(findPath({ env, host: windows }, "credentials"), "/users/jo/.autocom/credentials");
  assert.throws(() => requirePath({ env: { HOME: "/home/jo" }, host: windows }, "x"), /USERPROFILE is not set/);
});

Deno.test("what needs a place and has none says which variable to set", () => {
  assert.throws(() => requirePath({ env: {}, host }, "credentials", "AUTOCOM_CREDENTIALS_FILE"), (error: AppError) => {
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
        return true;
      });
    }
  }
});
