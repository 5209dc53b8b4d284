import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { type Format, messages, redact, style } from "../../src/output/mod.ts";
import { renderError } from "../../src/output/failing.ts";
import { forbidden, Memory, randomTexts } from "../support/output/fixture.ts";

const JWT = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiIxIn0.c2lnbmF0dXJl-_x";
const plain = style(false);

Deno.test("FT-60: what is said depends on the format, --quiet and --debug, by one table", async () => {
  const cases: [Format, quiet: boolean, debug: boolean, said: string][] = [
    ["table", false, false, "n\nl\ns\na\nwarning: w\n"],
    ["tsv", false, true, "n\nl\ns\na\nwarning: w\ndebug: d\n"],
    ["csv", false, false, "n\nl\ns\na\nwarning: w\n"],
    ["table", true, false, "s\na\nwarning: w\n"],
    ["json", false, false, "l\nwarning: w\n"],
    ["jsonl", false, false, "l\nwarning: w\n"],
    ["yaml", false, false, "l\nwarning: w\n"],
    ["json", true, true, "warning: w\ndebug: d\n"],
  ];
  for (const [format, quiet, debug, said] of cases) {
    const stderr = new Memory();
    const say = messages(stderr, { format, quiet, debug, style: plain });
    await say.note("n");
    await say.left("l");
    await say.ask("s");
    await say.address("a");
    await say.warn("w");
    await say.debug("d");
    assert.equal(stderr.text, said, JSON.stringify([format, quiet, debug]));
  }
});

Deno.test("LK-13: text of the server's stays on its line in every message", async () => {
  const stderr = new Memory();
  const say = messages(stderr, { format: "table", quiet: false, debug: true, style: plain });
  for (const tell of [say.note, say.ask, say.warn, say.debug]) await tell("acme\x1b[2J\r\nerror: x\u202e");
  await say.error(new AppError("failure", "acme\x1b[2J\r\nerror: x\u202e"));
  const line = "acme\\x1b[2J\\r\\nerror: x\\u202e\n";
  assert.equal(stderr.text, ["", "", "warning: ", "debug: ", "error: "].map((label) => label + line).join(""));
});

Deno.test("an error is a line for its message, one a field, and a hint", () => {
  const error = new AppError("rejected", "cannot create the order: the server refused 2 values", {
    hint: "autocom orders create --help",
    status: 422,
    requestId: "0190-a",
    fields: { sku: ["is unknown", "is too long"], quantity: ["must be at least 1"] },
  });
  assert.equal(
    renderError(error, "table"),
    "error: cannot create the order: the server refused 2 values (request 0190-a)\n" +
      "  sku: is unknown\n  sku: is too long\n  quantity: must be at least 1\nhint: autocom orders create --help\n",
  );
  assert.equal(renderError(new AppError("failure", "no"), "tsv"), "error: no\n");
  assert.equal(renderError(new AppError("failure", "no"), "table", style(true)), "\x1b[31merror:\x1b[39m no\n");
});

Deno.test("with JSON and YAML an error is one object on one line, its keys in order, absent ones left out", () => {
  const more = { rows: 40, next_page: 3 };
  const error = new AppError("forbidden", "no", { hint: "h", status: 403, requestId: "r", fields: { a: ["b"] }, more });
  const line = '{"error":{"code":"forbidden","exit":6,"message":"no","hint":"h","status":403,"request_id":"r",' +
    '"fields":{"a":["b"]},"rows":40,"next_page":3}}\n';
  assert.equal(renderError(error, "json"), line);
  assert.equal(renderError(error, "yaml"), line);
  assert.equal(
    renderError(new AppError("usage", "no"), "json"),
    '{"error":{"code":"usage","exit":2,"message":"no"}}\n',
  );
});

Deno.test("LK-12: hostile message, hint, request id and fields are escaped, one line each", () => {
  const link = "\x1b]8;;https://x\x1b\\click\x1b]8;;\x07\rfake";
  const details = { hint: link, requestId: link, fields: { [link]: [link] }, more: { [link]: link } };
  const error = new AppError("rejected", link, details);
  assert.equal(renderError(error, "table").split("\n").length, 4);
  assert.equal(forbidden(renderError(error, "table")), undefined);
  const json = renderError(error, "json");
  assert.equal(forbidden(json.slice(0, -1), ""), undefined);
  assert.deepEqual(JSON.parse(json).error.fields, { [link]: [link] });
});

Deno.test("LK-12: random messages make one line and one valid object", () => {
  const next = randomTexts(4);
  for (let i = 0; i < 1000; i++) {
    const message = next();
    const error = new AppError("server", message);
    assert.equal(forbidden(renderError(error, "table").slice(0, -1), ""), undefined);
    const json = renderError(error, "json");
    assert.equal(forbidden(json.slice(0, -1), ""), undefined);
    assert.equal(JSON.parse(json).error.message, message);
  }
});

Deno.test("a closed pipe is silent, and a stderr that nobody reads stops nothing", async () => {
  assert.equal(renderError(new AppError("pipe-closed", "x"), "table"), "");
  assert.equal(renderError(new AppError("pipe-closed", "x"), "json"), "");
  const rules = { format: "table", quiet: false, debug: false, style: plain } as const;
  const failing = (error: Error) => ({ isTerminal: false, columns: () => 80, write: () => Promise.reject(error) });
  for (const kind of ["pipe-closed", "failure"] as const) {
    const say = messages(failing(new AppError(kind, "x")), rules);
    for (const told of [say.note, say.left, say.ask, say.address, say.warn]) await told("n");
    await say.error(new AppError("server", "x"));
  }
  await assert.rejects(messages(failing(new Error("disk")), rules).note("n"), /disk/);
});

