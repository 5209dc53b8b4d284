/**
 * Servers and proxies that are wrong in every way that could be thought of, on loopback: what is said of each, by the real
 * transport.
 */
import assert from "node:assert/strict";
import { transport } from "../../src/system/transport.ts";
import type { System } from "../../src/system/mod.ts";
import { authority, type Wrong } from "../binary/authority.ts";
import { withToken } from "../commands/scripted.ts";
import { autocom, type World } from "../support/harness.ts";
import { answering, BODY, raw } from "./server.ts";

const company = authority("Acme Internal Authority");
const GOOD = company.issue(["127.0.0.1", "api.test"]);
const PEM = await Deno.makeTempFile({ suffix: ".pem" });
await Deno.writeTextFile(PEM, company.cert);
addEventListener("unload", () => Deno.removeSync(PEM));

const encode = (text: string) => new TextEncoder().encode(text);
const at = { hostname: "127.0.0.1", port: 0, onListen() {} };

/** A world that asks that address by the real transport, with the company's authority and these variables. */
async function asking(address: string, env: Record<string, string> = {}): Promise<World> {
  const send = transport({ AUTOCOM_CA_BUNDLE: PEM, ...env });
  const made = await withToken("owner", { env: { AUTOCOM_API_URL: `${address}/api/v1`, ...env }, fetch: send });
  const { clock } = (await import("../../src/system/deno.ts")).denoSystem();
  made.system = { clock: { ...clock, sleep: impatient(clock) } };
  return made;
}

/** Pauses between tries are over at once; the alarms of a request ring as they should. */
function impatient(clock: System["clock"]): System["clock"]["sleep"] {
  return (ms, signal) => ms > 1_000 ? clock.sleep(ms, signal) : Promise.resolve();
}

/** The real transport keeps its client as long as the process lives. */
function test(name: string, fn: () => Promise<void>, ignore = false): void {
  Deno.test({ name, fn, ignore, sanitizeResources: false, sanitizeOps: false });
}

async function holds(address: string, code: number, said: RegExp, env?: Record<string, string>): Promise<void> {
  await using w = await asking(address, env);
  await autocom("orders list", { code, err: said }, w);
}

const ADDRESS = "check the address: autocom config get api_url";
const OPERATOR = "tell whoever runs the server";
const line = (message: string, hint = "") =>
  new RegExp(`^error: cannot list orders: ${message}.*\nhint: .*${hint}.*\n$`);
const PEER = "127\\.0\\.0\\.1:\\d+";

test("FT-35: a server with a good certificate is asked", async () => {
  const server = Deno.serve({ ...at, ...GOOD }, () => new Response(BODY));
  await using w = await asking(`https://127.0.0.1:${server.addr.port}`);
  await autocom("orders list -o json", { out: "[]\n" }, w);
  await server.shutdown();
});

const CERTIFICATES: [wrong: Wrong | { from?: number; until?: number }, names: string, said: RegExp][] = [
  ["authority", "127.0.0.1", line(`the certificate of ${PEER} is an authority's own, not a server's`, "signed")],
  ["client", "127.0.0.1", line(`the certificate of ${PEER} is not meant for a server`, "another certificate")],
  ["forged", "127.0.0.1", line(`the certificate of ${PEER} cannot be checked: `, "another certificate")],
  [{ from: -30, until: -1 }, "127.0.0.1", line(`the certificate of ${PEER} has expired`, "clock")],
  [{ from: 2 }, "127.0.0.1", line(`the certificate of ${PEER} is not valid yet`, "clock")],
  [{}, "other.test", line(`the certificate is not for ${PEER}`, ADDRESS)],
];
for (const [how, name, said] of CERTIFICATES) {
  test(`FT-35: a certificate that is wrong (${JSON.stringify(how)}, ${name}) is exit 10, and nothing is sent`, async () => {
    let asked = 0;
    const identity = company.issue([name], typeof how === "string" ? { wrong: how } : how);
    const server = Deno.serve({ ...at, ...identity }, () => new Response(String(asked++)));
    await holds(`https://127.0.0.1:${server.addr.port}`, 10, said);
    assert.equal(asked, 0);
    await server.shutdown();
  });
}

