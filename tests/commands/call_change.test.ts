/** Mutations that the server offers: confirmed, sent once, and what their answers mean. */
import assert from "node:assert/strict";
import { GraphQLError } from "graphql";
import { behind, gateway } from "../support/gateway.ts";
import { autocom, execute, type World } from "../support/harness.ts";
import { json, order, scripted, withToken } from "../support/scripted.ts";

const SDL = `
  type Customer { email: String! } type Order { id: ID!, status: String, customer: Customer, gated: Customer! }
  type Query { n: Int }
  type Mutation { "orders.cancel" orders_cancel(id: ID!, notes: String): Order, touch: Boolean, log: [Order] }
`;

function forbidden(): never {
  throw new GraphQLError("no", { extensions: { code: "FORBIDDEN", permission: "customers.view" } });
}

async function shop(root: Record<string, unknown> = {}, changes: Partial<World> = {}) {
  const done: unknown[] = [];
  const orders_cancel = (args: { id: string }) => {
    done.push(args);
    return { id: args.id, status: "cancelled", customer: forbidden, gated: forbidden };
  };
  const server = gateway(SDL, { orders_cancel, touch: true, log: [{ id: "1" }], ...root });
  return { server, done, of: await behind(server, changes) };
}

const LINE = ["call", "orders_cancel", "--id", "007"];

Deno.test("a mutation is refused where nobody can confirm it, and nothing is sent", async () => {
  const { of, server } = await shop();
  await autocom(LINE, {
    code: 2,
    err:
      "error: cannot call orders_cancel: it must be confirmed, and this is not a terminal\nhint: add --yes, or --dry-run to see what would change\n",
  }, of);
  assert.equal(server.asked.length, 0);
  await of[Symbol.asyncDispose]();
});

Deno.test("a mutation with --yes is sent once with an idempotency key, selects the id, and ends with its request", async () => {
  const { of, server, done } = await shop();
  await autocom([...LINE, "--yes"], {
    out: /^ID\tREQUEST\n007\t[-\w]{36}\n$/,
    err:
      /^orders_cancel in tenant acme: \{"id":"007"\}\norders_cancel was carried out\. Request ([-\w]{36}): autocom audit list --request-id \1\n$/,
  }, of);
  assert.equal(server.asked[0]!.query, "mutation Call($id: ID!) { orders_cancel(id: $id) { id } }");
  assert.match(server.asked[0]!.headers.get("Idempotency-Key")!, /^[-\w]{36}$/);
  assert.deepEqual(done.map((args) => ({ ...args as object })), [{ id: "007" }]);
  await autocom([...LINE, "--yes", "-q", "--fields", "status", "-o", "json"], {
    out: /^\{\n {2}"status": "cancelled",\n {2}"request_id": "[-\w]{36}"\n\}\n$/,
  }, of);
  assert.match(server.asked[1]!.query, /\{ id status \}/);
  await of[Symbol.asyncDispose]();
});

Deno.test("at a terminal a mutation is asked for, and a no sends nothing", async () => {
  const { of, done } = await shop({}, { terminal: { stdin: true, stderr: true } });
  of.answers = [false];
  await autocom(LINE, { code: 1, err: /error:\S* orders_cancel was not called: you said no/ }, of);
  assert.equal(done.length, 0);
  of.answers = [true];
  await autocom(LINE, { out: /^ID/, err: /was carried out/ }, of);
  assert.equal(done.length, 1);
  await of[Symbol.asyncDispose]();
});

Deno.test("--dry-run shows the document and its variables, and asks nobody", async () => {
  const { of } = await shop();
  await autocom("schema refresh -q", { out: /./ }, of);
  of.fetch = scripted();
  await autocom([...LINE, "--dry-run", "--notes", "", "-o", "json"], {
    out: (text) =>
      assert.deepEqual(JSON.parse(text), {
        operation: "orders_cancel",
        variables: { id: "007", notes: "" },
        document: "mutation Call($id: ID!, $notes: String) { orders_cancel(id: $id, notes: $notes) { id } }",
      }),
  }, of);
  await of[Symbol.asyncDispose]();
});

