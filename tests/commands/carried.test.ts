/** What of a change was carried out, told of any answer: a script must not repeat it, nor take it for refused. */
import { behind, gateway } from "../support/gateway.ts";
import { autocom } from "../support/harness.ts";
import { json, order, scripted, withToken } from "../support/scripted.ts";

type Said = Record<string, unknown>;
const no = (code: string, ...path: unknown[]): Said => ({
  message: `no ${path.join(".")}`,
  ...path.length > 0 && { path },
  extensions: { code },
});

/** The end, and how the message goes on behind the reason. */
type Case = [about: string, document: string, answer: unknown, status: number, code: number, told: RegExp];
const REFUSED = / \(request \S+\)\n(?![^]*carried out)/;
const OPEN = /; the change may have been carried out \(request \S+\)\nhint: find out before you try again/;
const CASES: Case[] = [
  [
    "what fails below its field was carried out, and the next one that may not be null took the data with it",
    "mutation { touch { id status } create { id } }",
    { data: null, errors: [no("FORBIDDEN", "touch", "status"), no("VALIDATION", "create")] },
    200,
    8,
    /no create; carried out: touch \(/,
  ],
  [
    "null without an error is what it gave",
    "mutation { del touch }",
    { data: { del: null, touch: null }, errors: [no("FORBIDDEN", "touch")] },
    200,
    6,
    /no touch; carried out: del \(/,
  ],
  [
    "fragments and directives are carried out in their place",
    "mutation($y: Boolean = true) { ...F two: touch @include(if: $y) three: touch } fragment F on M { one: touch ...G } fragment G on M { zero: touch @skip(if: $y) ... on M { half: touch } ...F }",
    { data: null, errors: [no("VALIDATION", "three")] },
    200,
    8,
    /no three; carried out: one, half, two \(/,
  ],
  [
    "one that failed within may have been carried out, and the others are named",
    "mutation { a: touch b: touch }",
    { data: { a: 1, b: null }, errors: [no("INTERNAL", "b")] },
    200,
    11,
    /no b; carried out: a, and the rest may have been \(request (\S+)\)\nhint: do not repeat the whole document: .* \1\n/,
  ],
  [
    "a status does not take back what is in the data",
    "mutation { touch { id } create { id } }",
    { data: { touch: { id: "1" }, create: null }, errors: [no("FORBIDDEN", "create")] },
    403,
    6,
    /no create; carried out: touch \(/,
  ],
  [
    "all of it, and a status that refuses",
    "mutation { touch { id } }",
    { data: { touch: { id: null } }, errors: [no("FORBIDDEN", "touch", "id")] },
    403,
    11,
    /error: touch was carried out, the answer is incomplete: no touch\.id \(request (\S+)\)\nhint: do not repeat it: autocom audit list --request-id \1\n/,
  ],
  [
    "an error without a place may be of any of them",
    "mutation { touch create }",
    { data: null, errors: [no("FORBIDDEN")] },
    200,
    11,
    OPEN,
  ],
  ["without data nothing was begun", "mutation { touch create }", { errors: [no("FORBIDDEN")] }, 200, 6, REFUSED],
  [
    "the only one is refused",
    "mutation { touch }",
    { data: null, errors: [no("FORBIDDEN", "touch")] },
    200,
    6,
    REFUSED,
  ],
  ["and so by a status", "mutation { touch }", { errors: [no("FORBIDDEN")] }, 403, 6, REFUSED],
  ["and by one of whoever stands before it", "mutation { a: touch b: touch }", { message: "no" }, 403, 6, REFUSED],
];
for (const [about, document, answer, status, code, told] of CASES) {
  Deno.test(`what was carried out is told, by graphql and api: ${about}`, async () => {
    await using of = await withToken("owner", { fetch: scripted(json(answer, status)) });
    const said = { code, out: JSON.stringify(answer), err: told };
    await autocom(["graphql", document, "--yes", "-q"], said, of);
    await autocom(["api", "POST", "/graphql", "-f", `query=${document}`, "--yes", "-q"], said, of);
    // However it is written in the body.
    of.stdin = JSON.stringify({ query: document }).replace("mutation", "\\u006dutation");
    await autocom("api POST /graphql --input - --yes -q", said, of);
  });
}

Deno.test("what call carried out is told, whatever the status is", async () => {
  const server = gateway("type R { id: ID } type Query { n: Int } type Mutation { touch: R }");
  await using of = await behind(server);
  await autocom("schema refresh -q", { out: /./ }, of);
  const answer = { data: { touch: { id: null } }, errors: [no("FORBIDDEN", "touch", "id")] };
  for (const status of [200, 403]) {
    of.fetch = scripted(json(answer, status));
    await autocom("call touch --yes -q", { code: 11, err: /^error: touch was carried out, the answer is incomp/ }, of);
  }
});

Deno.test("the only change of ours is refused, or was carried out, whatever the status is", async () => {
  const shown = order();
  const found = json({ data: { order: shown } });
  const below = { data: { orders_cancel: { ...shown, total: null } }, errors: [no("FORBIDDEN", "orders_cancel", "x")] };
  await using of = await withToken("owner", { fetch: scripted(found, json(below, 403)) });
  await autocom(`orders cancel ${shown.id} --yes -q`, { code: 11, err: /incomplete: no .*; the change may have/ }, of);
  of.fetch = scripted(found, json({ data: null, errors: [no("FORBIDDEN", "orders_cancel")] }, 403));
  await autocom(`orders cancel ${shown.id} --yes -q`, { code: 6, err: REFUSED }, of);
});

Deno.test("of a batch each document is told of, and what is only read was not carried out", async () => {
  await using w = await withToken();
  const documents = ["mutation { touch }", "{ n }", "mutation { create }"].map((query) => ({ query }));
  const answer = [{ data: { touch: 1 } }, { data: { n: 1 } }, { data: null, errors: [no("FORBIDDEN", "create")] }];
  const send = async (body: unknown, of: unknown, code: number, err: RegExp) => {
    [w.stdin, w.fetch] = [JSON.stringify(body), scripted(json(of))];
    await autocom("api POST /graphql --input - --yes -q", { code, out: JSON.stringify(of), err }, w);
  };
  await send(documents, answer, 6, /no create; carried out: touch \(/);
  await send(documents.slice(1), answer.slice(1), 6, REFUSED);
  // A document that the server knows by its hash may be anything.
  await send([{ id: "a" }], [{ data: null, errors: [no("FORBIDDEN", "create")] }], 11, OPEN);
});

Deno.test("what the gateway refuses with a 200 is a refusal for api, too", async () => {
  const no = { message: "no", path: ["touch"], extensions: { code: "FORBIDDEN", permission: "orders.cancel" } };
  const body = { data: { touch: null }, errors: [no] };
  await using w = await withToken("owner", { fetch: scripted(json(body)) });
  const line = ["api", "POST", "/graphql", "-f", "query=mutation { touch }", "--yes"];
  await autocom([...line, "-q"], { code: 6, out: JSON.stringify(body), err: /"orders\.cancel" is missing/ }, w);
  w.fetch = scripted(json({ data: { touch: 1 }, errors: [{ message: "Mail failed." }] }));
  await autocom([...line, "-q"], { code: 11, out: /./, err: /^error: touch was carried out, .*: Mail failed\. / }, w);
  w.fetch = scripted(json({ data: { touch: 1 } }));
  await autocom(line, { out: '{"data":{"touch":1}}', err: /POST \/graphql was carried out/ }, w);
  // Elsewhere a body may have any members.
  w.fetch = scripted(json(body));
  await autocom(["api", "POST", "/imports", "--yes", "-q"], { out: JSON.stringify(body) }, w);
});

Deno.test("a batch of documents is refused by the first that is", async () => {
  const no = { errors: [{ message: "no", extensions: { code: "FORBIDDEN", permission: "orders.view" } }] };
  const body = [{ data: { n: 1 } }, no];
  await using w = await withToken("owner", { fetch: scripted(json(body), json([{ data: { n: 1 } }])) });
  await Deno.writeTextFile(`${w.home}/b.json`, "[]");
  const line = ["api", "POST", "/graphql", "--input", `${w.home}/b.json`, "--yes", "-q"];
  await autocom(line, { code: 6, out: JSON.stringify(body), err: /"orders\.view" is missing/ }, w);
  await autocom(line, { out: '[{"data":{"n":1}}]' }, w);
});

Deno.test("a document of several mutations says which were carried out where another was refused", async () => {
  await using of = await withToken();
  const document = "mutation { a: touch b: touch c: touch }";
  const refused = (data: unknown, ...errors: unknown[]) => scripted(json({ data, errors }));
  const no = { message: "It is closed.", path: ["b"], extensions: { code: "VALIDATION" } };
  of.fetch = refused({ a: 1, b: null, c: 2 }, no);
  await autocom(["graphql", document, "--yes", "-q"], {
    code: 8,
    out: /^\{"data"/,
    err:
      /^error: cannot send the document: It is closed; carried out: a, c \(request ([-\w]{36})\)\nhint: do not repeat the whole document: autocom audit list --request-id \1\n$/,
  }, of);
  // Null without an error is what it gave.
  of.fetch = refused({ a: null, b: null, c: null }, no);
  await autocom(["graphql", document, "--yes", "-q"], { code: 8, out: /./, err: /; carried out: a, c \(request/ }, of);
  // What may not be null takes the others with it: those before it were carried out, and none behind it.
  of.fetch = refused(null, no);
  await autocom(["graphql", document, "--yes", "-q"], { code: 8, out: /./, err: /; carried out: a \(request/ }, of);
  of.fetch = refused(null, { ...no, path: ["a"] });
  await autocom(["graphql", document, "--yes", "-q"], { code: 8, out: /./, err: /It is closed\. \(request/ }, of);
  of.fetch = refused(null, no);
  const open = "mutation($s: Boolean = true) { a: touch @skip(if: $s) b: touch }";
  await autocom(["graphql", open, "--yes", "-q"], { code: 8, out: /./, err: /It is closed\. \(request/ }, of);
  of.fetch = refused({ a: 1, b: 2, c: 3 }, { message: "Mail failed." });
  await autocom(["graphql", document, "--yes", "-q"], {
    code: 11,
    out: /./,
    err: /^error: a, b, c were carried out, the answer is incomplete: Mail failed\. .*\nhint: do not repeat it/,
  }, of);
});
