/** What hides the secrets of a run in messages: whatever a server made of them before it sent them back. */
import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { messages, Secrets, style } from "../../src/output/mod.ts";
import { renderError } from "../../src/output/failing.ts";
import { maskTokens, redact } from "../../src/output/redact.ts";
import { Memory } from "../support/output/fixture.ts";

const PAT = "17|mNq3Zt0b+Kd/7yQ-w2Xv_4RfLhGJ5sPc8UeA1oTi";

function holding(...secrets: string[]): Secrets {
  const held = new Secrets();
  held.add(...secrets);
  return held;
}

const each = (text: string, to: (code: number) => string) => text.replace(/[^]/g, (c) => to(c.charCodeAt(0)));
const hex = (code: number, digits = 2) => code.toString(16).padStart(digits, "0");
const json = JSON.stringify;

const ECHOES: [how: string, echo: (secret: string) => string][] = [
  ["as it is", (s) => s],
  ["in small letters", (s) => s.toLowerCase()],
  ["in capitals", (s) => s.toUpperCase()],
  ["percent-encoded where it must be", (s) => encodeURIComponent(s)],
  ["percent-encoded twice", (s) => encodeURIComponent(encodeURIComponent(s))],
  ["percent-encoded to the last letter", (s) => each(s, (code) => `%${hex(code)}`)],
  ["percent-encoded in small hex, in parts", (s) => s.slice(0, 20) + each(s.slice(20), (code) => `%${hex(code)}`)],
  ["escaped as PHP escapes JSON", (s) => s.replaceAll("/", "\\/")],
  ["escaped as JSON twice", (s) => json(json(s.replaceAll("/", "\\/")))],
  ["as \\u escapes", (s) => each(s, (code) => `\\u${hex(code, 4)}`)],
  ["as \\x escapes", (s) => each(s, (code) => `\\x${hex(code).toUpperCase()}`)],
  ["as HTML entities", (s) => each(s, (code) => code % 2 ? `&#${code};` : `&#x${hex(code)};`)],
  ["in base64", (s) => btoa(s)],
  ["in base64 behind one character", (s) => btoa(`x${s}`)],
  ["in base64 behind two characters", (s) => btoa(`xy${s}`)],
  ["in base64 of a header", (s) => btoa(`{"token":"${s}","x":1}`)],
  ["in base64url", (s) => btoa(s).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")],
  ["in hex", (s) => each(s, (code) => hex(code))],
  ["broken off behind its first part", (s) => s.slice(0, 14)],
  ["broken off before its last part", (s) => s.slice(-14)],
  ["as octal escapes of C", (s) => each(s, (code) => `\\${code.toString(8).padStart(3, "0")}`)],
  ["as \\u{} escapes", (s) => each(s, (code) => `\\u{${hex(code, code % 2 ? 2 : 5)}}`)],
  ["as HTML entities with zeros", (s) => each(s, (code) => code % 2 ? `&#0${code};` : `&#x00${hex(code)};`)],
  ["in quoted-printable", (s) => each(s, (code) => `=${hex(code).toUpperCase()}`)],
  ["in quoted-printable, in lines", (s) => s.replace(/.{5}/g, "$&=\r\n")],
  ["in full-width forms", (s) => each(s, (code) => String.fromCharCode(code + 0xfee0))],
  ...["\u200c", "\u200d", "\u00ad", "\0", "\ufeff", "\\u200c", "&#8204;"].map((between): typeof ECHOES[number] => [
    `with ${JSON.stringify(between)} between its letters`,
    (s) => s.split("").join(between),
  ]),
  ["with base64url's letters for base64's", (s) => s.replaceAll("+", "-").replaceAll("/", "_")],
];

for (const [how, echo] of ECHOES) {
  Deno.test(`FT-13: a secret that the server sends back ${how} is masked in errors, notes, warnings and debug lines`, async () => {
    const secrets = holding(PAT);
    const echoed = echo(PAT);
    const stderr = new Memory();
    const say = messages(stderr, { format: "table", quiet: false, debug: true, style: style(false), secrets });
    const message = `The token ${echoed} is unknown.`;
    const error = new AppError("forbidden", message, {
      hint: `try ${echoed}`,
      requestId: echoed,
      fields: { [echoed]: [echoed] },
      more: { at: [{ [echoed]: echoed }] },
    });
    for (const tell of [say.note, say.left, say.ask, say.warn, say.debug]) await tell(message);
    await say.error(error);
    const all = stderr.text + renderError(error, "json", undefined, secrets) + say.clean(message);
    assert.ok(!all.includes(echoed), all);
    assert.match(all, /^The token .*\*\*\*/, all);
    // What the echo adds at its ends may stay; nothing of the secret does.
    const rest = all.toLowerCase();
    const inner = echoed.slice(17, -7).toLowerCase() || echoed.toLowerCase();
    for (let at = 0; at + 12 <= inner.length; at++) {
      const piece = inner.slice(at, at + 12);
      assert.ok(!rest.includes(piece), `${piece} in ${all}`);
    }
  });
}

Deno.test("FT-13: what stands around a secret stays, and several are masked in one text", () => {
  const secrets = holding(PAT, "another-secret-of-this-run");
  assert.equal(
    secrets.mask(`a ${PAT}, b another-secret-of-this-run (${encodeURIComponent(PAT)}) c`),
    "a ***, b *** (***) c",
  );
  assert.equal(secrets.mask("\u0130".repeat(20) + PAT + "\u{1f600}"), "\u0130".repeat(20) + "***\u{1f600}");
});

Deno.test("FT-13: words, numbers and ids that are no part of a secret stay as they are", () => {
  const secrets = holding(PAT);
  for (
    const text of [
      "Page 1 of 400. More: --page 2, or --all.",
      "cannot list orders: http://127.0.0.1:8790 did not accept the token (unknown, expired or revoked)",
      "request 0190aaaa-bbbb-cccc-dddd-eeeeffff0000, 100% of it, \\u0041, %41, &#65;",
      "C:\\101\\dir, =3D, \\u{41}, \uff21\u200c, soft\u00adly",
      PAT.slice(0, 11),
    ]
  ) assert.equal(secrets.mask(text), text);
  assert.equal(holding("secret", "").mask("a secret word"), "a secret word", "too short to be a token");
});

const PROXIES: [value: string, password: string][] = [
  ["http://user:hunter2@proxy.example:3128", "hunter2"],
  ["user:hunter2@proxy.example:3128", "hunter2"],
  ["socks5://user:p%40ss%2Fword@proxy.example", "p@ss/word"],
  ["http://user:correct horse@proxy.example", "correct horse"],
  ["http://user:hun@ter2@proxy.example", "hun@ter2"],
  ["http://t0ken-alone@proxy.example", "t0ken-alone"],
];
for (const [value, password] of PROXIES) {
  Deno.test(`FT-13: the proxy's password of ${value} is masked, and in its header`, () => {
    for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) {
      const secrets = new Secrets(() => ({ [name]: value }));
      assert.equal(secrets.mask(`proxy says ${password} is wrong`), "proxy says *** is wrong");
      const header = btoa(value.includes("user:") ? `user:${password}` : password);
      assert.ok(!secrets.mask(`Basic ${header}`).includes(header.slice(0, 12)));
      assert.equal(
        secrets.mask("the proxy did not connect to example.test"),
        "the proxy did not connect to example.test",
      );
    }
  });
}