Deno.test("an error below a mutation's own field means that it was carried out, with the request, and never forbidden", async () => {
  for (const fields of ["customer.email", "gated.email"]) {
    const { of, done } = await shop();
    await autocom([...LINE, "--yes", "-q", "--fields", fields], {
      code: 11,
      err:
        /^error: orders_cancel was carried out, the answer is incomplete: no \(request ([-\w]{36})\)\nhint: do not repeat it: autocom audit list --request-id \1\n$/,
    }, of);
    assert.equal(done.length, 1, fields);
    const { err } = await execute([...LINE, "--yes", "-o", "json", "--fields", fields], of);
    const { error } = JSON.parse(err.trim().split("\n").at(-1)!);
    assert.deepEqual([error.code, typeof error.request_id], ["server", "string"]);
    await of[Symbol.asyncDispose]();
  }
});

Deno.test("a mutation that is refused itself was not carried out, and says why under the flags that were typed", async () => {
  const { of } = await shop({ orders_cancel: forbidden });
  await autocom([...LINE, "--yes", "-q"], { code: 6, err: /"customers\.view" is missing/ }, of);
  await of[Symbol.asyncDispose]();
  const invalid = () => {
    throw new GraphQLError("The given data was invalid.", {
      extensions: { code: "VALIDATION", fields: { id: ["The id is odd."], notes: ["Too long."] } },
    });
  };
  const other = await shop({ orders_cancel: invalid });
  await autocom(
    [...LINE, "--yes", "-q"],
    { code: 8, err: /\n {2}--id: The id is odd\.\n {2}--notes: Too long\.\n/ },
    other.of,
  );
  await other.of[Symbol.asyncDispose]();
});

Deno.test("what a mutation gives beside an object is printed with the request, too", async () => {
  const { of } = await shop({ orders_cancel: null });
  await autocom("call touch --yes -q", { out: /^TOUCH\tREQUEST\ntrue\t/ }, of);
  await autocom("call log --yes -q", { out: /^LOG\tREQUEST\n\[\{"id":"1"\}\]\t/ }, of);
  await autocom([...LINE, "--yes", "-q"], { out: /^ORDERS_CANCEL\tREQUEST\n\t/ }, of);
  await of[Symbol.asyncDispose]();
});

Deno.test("a mutation whose answer is lost is not sent again", async () => {
  const { of } = await shop();
  await autocom("schema refresh -q", { out: /./ }, of);
  let sent = 0;
  of.fetch = () => {
    sent++;
    return Promise.reject(new TypeError("error sending request: connection reset"));
  };
  await autocom([...LINE, "--yes", "-q"], { code: 10, err: /^error: cannot call orders_cancel: / }, of);
  assert.equal(sent, 1);
  await of[Symbol.asyncDispose]();
});

Deno.test("a mutation of the sandbox by its alias leaves a row in the audit log under its request", async () => {
  await using of = await withToken("owner");
  const { out } = await execute(["call", "orders", "--status", "pending", "--per-page", "1", "-q", "-o", "json"], of);
  const [{ id }] = JSON.parse(out);
  const changed = await execute([
    "call",
    "orders.updateStatus",
    "--id",
    id,
    "--status",
    "confirmed",
    "--yes",
    "-o",
    "json",
  ], of);
  assert.equal(changed.code, 0, changed.err);
  const { request_id } = JSON.parse(changed.out);
  await autocom(["audit", "list", "--request-id", request_id, "-q"], { out: /orders_update_status/ }, of);
});

for (
  const [about, answer, code] of [
    ["words that only begin so", { errors: [{ message: 'Unknown field "sku" in upstream order' }] }, 8],
    ["data, which is null", { data: null, errors: [{ message: 'Unknown field "sku" in upstream order' }] }, 11],
    ["null, and a server's own words", { data: null, errors: [{ message: 'Unknown type "Parcel".' }] }, 11],
    ["a place", { errors: [{ message: 'Unknown type "Parcel".', path: ["orders_cancel"] }] }, 8],
  ] as const
) {
  Deno.test(`a mutation is not sent again for another schema's sake where it may have been begun: ${about}`, async () => {
    const { of, server } = await shop();
    await autocom("schema refresh -q", { out: /./ }, of);
    const { fetch } = of;
    let sent = 0;
    of.fetch = async (request) => {
      if ((await request.clone().text()).includes("__schema")) return await fetch(request);
      sent++;
      return json(answer)();
    };
    const err = code === 11 ? /; the change may have been carried out/ : /^error: (?![^]*carried out)/;
    await autocom([...LINE, "--yes", "-q"], { code, err }, of);
    assert.deepEqual([sent, server.introspected], [1, 1]);
    await of[Symbol.asyncDispose]();
  });
}

