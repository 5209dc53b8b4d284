/** Servers whose TLS is wrong in every way that could be thought of: what is said of each. */
import assert from "node:assert/strict";
import { authority, type Wrong } from "../support/binary/authority.ts";
import { autocom } from "../support/harness.ts";
import {
  ADDRESS,
  asking,
  at,
  company,
  encode,
  GOOD,
  holds,
  line,
  OPERATOR,
  PEER,
  PEM,
  test,
} from "../support/api/asking.ts";
import { BODY, raw } from "../support/api/server.ts";

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

const CLIENT = `${PEER} requires a client certificate`;
const NONE = "needs none";
const ALERTS: [number: number, said: RegExp][] = [
  [40, line(`${PEER} and autocom have no encryption in common, or it wants a client certificate`, OPERATOR)],
  [71, line(`${PEER} and autocom have no encryption in common, or it wants a client certificate`, OPERATOR)],
  [42, line(`${CLIENT} \\(TLS alert BadCertificate\\)`, NONE)],
  [46, line(`${CLIENT} \\(TLS alert CertificateUnknown\\)`, NONE)],
  [48, line(`${CLIENT} \\(TLS alert UnknownCA\\)`, NONE)],
  [49, line(`${CLIENT} \\(TLS alert AccessDenied\\)`, NONE)],
  [116, line(`${PEER} wants a client certificate, which autocom does not support`, NONE)],
  [70, line(`${PEER} does not offer TLS 1\\.2 or 1\\.3`, OPERATOR)],
  [86, line(`${PEER} does not offer TLS 1\\.2 or 1\\.3`, OPERATOR)],
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
    line(`${PEER} does not offer TLS 1\\.2 or 1\\.3`, OPERATOR),
  ],
  [
    "TLS 1.0 alone",
    ["-tls1", "-cipher", "DEFAULT@SECLEVEL=0"],
    line(`${PEER} does not offer TLS 1\\.2 or 1\\.3`, OPERATOR),
  ],
  [
    "a cipher of yesterday",
    ["-tls1_2", "-cipher", "AES128-SHA"],
    line(`${PEER} and autocom have no encryption in common`),
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
