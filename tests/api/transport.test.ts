/** The runtime's words for what happens below HTTP, as ours. */
import assert from "node:assert/strict";
import { transportFailure } from "../../src/api/transport.ts";
import type { ThroughProxy } from "../../src/system/mod.ts";

// Those of other systems, and what no server can be made to do: the rest is in `connections.test.ts`, against servers.
const WORDS: [runtime: string, ours: RegExp][] = [
  [
    "(Connect): dns error: failed to lookup address information: Temporary failure in name resolution",
    / cannot be found$/,
  ],
  [
    "(Connect): dns error: failed to lookup address information: nodename nor servname provided, or not known",
    / found$/,
  ],
  ["(Connect): dns error: No such host is known. (os error 11001)", /^the host h\S+ cannot be found$/],
  ["(Connect): tcp connect error: Connection refused (os error 61)", /^h\S+ refused the connection$/],
  [
    "(Connect): tcp connect error: No connection could be made because the target machine actively refused it. (os error 10061)",
    /refused the connection$/,
  ],
  ["(Connect): tcp connect error: Network is unreachable (os error 51)", /^this machine has no route to h/],
  [
    "(Connect): tcp connect error: A socket operation was attempted to an unreachable host. (os error 10065)",
    /no route/,
  ],
  ["(Connect): tcp connect error: Connection timed out (os error 110)", /^h\S+ did not answer$/],
  ["(Connect): tcp connect error: Permission denied (os error 13)", /^this machine does not let autocom connect to h/],
  [
    "(SendRequest): connection error: An existing connection was forcibly closed by the remote host. (os error 10054)",
    /broke off$/,
  ],
  ["(Connect): invalid peer certificate: Revoked", /^the certificate of h\S+ was revoked$/],
  ["(Connect): invalid peer certificate: certificate not valid yet: verification time 1", /is not valid yet$/],
  ["(Connect): received fatal alert: AlertDescription(0x63)", /ended the encrypted connection \(TLS alert \w+\)$/],
  ["(Connect): peer is incompatible: ServerDoesNotSupportTls12Or13", /does not offer TLS 1\.2 or 1\.3/],
  ["(Connect): Too many open files (os error 24)", /has too many open files/],
  ["Requests to port 9 are blocked", /^the port of h\S+ is blocked for web requests/],
  ["(Connect): something new", /^h\S+ cannot be reached$/],
];
for (const [runtime, ours] of WORDS) {
  Deno.test(`"${runtime}" is said in our words, without the address: its query may hold a secret`, async () => {
    const url = "https://hint-eof.refused.proxy.example/oauth/token?code=SECRET&closed=certificate";
    for (const address of [`url (${url}): client error `, `${url} (10.0.0.1:443): client error `]) {
      const error = await transportFailure(
        new TypeError(`error sending request for ${address}${runtime}`),
        new URL(url),
      );
      assert.match(error.message, ours);
      assert.equal(error.exit, /too many/i.test(runtime) ? 1 : 10);
      assert.ok(!JSON.stringify(error).includes("SECRET") && !error.message.includes("oauth"));
    }
  });
}

Deno.test("FT-37: a server that speaks before it is asked, as SSH and SMTP do, is not called out of reach", async () => {
  const report =
    "error sending request for url (http://127.0.0.1:22/): client error (SendRequest): received unexpected message from connection";
  const { message, kind } = await transportFailure(new TypeError(report), new URL("http://127.0.0.1:22/"));
  assert.deepEqual([message, kind], ["what 127.0.0.1:22 answered is not HTTP", "server"]);
});

for (const host of ["127.0.0.1:1", "127.9.9.9", "[::1]:3990", "localhost:8443"]) {
  Deno.test(`${host} is this machine, which is asked through no proxy: one that refuses is not to be looked for there`, async () => {
    for (const report of ["tcp connect error: Connection refused (os error 111)", "something new"]) {
      const { hint } = await transportFailure(
        new TypeError(`client error (Connect): ${report}`),
        new URL(`https://${host}`),
      );
      assert.doesNotMatch(hint!, /proxy|PROXY|connection/);
      assert.match(hint!, /check the address: autocom config get api_url$/);
    }
  });
}

Deno.test("another machine that refuses may be behind a proxy, whatever its name begins with", async () => {
  for (const host of ["api.test", "127.0.0.1.example", "localhost.example"]) {
    const error = new TypeError("client error (Connect): tcp connect error: Connection refused (os error 111)");
    assert.match((await transportFailure(error, new URL(`https://${host}`))).hint!, /whether a proxy is needed/);
  }
});

Deno.test("FT-34: a store that the runtime does not know is the variable's fault, with plain http, too", async () => {
  const report = 'Unknown certificate store "bogus" specified (allowed: "system,mozilla")';
  const { message, kind, hint } = await transportFailure(new Error(report), new URL("http://127.0.0.1/"));
  assert.deepEqual([message, kind, hint], [
    'DENO_TLS_CA_STORE names a store other than "system" and "mozilla"',
    "config",
    "unset DENO_TLS_CA_STORE",
  ]);
});

Deno.test("FT-17: a report of any length is looked through at once", async () => {
  const long = "x".repeat(2_000_000);
  const url = new URL(`https://api.example/?search=${"y".repeat(500_000)}`);
  const names = `certificate not valid for name "api.example"; only valid for DnsName("${long}://${long}")`;
  const report =
    `error sending request for url (${url.href}): client error (Connect): invalid peer certificate: ${names}`;
  assert.equal((await transportFailure(new TypeError(report), url)).message, "the certificate is not for api.example");
});

Deno.test("FT-36: whose fault it is behind a proxy is said as far as the runtime knows", async () => {
  const proxy = (address: string) => ({ variable: "ALL_PROXY", url: new URL(address), shown: "P" });
  const said = async (address: string, report: string) => {
    const cause = new TypeError(`error sending request for url (https://api.test/): client error (Connect): ${report}`);
    const error = Object.assign(new Error("", { cause }), { name: "ThroughProxy", proxy: proxy(address) });
    return (await transportFailure(error as ThroughProxy, new URL("https://api.test/"))).message;
  };
  const wrong = `invalid peer certificate: certificate not valid for name`;
  assert.equal(await said("https://p.test", `${wrong} "p.test"; …`), "the certificate is not for the proxy P");
  assert.equal(await said("https://p.test", `${wrong} "api.test"; …`), "the certificate is not for api.test");
  assert.match(
    await said("https://p.test", "invalid peer certificate: UnknownIssuer"),
    /of the proxy P \(or of api\.test/,
  );
  assert.match(await said("http://p.test", "invalid peer certificate: UnknownIssuer"), /certificate of api\.test is/);
  assert.equal(await said("http://p.test", "dns error: failed to lookup"), "the proxy P cannot be found");
  assert.equal(await said("socks5://p.test", "Host unreachable"), "the proxy P did not connect to api.test");
  assert.equal(await said("socks5://p.test", "Connection refused"), "the proxy P did not connect to api.test");
});