Deno.test("FT-13: AUTOCOM_TOKEN is a secret of the run before any command has looked at it", () => {
  assert.equal(new Secrets(() => ({ AUTOCOM_TOKEN: ` ${PAT}\n` })).mask(`x ${PAT}`), "x ***");
});

Deno.test("FT-13: an address that must be opened is shown whole, with the secret in it", async () => {
  const stderr = new Memory();
  const say = messages(stderr, {
    format: "table",
    quiet: true,
    debug: false,
    style: style(false),
    secrets: holding("state-state-state-state"),
  });
  await say.address("  https://a.example/oauth/authorize?state=state-state-state-state");
  assert.equal(stderr.text, "  https://a.example/oauth/authorize?state=state-state-state-state\n");
});

Deno.test("FT-13, FT-17: 30 MB against ten secrets, and hostile texts of a megabyte, end", () => {
  // What is not linear here takes hours: the guard against hangs tells.
  const secrets = holding(...Array.from({ length: 10 }, (_, i) => `${i}`.repeat(3) + PAT.repeat(20) + `x${i}`));
  const big = `${PAT.slice(0, 11)} `.repeat(2_500_000);
  assert.equal(secrets.mask(big), big);
  assert.equal(secrets.mask(PAT.repeat(700_000)), "***");
  const parts = [
    "eyJ",
    "Bearer ",
    "token=",
    "token='",
    'token="\\',
    "cookie ",
    "state= ",
    "a-token_",
    "\\",
    "%",
    "%25",
    "&#",
    "&#0",
    "\\u{0",
    "\\101",
    "=",
    "=41",
    "\u200c",
    "\uff21",
  ];
  for (const part of parts) {
    const text = part.repeat(1_000_000 / part.length);
    for (const work of [redact, maskTokens, (all: string) => secrets.mask(all)]) assert.ok(work(text).length > 0);
  }
});
