import assert from "node:assert/strict";
import { isExempt, proxyFor, proxyOf } from "../../src/system/proxy.ts";

const LISTS: [list: string, reached: string[], asked: string[]][] = [
  ["*", ["api.corp.test", "10.1.2.3", "[fd00::1]"], []],
  ["corp.test", ["corp.test", "api.corp.test", "a.b.corp.test", "CORP.test", "corp.test."], [
    "xcorp.test",
    "corp.test.evil",
  ]],
  [".corp.test", ["api.corp.test", "corp.test"], ["xcorp.test"]],
  ["*.corp.test", ["api.corp.test", "a.b.corp.test", "corp.test"], ["xcorp.test", "10.0.0.1"]],
  ["CORP.Test", ["api.corp.test"], []],
  ["https://corp.test/", ["api.corp.test"], []],
  ["api.corp.test:8443", ["api.corp.test:8443"], ["api.corp.test", "api.corp.test:844"]],
  ["api.corp.test:443", ["api.corp.test"], ["api.corp.test:8443"]],
  [" other.test , corp.test ", ["api.corp.test", "other.test"], ["elsewhere.test"]],
  ["other.test corp.test\tthird.test", ["api.corp.test", "third.test"], []],
  ["10.1.2.3", ["10.1.2.3"], ["10.1.2.30", "110.1.2.3", "a.10.1.2.3.test"]],
  ["10.0.0.0/8", ["10.1.2.3", "10.255.255.255"], ["11.0.0.1", "api.test"]],
  ["192.168.4.0/22", ["192.168.4.1", "192.168.7.255"], ["192.168.8.0", "192.168.3.255"]],
  ["0.0.0.0/0", ["8.8.8.8"], ["[2001:db8::1]", "api.test"]],
  ["10.0.0.0/33", [], ["10.0.0.0"]],
  ["fd00::1", ["[fd00::1]", "[fd00:0:0:0:0:0:0:1]"], ["[fd00::2]"]],
  ["[fd00::1]:8443", ["[fd00::1]:8443"], ["[fd00::1]"]],
  ["fd00::/8", ["[fd12:3456::1]"], ["[fe80::1]", "10.0.0.1"]],
  ["::/0", ["[2001:db8::1]"], ["8.8.8.8"]],
  ["münchen.test", ["xn--mnchen-3ya.test", "api.münchen.test"], ["munchen.test"]],
  ["", ["localhost", "sub.localhost", "127.0.0.1", "127.9.9.9", "[::1]"], ["api.test", "128.0.0.1", "[::2]"]],
  [",,, ,", ["127.0.0.1"], ["api.test"]],
  ["[", [], ["api.test"]],
  [":::", [], ["[fd00::1]"]],
  ["*:443", ["api.test"], ["api.test:8443"]],
];
for (const [list, reached, asked] of LISTS) {
  Deno.test(`FT-36: NO_PROXY=${JSON.stringify(list)} exempts ${reached.join(", ") || "nothing"}, and not ${asked.join(", ")}`, () => {
    for (const host of reached) assert.ok(isExempt(list, new URL(`https://${host}/`)), host);
    for (const host of asked) assert.ok(!isExempt(list, new URL(`https://${host}/`)), host);
  });
}

Deno.test("FT-36: a list of any length and kind is read at once", () => {
  const lists = [
    "a.".repeat(60_000),
    "1".repeat(120_000),
    ":".repeat(120_000),
    "[".repeat(120_000),
    `${"x, ".repeat(40_000)}y`,
  ];
  for (const list of lists) assert.ok(!isExempt(list, new URL("https://api.test/")));
});

Deno.test("FT-36: NO_PROXY goes before no_proxy, and one that is set alone counts", () => {
  const target = new URL("https://api.corp.test/api/v1");
  const proxy = { HTTPS_PROXY: "http://p.test:3128" };
  assert.equal(proxyFor({ ...proxy, NO_PROXY: "corp.test", no_proxy: "other.test" }, target), undefined);
  assert.equal(
    proxyFor({ ...proxy, NO_PROXY: "other.test", no_proxy: "corp.test" }, target)?.shown,
    "http://p.test:3128",
  );
  assert.equal(proxyFor({ ...proxy, no_proxy: "corp.test" }, target), undefined);
});

for (const variable of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) {
  for (const broken of ["socks4://10.0.0.1:1080", "http://user:1#pw@proxy.test", "http://"]) {
    Deno.test(`FT-36: ${variable}=${broken} stops no request that goes through no proxy`, () => {
      const env = { [variable]: broken };
      for (const list of ["*", "corp.test"]) {
        assert.equal(proxyFor({ ...env, NO_PROXY: list }, new URL("https://api.corp.test/")), undefined);
      }
      for (const own of ["http://127.0.0.1:8080/", "http://[::1]/", "https://localhost/"]) {
        assert.equal(proxyFor(env, new URL(own)), undefined);
      }
      assert.throws(
        () => proxyFor({ ...env, NO_PROXY: "other.test" }, new URL("https://api.corp.test/")),
        { kind: "network", message: `${variable} is not the address of a proxy` },
      );
    });
  }
}

Deno.test("FT-36: the first variable counts, and what it shows has no login in it", () => {
  const all = {
    HTTPS_PROXY: "http://a:b@one",
    https_proxy: "two",
    ALL_PROXY: "socks5://three:9",
    all_proxy: "https://four",
  };
  const shown: (string | undefined)[] = [];
  const left: Record<string, string> = { ...all };
  for (const name of Object.keys(all)) {
    shown.push(proxyOf(left)?.shown);
    delete left[name];
  }
  assert.deepEqual(shown, ["http://one", "http://two", "socks5://three:9", "https://four"]);
  assert.equal(proxyOf(left), undefined);
});