Deno.test("a mutation of another schema is the same change once more: with its key, and its request", async () => {
  const { of, server, done } = await shop();
  await autocom("schema refresh -q", { out: /./ }, of);
  server.sdl = SDL.replace("(id: ID!", "(id: String!");
  await autocom([...LINE, "--yes", "-q"], { out: /^ID/ }, of);
  assert.equal(done.length, 1);
  const [first, second, ...more] = server.asked.map(({ headers }) => headers);
  assert.equal(more.length, 0);
  for (const name of ["Idempotency-Key", "X-Request-Id"]) {
    assert.match(first!.get(name)!, /^[-\w]{36}$/);
    assert.equal(second!.get(name), first!.get(name));
  }
  await of[Symbol.asyncDispose]();
});

Deno.test("an argument that the server no longer has is not left out: another change would be carried out", async () => {
  const { of, server, done } = await shop({ log: [] });
  await autocom("schema refresh -q", { out: /./ }, of);
  server.sdl = SDL.replace(", notes: String", "").replace("n: Int", "n(a: Int): Int");
  await autocom([...LINE, "--notes", "x", "--yes", "-q"], { code: 8, err: /Unknown argument "notes"/ }, of);
  assert.deepEqual([done.length, server.asked.length], [0, 1]);
  await autocom([...LINE, "--notes", "x", "--yes", "-q"], { code: 2, err: /unknown option "--notes"/ }, of);
  await autocom([...LINE, "--yes", "-q"], { out: /^ID/ }, of);
  await of[Symbol.asyncDispose]();
});

Deno.test("a filter that the server no longer has is not left out: the list would be wider", async () => {
  const server = gateway("type Query { all(status: String): [Int] }", { all: [1, 2] });
  await using of = await behind(server);
  await autocom("schema refresh -q", { out: /./ }, of);
  server.sdl = "type Query { all: [Int] }";
  await autocom("call all --status pending", { code: 8, err: /Unknown argument "status"/ }, of);
});

const BESIDE: [name: string, error: Record<string, unknown>][] = [
  ["no path", { message: "Mail failed." }],
  ["the path of its result", { message: "Mail failed.", path: ["orders_cancel"] }],
  ["a code", { message: "Mail failed.", extensions: { code: "FORBIDDEN" } }],
  ["the words of another schema", { message: "Unknown field in the template: Mail failed." }],
];
for (const [name, error] of BESIDE) {
  Deno.test(`a mutation that gave something was carried out, once, whatever is said beside it: an error with ${name}`, async () => {
    const { of } = await shop();
    await autocom("schema refresh -q", { out: /./ }, of);
    const answer = { data: { orders_cancel: { id: "007" } }, errors: [error] };
    const fetch = of.fetch = scripted(json(answer));
    await autocom([...LINE, "--yes", "-q"], {
      code: 11,
      err:
        /^error: orders_cancel was carried out, the answer is incomplete: .*Mail failed\. \(request ([-\w]{36})\)\nhint: do not repeat it: autocom audit list --request-id \1\n$/,
    }, of);
    assert.equal(fetch.asked.length, 1);
    const shown = { ...order(), order_number: "ORD-1" };
    of.fetch = scripted(
      json({ data: { order: shown } }),
      json({ data: { orders_cancel: { ...shown, status: "cancelled" } }, errors: [error] }),
    );
    await autocom(`orders cancel ${shown.id} --yes -q`, {
      code: 11,
      err:
        /the answer is incomplete: .*Mail failed\.; the change may have been carried out \(request .*\nhint: find out/,
    }, of);
    await of[Symbol.asyncDispose]();
  });
}

Deno.test("a mutation whose result is missing, or null where the schema says that it is there, is no success", async () => {
  const { of, server } = await shop();
  server.sdl = SDL.replace("touch: Boolean", "touch: Boolean!");
  await autocom("schema refresh -q", { out: /./ }, of);
  const answers = [[LINE, {}], [["call", "touch"], {}], [["call", "touch"], { touch: null }]] as const;
  for (const [line, data] of answers) {
    of.fetch = scripted(json({ data }));
    await autocom([...line, "--yes", "-q"], {
      code: 11,
      err: /; the change may have been carried out \(request .*\nhint: find out before you try again/,
    }, of);
  }
  await of[Symbol.asyncDispose]();
});
