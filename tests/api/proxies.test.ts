/** Proxies that are wrong: they are named, and the API is not blamed. */
import assert from "node:assert/strict";
import { authority } from "../support/binary/authority.ts";
import { autocom } from "../support/harness.ts";
import { asking, at, encode, gone, GOOD, holds, line, PEER, test } from "../support/api/asking.ts";
import { answering, raw } from "../support/api/server.ts";

const via = (port: number, scheme = "http") => ({ HTTPS_PROXY: `${scheme}://127.0.0.1:${port}` });
const API = "https://api.test";
const PROXY = (scheme = "http") => `the proxy ${scheme}://${PEER}`;

for (const scheme of ["http", "https", "socks5", "socks5h"]) {
  test(`FT-36: a ${scheme} proxy that is not there is named, not the API`, async () => {
    await holds(
      API,
      10,
      line(`${PROXY(scheme)} (refused the connection|cannot be reached)`, "HTTPS_PROXY"),
      via(gone(), scheme),
    );
    const nobody = { ALL_PROXY: `${scheme}://proxy.invalid:3128` };
    await holds(
      API,
      10,
      line(`the proxy ${scheme}://proxy\\.invalid:3128 cannot be (found|reached)`, "ALL_PROXY"),
      nobody,
    );
  });
}

test("FT-36: a proxy with a password that is not there is named, without its password", async () => {
  for (const login of ["me:hunter2@", ":hunter2@"]) {
    const env = { https_proxy: `http://${login}127.0.0.1:${gone()}` };
    await holds(API, 10, line(`${PROXY()} refused the connection`, "https_proxy"), env);
  }
  const env = { https_proxy: `http://me:hunter2@proxy.invalid` };
  await holds(API, 10, line(`the proxy http://proxy\\.invalid cannot be found`, "https_proxy"), env);
});

const PROXIES: [what: string, answer: string, said: RegExp][] = [
  [
    "wants a password",
    "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
    line(`${PROXY()} wants a name and a password`, "export HTTPS_PROXY=http://NAME:PASSWORD@127"),
  ],
  [
    "says no",
    "HTTP/1.1 403 Forbidden\r\n\r\n",
    line(`${PROXY()} did not connect to api\\.test`, "HTTPS_PROXY and NO_PROXY"),
  ],
  ["finds nobody there", "HTTP/1.1 502 Bad Gateway\r\n\r\n", line(`${PROXY()} did not connect to api\\.test`)],
  ["hangs up", "", line(`${PROXY()} did not connect to api\\.test`)],
  ["is none", "SSH-2.0-OpenSSH_9.2\r\n", line(`${PROXY()} did not connect to api\\.test`)],
  ["answers, then hangs up", "HTTP/1.1 200 OK\r\n\r\n", line(`the connection to api\\.test broke off`, "try again")],
];
for (const [what, answer, said] of PROXIES) {
  test(`FT-36: a proxy that ${what} is exit 10 and named`, async () => {
    await using proxy = raw(answering(answer));
    await holds(API, 10, said, via(proxy.port));
  });
}

