/**
 * What is wrong with a connection: THE table, from what the runtime reports to what is so and what to type. The runtime's
 * own text quotes whole URLs and is never shown. Measured on 2.7.11 and 2.9.6 against servers that do it
 * (tests/api); the numbers of system errors are those of Linux, macOS and Windows. A chunk of its own.
 *
 * @module
 */

import type { Kind } from "../errors.ts";
import type { At, Cause } from "./cause.ts";

type Words = string | ((at: At, found: RegExpExecArray) => string);
type Row = [
  pattern: RegExp,
  message: Words,
  hint: Words,
  more?: { kind?: Kind; late?: true; broke?: true; far?: true },
];

const ADDRESS = "check the address: autocom config get api_url";
/** This machine itself, with a port or without. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;
const RENEW = "the server needs another certificate: tell whoever runs it";
const CLIENT = "ask whoever runs the server for an address that needs none";

/**
 * The first row that fits. `late`: the request may have been sent; `broke`: worth another try; `far`: what stands behind the
 * proxy, if one was asked.
 */
const ROWS: Row[] = [
  // What the proxy says.
  [
    /proxy authentication required|password auth failure/i,
    ({ peer, proxy }) =>
      proxy?.login
        ? `${peer} did not accept the name and password in ${proxy.variable}`
        : `${peer} wants a name and a password`,
    ({ proxy }) =>
      `export ${proxy?.variable ?? "HTTPS_PROXY"}=${
        (proxy?.shown ?? "http://HOST:PORT").replace("//", "//NAME:PASSWORD@")
      } (special characters as %23 and so on)`,
  ],
  [/no acceptable auth methods/i, ({ peer }) => `${peer} wants another kind of login`, proxyHint],
  [/proxy server unreachable/i, ({ peer }) => `${peer} cannot be reached`, proxyHint],
  [
    /tunnel|socks|not allowed by ruleset|\(Connect\): (network unreachable|host unreachable|connection refused|ttl expired)\s*$|invalid response version|early eof|unexpected end of file/i,
    ({ proxy, host }) => `${proxy ? `the proxy ${proxy.shown}` : "the proxy"} did not connect to ${host}`,
    ({ proxy }) => proxy ? `check ${proxy.variable} and NO_PROXY` : "check HTTPS_PROXY and NO_PROXY",
  ],
  // Certificates (rustls and webpki).
  [
    /peer certificate: (certificate expired|Expired)/i,
    ({ peer }) => `the certificate of ${peer} has expired`,
    "check the clock of this machine; if it is right, the server's certificate has to be renewed",
  ],
  [
    /peer certificate: (certificate not valid yet|NotValidYet)/i,
    ({ peer }) => `the certificate of ${peer} is not valid yet`,
    "check the clock of this machine; if it is right, tell whoever runs the server",
  ],
  [/not valid for (any )?name|NotValidForName/i, ({ peer }) => `the certificate is not for ${peer}`, nameHint],
  [
    /CaUsedAsEndEntity/,
    ({ peer }) => `the certificate of ${peer} is an authority's own, not a server's`,
    "the server needs a certificate that this authority signed",
  ],
  [
    /EndEntityUsedAsCa|PathLenConstraint|NameConstraint|MaximumPath|UntrustedIssuer/,
    ({ peer }) => `the certificate of ${peer} was issued by an authority that may not issue it`,
    RENEW,
  ],
  [/peer certificate: (certificate )?revoked/i, ({ peer }) => `the certificate of ${peer} was revoked`, RENEW],
  [
    /extended key usage|InvalidPurpose|RequiredEkuNotFound/i,
    ({ peer }) => `the certificate of ${peer} is not meant for a server`,
    RENEW,
  ],
  [
    /BadSignature|UnsupportedSignature|UnsupportedCrit|BadEncoding|UnsupportedCert|BadDer|UnhandledCrit|peer certificate: Other/,
    ({ peer }) => `the certificate of ${peer} cannot be checked: it is damaged, too weak or of an unknown kind`,
    RENEW,
  ],
  [
    /peer certificate/i,
    ({ peer }) => `the certificate of ${peer} is trusted neither by this system nor by AUTOCOM_CA_BUNDLE`,
    "set AUTOCOM_CA_BUNDLE to a PEM file with your company's authority",
  ],
  // What the other side's TLS refuses (RFC 8446, section 6).
  [
    /fatal alert: ProtocolVersion|InappropriateFallback|peer is incompatible: .{0,200}(Tls1[23]|SupportedVersions|VersionIs)/,
    ({ peer }) => `${peer} does not offer TLS 1.2 or 1.3`,
    "tell whoever runs the server",
  ],
  [
    /fatal alert: CertificateRequired/,
    ({ peer }) => `${peer} wants a client certificate, which autocom does not support`,
    CLIENT,
  ],
  [
    /fatal alert: (BadCertificate|UnsupportedCertificate|CertificateUnknown|UnknownCA|AccessDenied|CertificateRevoked|CertificateExpired)/,
    ({ peer }, [, name]) => `${peer} requires a client certificate (TLS alert ${name})`,
    CLIENT,
  ],
  [
    /fatal alert: (HandshakeFailure|InsufficientSecurity)|peer is incompatible/,
    ({ peer }) => `${peer} and autocom have no encryption in common, or it wants a client certificate`,
    "tell whoever runs the server",
  ],
  [/fatal alert: UnrecognisedName/, ({ peer }) => `${peer} serves nothing of that name`, ADDRESS],
  [/fatal alert: NoApplicationProtocol/, ({ peer }) => `${peer} does not speak HTTP over TLS`, ADDRESS],
  [
    /fatal alert: (\w+)/,
    ({ peer }, [, name]) => `${peer} ended the encrypted connection (TLS alert ${name})`,
    "try again; if it stays, tell whoever runs the server",
    { late: true },
  ],
  [/corrupt message|InvalidContentType|peer misbehaved/i, ({ peer }) => `${peer} does not speak TLS`, ADDRESS],
  // The way there.
  [
    /dns error|failed to lookup|name resolution|invalid dns name|os error (11001|11004)\b/i,
    ({ peer, proxy }) => `${proxy ? peer : `the host ${peer}`} cannot be found`,
    ({ proxy }) =>
      proxy ? `check ${proxy.variable}` : `check your connection, and the address: autocom config get api_url`,
  ],
  [/connection refused|os error (111|61|10061)\b/i, ({ peer }) => `${peer} refused the connection`, refusedHint],
  [
    /unreachable|no route to host|os error (101|113|51|65|10051|10065)\b/i,
    ({ peer }) => `this machine has no route to ${peer}`,
    "check your connection (a VPN?), then try again",
  ],
  [/os error (110|60|10060)\b/, ({ peer }) => `${peer} did not answer`, connectionHint],
  [
    /connect error: .{0,200}(permission denied|not permitted)|os error (10013)\b/i,
    ({ peer }) => `this machine does not let autocom connect to ${peer}`,
    "a firewall on this machine?",
  ],
  [/too many open files/i, "this process has too many open files", "ulimit -n 1024", { kind: "failure" }],
  [/port \d+ (are|is) blocked/i, ({ host }) => `the port of ${host} is blocked for web requests`, ADDRESS],
  [
    /unknown certificate store/i,
    'DENO_TLS_CA_STORE names a store other than "system" and "mozilla"',
    "unset DENO_TLS_CA_STORE",
    { kind: "config" },
  ],
  [
    /platform certificates/i,
    "the certificate authorities of this system cannot be read",
    "set AUTOCOM_CA_BUNDLE to a PEM file, and DENO_TLS_CA_STORE to mozilla",
    { kind: "config" },
  ],
  // What the server answered.
  [/head is too large/i, ({ host }) => `the headers of the answer of ${host} are too large`, ADDRESS, {
    kind: "server",
    late: true,
    far: true,
  }],
  [/parsed|parse error|invalid HTTP|unexpected message/i, ({ host }) => `what ${host} answered is not HTTP`, ADDRESS, {
    kind: "server",
    late: true,
    far: true,
  }],
  [
    /stream error received: endpoint requires HTTP\/1\.1/,
    ({ host }) => `${host} does not answer over HTTP/2, although it offers it`,
    "tell whoever runs the server",
    { kind: "server", late: true, far: true },
  ],
  [
    /stream error received: detected excessive load/,
    ({ host }) => `${host} limits the rate of requests`,
    "try again in a minute",
    { kind: "rate-limited", late: true, far: true },
  ],
  [
    /stream error|go.?away|http2 error|broken pipe|connection error (received|detected)|frame with invalid/i,
    ({ host }) => `${host} broke off before it had answered`,
    "try again; if it stays, tell whoever runs the server",
    { kind: "server", late: true, broke: true, far: true },
  ],
  [
    /tls handshake eof/i,
    ({ peer }) => `the connection to ${peer} broke off`,
    "try again",
    { broke: true },
  ],
  [
    /reset|closed|eof|incomplete|reading a body|aborted|os error (104|54|10054|32|10053)\b/i,
    ({ host }) => `the connection to ${host} broke off`,
    "try again",
    { late: true, broke: true, far: true },
  ],
  [/(?:)/, ({ peer }) => `${peer} cannot be reached`, connectionHint, { late: true }],
];

