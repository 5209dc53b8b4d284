/** A token that was typed as a word, in whatever place: no message repeats it. */
import assert from "node:assert/strict";
import { execute, world } from "../support/harness.ts";

const TOKEN = "opaqueSecretToken123456";

const LINES: string[][] = [
  ["auth", "login", "--with-tokn", TOKEN],
  ["auth", "login", "--wth-tken", TOKEN],
  ["auth", "login", `--with-tokn=${TOKEN}`],
  ["auth", "logn", "--with-token", TOKEN],
  ["--with-token", TOKEN, "auth", "login"],
  [`--with-token=${TOKEN}`, "auth", "login"],
  ["auth", "login", TOKEN],
  ["auth", "login", "--force", TOKEN],
  ["auth", "login", "--token-stdin", TOKEN],
  ["auth", "lgoin", TOKEN],
  ["auth", "login", "opaquesecretword"],
  ["auth", TOKEN],
  ["auth", "logout", TOKEN],
  ["auth", "token", TOKEN],
  ["auth", "refresh", TOKEN],
  ["auth", "signin", TOKEN],
  ["login", TOKEN],
  ["login", `--token=${TOKEN}`],
  ["logn", TOKEN],
  ["logout", TOKEN],
  ["token", TOKEN],
  ["--token", TOKEN, "whoami"],
  ["whoami", "--token", TOKEN],
  ["whoami", "-t", "--access-token", TOKEN],
  ["whoami", "--AUTOCOM_TOKEN", TOKEN],
  ["whoami", `--autocom-token=${TOKEN}`],
  ["whoami", `AUTOCOM_TOKEN=${TOKEN}`],
  [`AUTOCOM_TOKEN=${TOKEN}`, "whoami"],
  ["config", "set", "token", TOKEN],
  ["config", "set", `token=${TOKEN}`],
  ["api", "/x", "-H", `Bad Name: ${TOKEN}`],
  ["api", "/x", "-H", TOKEN],
  ["api", "/x", `-HX-Api-Key: ${TOKEN}\n`],
  ["api", "/x", "-H", `Authorization: Bearer ${TOKEN}`],
  ["api", "/x", "-H", `authorization=${TOKEN}`],
  ["api", "/x", `--headers=Authorization: ${TOKEN}`],
  ["api", "/x", "--auth", TOKEN],
  ["apii", "/x", "-H", `Authorization: Bearer ${TOKEN}`],
  ["apii", "/x", "-H", `X-Other: ${TOKEN}`],
  ["graphql", "{ me { id } }", "-H", `Authorization: ${TOKEN}`],
  ["graphql", "{ me { id } }", "--bearer", TOKEN],
  ["whoami", "--proxy", `http://user:${TOKEN}@proxy.example:3128`],
  ["whoamy", `http://${TOKEN}@proxy.example:3128`],
  ["config", "set", "proxy", `socks5://user:${TOKEN}@proxy.example`],
  ["whoami", `--api-url=https://user:${TOKEN}@api.example.test/api/v1`],
];

for (const line of LINES) {
  Deno.test(`LK-1: a token that was typed as a word is not repeated: ${line.join(" ").replace(TOKEN, "X").trim()}`, async () => {
    await using of = await world({ env: { AUTOCOM_TENANT: "acme" } });
    for (const format of ["table", "json"]) {
      const { code, out, err } = await execute([...line, "--debug", "-o", format], of);
      assert.notEqual(code, 0);
      const said = (out + err).toLowerCase();
      for (const secret of [TOKEN, "opaquesecretword"]) {
        for (let at = 0; at + 12 <= secret.length; at++) {
          const piece = secret.slice(at, at + 12).toLowerCase();
          assert.ok(!said.includes(piece), `${piece} in ${out}${err}`);
        }
      }
    }
  });
}

const HARMLESS: [line: string[], said: RegExp][] = [
  [["auth", "lgoin", "--tenant", "acme-store"], /did you mean: autocom auth login --tenant acme-store\n/],
  [["auth", "login", "--stor", "keychain"], /did you mean: autocom auth login --store keychain\n/],
  [["auth", "login", "https://api.example.test/api/v1"], /"http…" is one too many/],
  [["auth", "switch", "acme-store"], /autocom tenants use acme-store\n/],
  [["auth", "authenticated"], /unknown command "auth authenticated"/],
  [["auth", "login", "--login-timeout", "99999999"], /not "99999999"/],
  [["api", "/x", "-H", "X-Tenant: acme-store"], /the header X-Tenant is set by autocom/],
  [["api", "/x", "-H", "Bad Name: sekret1"], /on one line, not "Bad Name: …"\n/],
  [["api", "/x", "-H", "sekret1"], /must be "Name: value" on one line\n/],
  [["orders", "lst", "--search", "customers"], /autocom orders list --search customers\n/],
];

for (const [line, said] of HARMLESS) {
  Deno.test(`what is no secret stays in a message: ${line.join(" ")}`, async () => {
    await using of = await world({ env: { AUTOCOM_TENANT: "acme", AUTOCOM_TOKEN: "a-token-of-a-test" } });
    const { err } = await execute(line, of);
    assert.match(err, said);
  });
}
