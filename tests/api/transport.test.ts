/** Certificates, and the runtime's words for what happens below HTTP. */
import assert from "node:assert/strict";
import { transportFailure } from "../../src/api/transport.ts";
import { autocom } from "../support/harness.ts";
import { AUTHORITY, type Certificate, EXPIRED, GOOD, OTHER_HOST } from "../support/api/certificates.ts";
import { BODY, facing } from "../support/api/server.ts";

const TLS: [what: string, certificate: Certificate, trusted: boolean, said: RegExp | undefined][] = [
  [
    "by an authority that is not trusted",
    GOOD,
    false,
    /the certificate of \S+ is trusted neither by this system nor by AUTOCOM_CA_BUNDLE\nhint: set AUTOCOM_CA_BUNDLE to a PEM/,
  ],
  ["that has expired", EXPIRED, true, /the certificate of \S+ is out of date\nhint: check the clock of this machine/],
  ["for another host", OTHER_HOST, true, /the certificate is not for 127\.0\.0\.1:\d+\nhint: check the address/],
  ["by a trusted authority", GOOD, true, undefined],
];
for (const [what, certificate, trusted, said] of TLS) {
  Deno.test(`TR-13: a certificate ${what} ${said ? "is exit 10, before anything is sent" : "is accepted"}`, async () => {
    let asked = 0;
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {}, ...certificate }, () => {
      asked++;
      return new Response(BODY);
    });
    const client = Deno.createHttpClient({ caCerts: trusted ? [AUTHORITY] : [] });
    await using w = await facing(server.addr.port, "https", client);
    if (said) await autocom("orders list", { code: 10, err: said }, w);
    else await autocom("orders list -o json", { out: "[]\n" }, w);
    assert.equal(asked, said ? 0 : 1);
    client.close();
    await server.shutdown();
  });
}

const WORDS: [runtime: string, ours: RegExp][] = [
  [
    "client error (Connect): dns error: failed to lookup address information: Name or service not known",
    /^the host h\S+ cannot be found$/,
  ],
  [
    "client error (Connect): dns error: failed to lookup address information: Temporary failure in name resolution",
    /cannot be found$/,
  ],
  [
    "client error (SendRequest): connection error: Connection reset by peer (os error 104)",
    /^the connection to h\S+ broke off$/,
  ],
  ["client error (SendRequest): connection closed before message completed", /broke off$/],
  ["client error (Connect): tls handshake eof", /broke off$/],
  [
    "client error (Connect): invalid peer certificate: certificate not valid yet: verification time 1",
    /is out of date$/,
  ],
  ["client error (Connect): invalid peer certificate: BadSignature", /is trusted neither by this system nor/],
  [
    "client error (Connect): invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
    /is an authority's own, not a server's$/,
  ],
  ["client error (Connect): something new", /^h\S+ cannot be reached$/],
];
for (const [runtime, ours] of WORDS) {
  Deno.test(`"${runtime}" is said in our words, without the address: its query may hold a secret`, () => {
    const url = "https://hint-eof.refused.proxy.example/oauth/token?code=SECRET&closed=certificate";
    const error = transportFailure(new TypeError(`error sending request for url (${url}): ${runtime}`), new URL(url));
    assert.match(error.message, ours);
    assert.equal(error.kind, "network");
    assert.ok(!JSON.stringify(error).includes("SECRET") && !error.message.includes("oauth"));
  });
}