/** Rows about a connection that is made to the proxy itself, whatever stands behind it. */
const NEAR = /dns error|failed to lookup|connect error|os error|proxy|no acceptable auth|auth failure/i;

/** What the runtime reported, in our words; `report` is without addresses, which may hold any of these words. */
export function causeOf(report: string, at: Omit<At, "peer">): Cause {
  for (const [pattern, message, hint, { kind = "network", late, broke, far } = {}] of ROWS) {
    const found = pattern.exec(report);
    if (!found) continue;
    const full: At = { ...at, peer: peerOf(report, at), ...far && { host: behind(at) } };
    const say = (words: Words) => typeof words === "string" ? words : words(full, found);
    // A connection that was never made carried nothing; one that broke off while it was made neither.
    const unsent = !late || /client error \(Connect\)/.test(report);
    return { kind, message: say(message), hint: say(hint), unsent, brokeOff: broke === true };
  }
  throw new Error("the last row fits everything");
}

function behind({ host, proxy }: Omit<At, "peer">): string {
  return proxy ? `${host} behind the proxy ${proxy.shown}` : host;
}

/** Which end of the connection it was about. */
function peerOf(report: string, { host, proxy }: Omit<At, "peer">): string {
  if (!proxy) return host;
  const name = `the proxy ${proxy.shown}`;
  if (NEAR.test(report)) return name;
  // Both ends speak TLS, and the runtime does not say which of them failed; a certificate's name does.
  if (!proxy.tls) return host;
  const wanted = /not valid for name "([^"]+)"/.exec(report)?.[1];
  if (wanted !== undefined) return host.includes(wanted) ? host : name;
  return `${name} (or of ${host} behind it)`;
}

function proxyHint({ proxy }: At): string {
  return proxy ? `check ${proxy.variable}` : "check HTTPS_PROXY";
}

function nameHint({ proxy, peer, host }: At): string {
  return proxy && peer !== host ? `check ${proxy.variable}` : ADDRESS;
}

function connectionHint({ peer }: At): string {
  return LOOPBACK.test(peer) ? ADDRESS : "check your connection, then try again";
}

function refusedHint({ proxy, peer }: At): string {
  // It is never asked through a proxy.
  if (LOOPBACK.test(peer)) return `nothing listens there: start the server, or ${ADDRESS}`;
  return proxy
    ? `check ${proxy.variable}, or unset it`
    : "check whether a proxy is needed (HTTPS_PROXY), and the address: autocom config get api_url";
}