Deno.test("LK-6: a token that a server echoes is masked in errors, and ordinary words are not", () => {
  const error = new AppError("server", `bad token ${JWT}`, { fields: { a: [`Bearer ${"0123456789".repeat(3)}`] } });
  for (const format of ["table", "json"] as const) {
    const text = renderError(error, format);
    assert.ok(!text.includes("eyJ") && !text.includes("0123456789"), text);
    assert.ok(text.includes("bad token ***") && text.includes("Bearer ***"), text);
  }
  const harmless = `bearer authentication failed, sha256 is ${"a1".repeat(32)}`;
  assert.equal(renderError(new AppError("integrity", harmless), "table"), `error: ${harmless}\n`);
});

Deno.test("an address that a person must open is shown whole, whatever its random parts spell", async () => {
  const url = "https://a/oauth/authorize?state=eyJabcdefghijklmnop&code_challenge=xeyJ0eXAiOiJK&client_id=1";
  const stderr = new Memory();
  await messages(stderr, { format: "table", quiet: true, debug: false, style: plain }).address(url);
  assert.equal(stderr.text, url + "\n");
});

Deno.test("LK-2, LK-4: a debug line holds no secret in any of the forms it can take", async () => {
  const secrets: Record<string, string> = {
    "Authorization: Bearer SECRET": "Authorization: Bearer ***",
    '{"authorization":"Bearer SECRET"}': '{"authorization":"Bearer ***"}',
    "GET /cb?code=SECRET&state=SECRET HTTP/1.1": "GET /cb?code=***&state=*** HTTP/1.1",
    "grant_type=authorization_code&code=SECRET&code_verifier=SECRET&client_id=1":
      "grant_type=authorization_code&code=***&code_verifier=***&client_id=1",
    "refresh_token=SECRET&client_secret=SECRET": "refresh_token=***&client_secret=***",
    '{"token_type":"Bearer","access_token":"SECRET","refresh_token":"SECRET \\" x"}':
      '{"token_type":"Bearer","access_token":***,"refresh_token":***}',
    "{ token: 'SECRET x' }": "{ token: *** }",
    "cookie: laravel_session=SECRET; a=SECRET": "cookie: ***",
    "Set-Cookie: XSRF-TOKEN=SECRET; Path=/": "Set-Cookie: ***",
    [`token is ${JWT}`]: "token is ***",
    [`Bearer ${JWT}`]: "Bearer ***",
    [`header ${JWT.split(".")[0]} alone`]: "header *** alone",
    [`id ${"def50200".repeat(8)}`]: "id ***",
  };
  for (const [text, masked] of Object.entries(secrets)) assert.equal(redact(text), masked);
  const stderr = new Memory();
  await messages(stderr, { format: "json", quiet: true, debug: true, style: plain }).debug("?code=SECRET");
  assert.equal(stderr.text, "debug: ?code=***\n");
  assert.ok(!redact('body "{\\"access_token\\":\\"SECRET\\"}"').includes("SECRET"));
});

Deno.test("a debug line keeps what helps: status codes, error codes, the challenge, addresses", () => {
  const texts = [
    "GET https://a/graphql → 200 in 31 ms",
    '{"errors":[{"extensions":{"code":"FORBIDDEN"}}]}',
    "exit code 4",
  ];
  texts.push(
    "status_code=200",
    "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "token endpoint /oauth/token",
  );
  for (const text of texts) assert.equal(redact(text), text);
});

Deno.test("FT-57: a debug line of a megabyte is redacted, whatever it repeats", () => {
  for (
    const text of [
      "a-token_".repeat(1e5),
      "eyJ".repeat(3e5),
      "cookie".repeat(1e5),
      '\\"'.repeat(4e5),
      "code".repeat(2e5),
    ]
  ) {
    assert.ok(redact(text).length > 0); // what is not linear here takes hours
  }
});

Deno.test("in a narrow terminal messages break between words, and what is copied stays whole", async () => {
  const left = "5 of 2,000 orders shown (page 1 of 400). More: --page 2, or --all.";
  const id = "208ebbfc-2f70-4584-acea-92286ccd7303";
  const done = `Order ORD-1 was created. Request ${id}: autocom audit list --request-id ${id}`;
  const url = `  https://api.example/oauth/authorize?${"x=1&".repeat(60)}`;
  const error = new AppError("tenant", 'cannot list orders: tenant "initech" was not accepted: it is suspended', {
    hint: "choose one of yours (acme, globex): autocom tenants use acme",
    requestId: id,
  });
  for (const [columns, color] of [[40, false], [60, true], [12, false]] as const) {
    const out = {
      isTerminal: true,
      columns: () => columns,
      text: "",
      write: (text: string) => (out.text += text, Promise.resolve()),
    };
    const say = messages(out as never, { format: "table", quiet: false, debug: false, style: style(color) });
    await say.left(left);
    await say.note(done);
    await say.address(url);
    await say.warn(left);
    await say.error(error);
    // deno-lint-ignore no-control-regex
    const plain = out.text.replaceAll(/\x1b\[\d+m/g, "");
    const said = `${left} ${done} ${url} warning: ${left} error: ${error.message} (request ${id}) hint: ${error.hint} `;
    assert.deepEqual(plain.split(/\s+/), said.split(/\s+/), "no word is cut, none is lost");
    for (const whole of [`autocom audit list --request-id ${id}`, "autocom tenants use acme", url]) {
      assert.ok(plain.split("\n").some((line) => line.endsWith(whole)), whole);
    }
    for (const line of plain.split("\n")) {
      assert.ok(line.length <= columns || !/ (?!autocom )/.test(line.trim().replace(/^autocom.*/, "")), line);
    }
  }
});