test("FT-36: a proxy that does not accept the password is said to, and the password is not shown", async () => {
  await using proxy = raw(answering("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
  await using w = await asking(API, { HTTPS_PROXY: `http://me:hunter2@127.0.0.1:${proxy.port}` });
  const err = (text: string) => {
    assert.match(text, line(`${PROXY()} did not accept the name and password in HTTPS_PROXY`, "NAME:PASSWORD"));
    assert.ok(!text.includes("hunter2"), text);
  };
  await autocom("orders list", { code: 10, err }, w);
});

test("FT-36: a proxy that hangs is named when time is over", async () => {
  await using proxy = raw(() => Promise.resolve());
  await using w = await asking(API, via(proxy.port));
  const { clock } = (await import("../../src/system/deno.ts")).denoSystem();
  w.system = { clock };
  const err = new RegExp(
    `api\\.test did not answer within 0\\.3 s, through ${PROXY()}\nhint: check HTTPS_PROXY; .*--timeout`,
  );
  await autocom("orders list --timeout 0.3", { code: 10, err }, w);
});

test("FT-36: an https proxy whose certificate is not trusted is named", async () => {
  const server = Deno.serve({ ...at, ...authority("Stranger").issue(["127.0.0.1"]) }, () => new Response());
  const said = line(
    `the certificate of ${PROXY("https")} \\(or of api\\.test behind it\\) is trusted neither .*`,
    "AUTOCOM_CA_BUNDLE",
  );
  await holds(API, 10, said, via(server.addr.port, "https"));
  await server.shutdown();
});

for (
  const [login, name] of [["t%C3%B6ken%3A", "töken::"], ["me:hunter%202", "me:hunter 2"], [":hunter2", ":hunter2"]]
) {
  test(`FT-36: an https proxy is given the login ${login} decoded`, async () => {
    using listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...GOOD });
    const asked = (async () => {
      using connection = await listener.accept();
      const buffer = new Uint8Array(4_096);
      const head = new TextDecoder().decode(buffer.subarray(0, await connection.read(buffer) ?? 0));
      await connection.write(encode("HTTP/1.1 403 Forbidden\r\n\r\n"));
      return head;
    })();
    const env = { HTTPS_PROXY: `https://${login}@127.0.0.1:${listener.addr.port}` };
    await holds(API, 10, line(`${PROXY("https")} did not connect to api\\.test`, "HTTPS_PROXY and NO_PROXY"), env);
    const given = /^proxy-authorization: Basic (\S+)\r$/im.exec(await asked)![1]!;
    assert.equal(new TextDecoder().decode(Uint8Array.fromBase64(given)), name);
  });
}

for (const scheme of ["socks5", "socks5h"]) {
  test(`FT-36: a ${scheme} proxy is given name and password, decoded`, async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const asked = (async () => {
      using connection = await listener.accept();
      const buffer = new Uint8Array(600);
      await connection.read(buffer);
      await connection.write(new Uint8Array([5, 2])); // RFC 1928, section 3; RFC 1929, section 2
      const login = buffer.slice(0, await connection.read(buffer) ?? 0);
      await connection.write(new Uint8Array([1, 1]));
      return login;
    })();
    const env = { ALL_PROXY: `${scheme}://m%C3%A9:hunter%202@127.0.0.1:${listener.addr.port}` };
    const said = line(
      `${PROXY(scheme)} did not accept the name and password in ALL_PROXY`,
      `export ALL_PROXY=${scheme}://NAME:PASSWORD@${PEER}`,
    );
    await holds(API, 10, said, env);
    assert.deepEqual([...await asked], [1, 3, ...encode("mé"), 8, ...encode("hunter 2")]);
  });

  for (const login of ["onlytoken", ":hunter2", `${"n".repeat(300)}:hunter2`, `me:${"ü".repeat(128)}`]) {
    test(`FT-36: a ${scheme} proxy with a login that SOCKS does not take (${login.slice(0, 20)}) is named`, async () => {
      const said = line(
        `the proxy ${scheme}://proxy\\.test:1080 \\(from HTTPS_PROXY\\) cannot be asked: SOCKS takes a name and a password of 1 to 255 bytes each`,
        `set it to ${scheme}://NAME:PASSWORD@proxy\\.test:1080, or unset HTTPS_PROXY`,
      );
      await holds(API, 10, said, { HTTPS_PROXY: `${scheme}://${login}@proxy.test:1080` });
    });
  }

  test(`FT-36: a ${scheme} proxy whose name is not ASCII is named, and no certificate is blamed`, async () => {
    const said = line(`the proxy ${scheme}://xn--[a-z0-9-]+\\.invalid:1080 cannot be (found|reached)`, "HTTPS_PROXY");
    await holds(API, 10, said, { HTTPS_PROXY: `${scheme}://pröxy.invalid:1080` });
  });
}