test("TR-13: a certificate of an authority that nobody trusts is exit 10", async () => {
  const server = Deno.serve({ ...at, ...authority("Stranger").issue(["127.0.0.1"]) }, () => new Response(BODY));
  const said = line(
    `the certificate of ${PEER} is trusted neither by this system nor by AUTOCOM_CA_BUNDLE`,
    "AUTOCOM_CA_BUNDLE",
  );
  await holds(`https://127.0.0.1:${server.addr.port}`, 10, said);
  await server.shutdown();
});

const CLIENT = `${PEER} lets nobody in without its client certificate`;
const NONE = "needs none";
const ALERTS: [number: number, said: RegExp][] = [
  [40, line(`${PEER} and autocom agree on no way to encrypt, or it wants a client certificate`, OPERATOR)],
  [71, line(`${PEER} and autocom agree on no way to encrypt, or it wants a client certificate`, OPERATOR)],
  [42, line(`${CLIENT} \\(TLS alert BadCertificate\\)`, NONE)],
  [46, line(`${CLIENT} \\(TLS alert CertificateUnknown\\)`, NONE)],
  [48, line(`${CLIENT} \\(TLS alert UnknownCA\\)`, NONE)],
  [49, line(`${CLIENT} \\(TLS alert AccessDenied\\)`, NONE)],
  [116, line(`${PEER} wants a client certificate, and autocom has none to show`, NONE)],
  [70, line(`${PEER} offers no version of TLS that is safe \\(1\\.2 or 1\\.3\\)`, OPERATOR)],
  [86, line(`${PEER} offers no version of TLS that is safe`, OPERATOR)],
  [112, line(`${PEER} serves nothing of that name`, ADDRESS)],
  [120, line(`${PEER} does not speak HTTP over TLS`, ADDRESS)],
  [80, line(`${PEER} ended the encrypted connection \\(TLS alert InternalError\\)`, OPERATOR)],
  [99, line(`${PEER} ended the encrypted connection \\(TLS alert AlertDescription\\)`, OPERATOR)],
];
for (const [number, said] of ALERTS) {
  test(`FT-35: the TLS alert ${number} is exit 10: ${said.source.slice(28, 90)}`, async () => {
    await using server = raw(async (connection) => {
      await connection.read(new Uint8Array(8_192));
      await connection.write(new Uint8Array([21, 3, 3, 0, 2, 2, number]));
      connection.close();
    });
    await holds(`https://127.0.0.1:${server.port}`, 10, said);
  });
}

/** `openssl s_server`, because nothing here offers what is out of date. */
const OPENSSL: [what: string, args: string[], said: RegExp][] = [
  [
    "TLS 1.1 alone",
    ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"],
    line(`${PEER} offers no version of TLS that is safe`, OPERATOR),
  ],
  [
    "TLS 1.0 alone",
    ["-tls1", "-cipher", "DEFAULT@SECLEVEL=0"],
    line(`${PEER} offers no version of TLS that is safe`, OPERATOR),
  ],
  [
    "a cipher of yesterday",
    ["-tls1_2", "-cipher", "AES128-SHA"],
    line(`${PEER} and autocom agree on no way to encrypt`),
  ],
  [
    "a client certificate wanted, TLS 1.3",
    ["-tls1_3", "-Verify", "1"],
    line(`${PEER} wants a client certificate`, NONE),
  ],
  ["a client certificate wanted, TLS 1.2", ["-tls1_2", "-Verify", "1"], line(`.*or it wants a client certificate`)],
  ["another protocol", ["-alpn", "spdy/1"], line(`${PEER} does not speak HTTP over TLS`, ADDRESS)],
];
const hasOpenssl = await new Deno.Command("openssl", { args: ["version"], stdout: "null" }).output().then(
  () => true,
  () => false,
);
if (!hasOpenssl) console.error("SKIPPED: servers with outdated TLS: openssl is not installed");
for (const [what, args, said] of OPENSSL) {
  const body = async () => {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/cert`, GOOD.cert);
    await Deno.writeTextFile(`${folder}/key`, GOOD.key);
    const files = ["-cert", `${folder}/cert`, "-key", `${folder}/key`, "-CAfile", PEM];
    const server = new Deno.Command("openssl", {
      args: ["s_server", "-accept", "127.0.0.1:0", "-www", ...files, ...args],
      ...{ stdin: "null", stdout: "piped", stderr: "null" } as const,
    }).spawn();
    const lines = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let told = "";
    while (!/ACCEPT 127\.0\.0\.1:(\d+)/.test(told)) {
      told += (await lines.read()).value ?? assert.fail("openssl has ended");
    }
    await holds(`https://127.0.0.1:${/:(\d+)/.exec(told)![1]}`, 10, said);
    await lines.cancel();
    server.kill();
    await server.status;
    await Deno.remove(folder, { recursive: true });
  };
  test(`FT-35: a server with ${what} is exit 10`, body, !hasOpenssl);
}

