import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { isFileName, parseManifest } from "../../src/upgrade/manifest.ts";
import { compareVersions, isPrerelease, isVersion } from "../../src/upgrade/semver.ts";

const HASH = "0123456789abcdef".repeat(4);
const TRIPLE = "x86_64-unknown-linux-gnu";
const FILES = {
  binary: { size: 97344645, sha256: HASH },
  archive: { name: "autocom_1.4.0_linux_amd64.tar.gz", size: 37064582, sha256: HASH },
  pack: { name: "autocom_1.4.0_linux_amd64.pack", size: 79655, sha256: HASH },
};
const GOOD = {
  ...{ v: 1, product: "autocom", version: "1.4.0", released: "2026-05-01T10:00:00Z", expires: "2027-05-01T10:00:00Z" },
  ...{ runtime: { [TRIPLE]: HASH }, needs: { [TRIPLE]: "glibc 2.27" }, files: { [TRIPLE]: FILES } },
};

const parse = (value: unknown) => parseManifest(new TextEncoder().encode(JSON.stringify(value)));

function refuses(value: unknown, why: RegExp): void {
  const bytes = value instanceof Uint8Array ? value : new TextEncoder().encode(JSON.stringify(value));
  assert.throws(() => parseManifest(bytes), (error) => {
    assert.ok(error instanceof AppError, `${JSON.stringify(value).slice(0, 200)}: ${error}`);
    assert.equal(error.kind, "integrity");
    assert.match(error.message, why);
    return true;
  });
}

Deno.test("a manifest is read member by member", () => {
  const { files, needs, runtime, development, version } = parse(GOOD);
  assert.deepEqual({ ...files[TRIPLE] }, FILES);
  assert.deepEqual(needs[TRIPLE], { system: "glibc", version: [2, 27] });
  assert.deepEqual([runtime[TRIPLE], development, version], [HASH, false, "1.4.0"]);
  assert.equal(parse({ ...GOOD, development: true, more: { of: "later" } }).development, true);
});

Deno.test("SU2-8: another product or another format is refused and named", () => {
  refuses({ ...GOOD, product: "other" }, /product is "other"/);
  refuses({ ...GOOD, v: 2 }, /format is 2, this program reads 1/);
  refuses({ ...GOOD, v: "1" }, /format is "1"/);
  refuses({}, /format is missing/);
});

Deno.test("a member that is missing, of another kind or out of bounds is refused, and named", () => {
  for (const name of ["version", "released", "expires", "runtime", "needs", "files", "product"]) {
    refuses({ ...GOOD, [name]: undefined }, new RegExp(name));
    refuses({ ...GOOD, [name]: 1 }, new RegExp(name));
    refuses({ ...GOOD, [name]: null }, new RegExp(name));
    refuses({ ...GOOD, [name]: [] }, new RegExp(name));
  }
  for (const version of ["v1.4.0", "1.4", "1.4.0; rm", "01.4.0", "1.4.0+build", "", "1.4.0\n"]) {
    refuses({ ...GOOD, version }, /"version"/);
  }
  for (
    const released of ["2026-02-30T00:00:00Z", "2026-05-01", "2026-05-01T10:00:00+00:00", "2026-05-01T10:00:00.000Z"]
  ) {
    refuses({ ...GOOD, released }, /"released"/);
  }
  refuses({ ...GOOD, development: "yes" }, /"development"/);
  for (const need of ["glibc", "glibc 2.x", "musl 1.2", "glibc 2.27 ", "glibc 1.2.3.4.5"]) {
    refuses({ ...GOOD, needs: { [TRIPLE]: need } }, /needs\.x86_64/);
  }
  refuses({ ...GOOD, runtime: { [TRIPLE]: HASH.toUpperCase() } }, /runtime\./);
  refuses(
    { ...GOOD, runtime: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`t${n}`, HASH])) },
    /33 targets/,
  );
  refuses({ ...GOOD, files: { "../x": FILES } }, /impossible name/);
  refuses({ ...GOOD, sums: { size: 0, sha256: HASH } }, /sums\.size/);
  for (const sums of [null, [], HASH, { size: 9 }, { size: 9, sha256: "x" }]) refuses({ ...GOOD, sums }, /"sums/);
  refuses(
    JSON.parse(`{"v":1,"product":"autocom","version":"1.4.0","released":"2026-05-01T10:00:00Z",
    "expires":"2026-05-01T10:00:00Z","runtime":{"__proto__":"x"},"needs":{},"files":{}}`),
    /"runtime\.__proto__"/,
  );
  for (const kind of ["binary", "archive", "pack"] as const) {
    const change = (more: object) => ({
      ...GOOD,
      files: { [TRIPLE]: { ...FILES, [kind]: { ...FILES[kind], ...more } } },
    });
    for (const size of [0, -1, 1.5, 2 ** 30 + 1, Infinity, "5", null]) {
      refuses(change({ size }), new RegExp(`${kind}\\.size`));
    }
    for (const sha256 of ["", HASH.slice(1), `${HASH}0`, 5]) {
      refuses(change({ sha256 }), new RegExp(`${kind}\\.sha256`));
    }
    refuses({ ...GOOD, files: { [TRIPLE]: { ...FILES, [kind]: undefined } } }, new RegExp(kind));
    if (kind === "binary") continue;
    for (
      const name of ["../x", "a/b", "a\\b", ".hidden", "", "C:x", "x ", "con.zip", "x\u0000", "-", 5].filter((name) =>
        name !== "-"
      )
    ) {
      refuses(change({ name }), new RegExp(`${kind}\\.name`));
    }
  }
});

Deno.test("bytes that are no JSON in UTF-8, or too many, are refused", () => {
  refuses(new Uint8Array([0xff]), /not JSON/);
  refuses(new TextEncoder().encode("\ufeff{}"), /not JSON/);
  refuses(new TextEncoder().encode("[".repeat(60_000)), /not JSON|object/);
  refuses(new Uint8Array(64 * 1024 + 1).fill(32), /65537 bytes/);
  for (const value of [null, 1, "x", []]) refuses(value, /must be an object/);
});

Deno.test("the name of a published file is plain on every system", () => {
  for (const name of ["autocom_1.4.0_linux_amd64.tar.gz", "SHA256SUMS", "a"]) assert.ok(isFileName(name), name);
  for (const name of ["", ".", "..", "a/b", "a\\b", "nul", "COM1.txt", "x.", "é", "a\n", "x".repeat(129)]) {
    assert.ok(!isFileName(name), name);
  }
});

Deno.test("SU2-2: versions are compared as https://semver.org 11 says", () => {
  const rising =
    "0.9.9 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.9.0 1.10.0 2.0.0"
      .split(" ");
  rising.forEach((a, i) =>
    rising.forEach((b, j) => assert.equal(Math.sign(compareVersions(a, b)), Math.sign(i - j), `${a} and ${b}`))
  );
  for (const text of rising) assert.ok(isVersion(text), text);
  for (
    const text of [
      "",
      "1",
      "1.4",
      "v1.4.0",
      "1.4.0.0",
      "01.4.0",
      "1.4.0-",
      "1.4.0-01",
      "1.4.0-a..b",
      "1.4.0+x",
      " 1.4.0",
      "1.4.0 ",
      "latest",
      "1.4.0-\u001b",
    ]
  ) {
    assert.ok(!isVersion(text), text);
  }
  assert.deepEqual([isPrerelease("1.0.0-rc.1"), isPrerelease("1.0.0")], [true, false]);
});