const TLS: [what: string, answer: string | Uint8Array<ArrayBuffer>, said: RegExp][] = [
  ["HTTP in clear text", "HTTP/1.1 400 Bad Request\r\n\r\n", line(`${PEER} does not speak TLS`, ADDRESS)],
  ["SSH", "SSH-2.0-OpenSSH_9.2\r\n", line(`${PEER} does not speak TLS`, ADDRESS)],
  ["zeros", new Uint8Array(500), line(`${PEER} does not speak TLS`, ADDRESS)],
  ["half a greeting", new Uint8Array([22, 3, 3, 0, 6, 2, 0, 0, 2, 1, 1]), line(`${PEER} does not speak TLS`, ADDRESS)],
  ["nothing, and hangs up", "", line(`the connection to ${PEER} broke off`, "try again")],
];
for (const [what, answer, said] of TLS) {
  test(`FT-35: where TLS is expected, a server that speaks ${what} is exit 10`, async () => {
    await using server = raw(async (connection) => {
      await connection.read(new Uint8Array(8_192));
      await connection.write(typeof answer === "string" ? encode(answer) : answer);
      connection.close();
    });
    await holds(`https://127.0.0.1:${server.port}`, 10, said);
  });
}

const frame = (type: number, stream: number, ...payload: number[]) =>
  new Uint8Array([0, 0, payload.length, type, 0, 0, 0, 0, stream, ...payload]);
const reset = (code: number) => frame(3, 1, 0, 0, 0, code);
const goAway = (code: number) => frame(7, 0, 0, 0, 0, 0, 0, 0, 0, code);
const BROKE = `${PEER} broke off before it had answered`;
const HTTP2: [what: string, frame: Uint8Array<ArrayBuffer>, code: number, said: RegExp][] = [
  ["resets with INTERNAL_ERROR", reset(2), 11, line(BROKE, OPERATOR)],
  ["resets with PROTOCOL_ERROR", reset(1), 11, line(BROKE, OPERATOR)],
  ["refuses the stream", reset(7), 11, line(BROKE, OPERATOR)],
  ["resets with CANCEL", reset(8), 11, line(BROKE, OPERATOR)],
  ["calls for calm", reset(11), 9, line(`${PEER} limits the rate of requests`, "in a minute")],
  ["wants HTTP/1.1", reset(13), 11, line(`${PEER} does not answer over HTTP/2`, OPERATOR)],
  ["goes away with INTERNAL_ERROR", goAway(2), 11, line(BROKE, OPERATOR)],
  ["goes away with PROTOCOL_ERROR", goAway(1), 11, line(BROKE, OPERATOR)],
  ["speaks nonsense", new Uint8Array(200).fill(255), 11, line(BROKE, OPERATOR)],
];
for (const [what, answer, code, said] of HTTP2) {
  test(`FT-37: an HTTP/2 server that ${what} is exit ${code}`, async () => {
    const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...GOOD, alpnProtocols: ["h2"] });
    const serving = (async () => {
      for await (const connection of listener) {
        const told = connection.read(new Uint8Array(65_536));
        await connection.write(frame(4, 0)); // settings
        await told;
        // The request comes in a write of its own.
        await connection.read(new Uint8Array(65_536)).catch(() => {});
        await connection.write(answer).catch(() => {});
        await connection.closeWrite().catch(() => {});
        while (await connection.read(new Uint8Array(65_536)).catch(() => null));
        connection.close();
      }
    })();
    await holds(`https://127.0.0.1:${listener.addr.port}`, code, said);
    listener.close();
    await serving;
  });
}

const HEADS: [what: string, head: string, code: number, said: RegExp][] = [
  [
    "a head of 1 MB",
    `X-A: ${"a".repeat(1 << 20)}\r\n`,
    11,
    line(`the head of the answer of ${PEER} is too large`, ADDRESS),
  ],
  ["1,000 headers", "X-A: b\r\n".repeat(1_000), 11, line(`the head of the answer of ${PEER} is too large`, ADDRESS)],
  ["a header without a name", ": b\r\n", 11, line(`what ${PEER} answered is not HTTP`, ADDRESS)],
  ["two lengths", "Content-Length: 3\r\n", 11, line(`what ${PEER} answered is not HTTP`, ADDRESS)],
];
for (const [what, head, code, said] of HEADS) {
  test(`FT-38: an answer with ${what} is exit ${code}`, async () => {
    await using server = raw(async (connection) => {
      await connection.read(new Uint8Array(8_192));
      let rest = encode(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${head}\r\n{}`);
      while (rest.length > 0) rest = rest.subarray(await connection.write(rest));
      connection.close();
    });
    await holds(`http://127.0.0.1:${server.port}`, code, said);
  });
}

for (
  const first of [
    "HTTP/1.1 999 What",
    "HTTP/1.1 1000 What",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x",
    "HTTP/3.0 200 OK",
  ]
) {
  test(`an answer that begins with ${JSON.stringify(first)} is exit 11`, async () => {
    await using server = raw(answering(`${first}\r\nContent-Length: 0\r\n\r\n`));
    await holds(`http://127.0.0.1:${server.port}`, 11, /what \S+ answered is not HTTP/);
  });
}

for (const encoding of ["gzip", "br", "deflate"]) {
  for (
    const body of [
      "Content-Length: 0\r\n\r\n",
      "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "\r\n",
      "Content-Length: 9\r\n\r\ngarbage!!",
    ]
  ) {
    test(`FT-32: 401 with Content-Encoding ${encoding} and ${JSON.stringify(body)} is exit 4, asked once`, async () => {
      let asked = 0;
      await using server = raw(async (connection) => {
        asked++;
        await answering(`HTTP/1.1 401 Unauthorized\r\nContent-Encoding: ${encoding}\r\n${body}`)(connection);
      });
      await holds(`http://127.0.0.1:${server.port}`, 4, /did not accept the token/);
      assert.equal(asked, 1);
    });
  }
}

const EMPTY: [status: number, code: number, said: RegExp][] = [
  [200, 11, /answered with nothing \(status 200\)/],
  [204, 11, /answered with nothing \(status 204\)/],
  [302, 11, /a redirect to "\/", which is not followed/],
  [401, 4, /did not accept the token/],
  [403, 6, /forbidden in tenant "acme": status 403/],
  [
    404,
    11,
    /has no \/api\/v1\/graphql \(status 404\): it is not the API's address.*\nhint: .*autocom config get api_url/,
  ],
  [422, 8, /status 422/],
  [429, 9, /limits the rate of requests.*\nhint: try again in 45 s/],
  [500, 11, /failed: status 500/],
  [503, 11, /is not available: status 503.*\nhint: try again in 45 s/],
];
for (const [status, code, said] of EMPTY) {
  test(`decisions 5: an empty answer with status ${status} is exit ${code} by the status alone`, async () => {
    const server = Deno.serve(at, () => new Response(null, { status, headers: { "Retry-After": "45" } }));
    await holds(`http://127.0.0.1:${server.addr.port}`, code, said);
    await server.shutdown();
  });
}

const ODD: [what: string, status: number, body: string, type: string, code: number, said: RegExp][] = [
  [
    "429 with an HTML page",
    429,
    "<html>slow down</html>",
    "text/html",
    9,
    /limits the rate of requests.*\nhint: try again in 45 s/,
  ],
  ["429 with a token refused in it", 429, `{"code":"UNAUTHENTICATED"}`, "application/json", 9, /limits the rate/],
  ["429 with 40 MB", 429, "x".repeat(40 << 20), "text/plain", 9, /limits the rate/],
  ["401 with bytes that are no text", 401, "\xff", "text/plain", 4, /did not accept the token/],
  ["401 with HTML", 401, "<html>", "text/html", 11, /an HTML page \(status 401\)/],
  ["503 with HTML", 503, "<html>", "text/html", 11, /is not available: status 503.*\nhint: try again in 45 s/],
  [
    "404 of Laravel's router",
    404,
    `{"message":"The route x could not be found."}`,
    "application/json",
    11,
    /it is not the API's address/,
  ],
  ["404 of another program", 404, `{"error":"not found"}`, "application/json", 11, /it is not the API's address/],
  ["404 in plain text", 404, "404 page not found", "text/plain", 11, /it is not the API's address/],
  [
    "405",
    405,
    `{"message":"The POST method is not supported."}`,
    "application/json",
    11,
    /it is not the API's address/,
  ],
  ["404 of the platform", 404, `{"code":"NOT_FOUND","message":"no order"}`, "application/json", 7, /no order/],
];
for (const [what, status, body, type, code, said] of ODD) {
  test(`FT-30, FT-33: ${what} is exit ${code}`, async () => {
    const bytes = Uint8Array.from(body, (char) => char.charCodeAt(0));
    const headers = { "Content-Type": type, "Retry-After": "45" };
    const server = Deno.serve(at, () => new Response(bytes, { status, headers }));
    await holds(`http://127.0.0.1:${server.addr.port}`, code, said);
    await server.shutdown();
  });
}

const gone = () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
};
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

const MUTATION = "orders update-status 01J00000000000000000000001 shipped --yes";
test("FT-37: a change whose connection broke may have been carried out: its request id, and how to find out", async () => {
  const kinds: [answer: (connection: Deno.TcpConn) => Promise<void>, code: number, said: string][] = [
    [answering(""), 10, "the connection to \\S+ broke off"],
    [answering("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), 11, "the answer of \\S+ was cut off"],
    [answering("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"), 11, "http:\\S+ is not available: status 502"],
    [
      answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
      11,
      "http:\\S+ answered with JSON of another shape .*",
    ],
    [answering("SSH-2.0\r\n"), 11, "what \\S+ answered is not HTTP"],
    [() => Promise.resolve(), 10, "\\S+ did not answer within 1\\.5 s"],
  ];
  for (const [answer, code, said] of kinds) {
    let id = "";
    let sent = 0;
    await using server = raw(async (connection) => {
      const bytes = new Uint8Array(8_192);
      let text = "";
      while (!/\r\n\r\n.*}(\r\n0\r\n\r\n)?$/s.test(text)) {
        text += new TextDecoder().decode(bytes.subarray(0, (await connection.read(bytes))!));
      }
      const isChange = text.includes("mutation");
      if (isChange) [sent, id] = [sent + 1, /^x-request-id: (\S+)/im.exec(text)![1]!];
      const order = { id: "01J00000000000000000000001", order_number: "ORD-1", status: "confirmed" };
      const brief = JSON.stringify({ data: { order } });
      const found = `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${brief.length}\r\n\r\n${brief}`;
      const read = {
        read: () => Promise.resolve(0),
        write: connection.write.bind(connection),
        close: () => connection.close(),
      };
      await (isChange ? answer : answering(found))(read as unknown as Deno.TcpConn);
    });
    await using w = await asking(`http://127.0.0.1:${server.port}`);
    const err = (text: string) => {
      const may = "; the change may have been carried out";
      const hint = `find out before you try again: autocom audit list --request-id ${id}`;
      assert.match(text, new RegExp(`^error: cannot .*: ${said}${may} \\(request ${id}\\)\nhint: ${hint}\n$`, "m"));
    };
    await autocom(`${MUTATION} --timeout 1.5`, { code, err }, w);
    assert.equal(sent, 1, "a change is sent once");
  }
});

test("FT-37: a change that was never sent does not say that it may have been carried out", async () => {
  await using w = await asking(`http://127.0.0.1:${gone()}`);
  await autocom(MUTATION, {
    code: 10,
    err: (text) => assert.ok(/refused/.test(text) && !/carried out/.test(text), text),
  }, w);
});
