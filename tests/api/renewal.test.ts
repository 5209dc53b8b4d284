/** A request that is refused with 401 before anything was done, and a token that can be renewed. */
import assert from "node:assert/strict";
import { connect } from "../../src/api/mod.ts";
import { AppError } from "../../src/errors.ts";
import { denoSystem } from "../../src/system/deno.ts";

/** A connection whose first token is refused, and what reached the server. */
function refusedOnce(
  renew = () => Promise.resolve({ token: "new" }),
): { api: ReturnType<typeof connect>; sent: Request[]; bodies: string[] } {
  const sent: Request[] = [];
  const bodies: string[] = [];
  const { clock, random, io } = denoSystem();
  const fetch = async (request: Request) => {
    sent.push(request);
    bodies.push(await request.text());
    const good = request.headers.get("Authorization") === "Bearer new";
    return Response.json(good ? { data: { done: true } } : { message: "Unauthenticated." }, {
      status: good ? 200 : 401,
    });
  };
  const api = connect({
    system: { fetch, clock, random, io },
    apiUrl: "https://api.example/api/v1",
    credential: { token: "old", renew },
    tenant: "acme",
    timeout: 60_000,
    userAgent: "autocom/test",
    signal: new AbortController().signal,
    debug: () => {},
    note: () => Promise.resolve(),
    answered: () => {},
  });
  return { api, sent, bodies };
}

Deno.test("a change that was refused with 401 is sent again with the same idempotency key and body", async () => {
  const { api, sent, bodies } = refusedOnce();
  const { data } = await api.mutate("mutation M { done }", { id: "1" }, "do it");
  assert.deepEqual(data, { done: true });
  const [first, second] = sent.map(({ headers }) => headers.get("Idempotency-Key"));
  assert.match(first!, /^[0-9a-f-]{36}$/);
  assert.deepEqual([sent.length, second, bodies[1]], [2, first, bodies[0]]);
});

Deno.test("each attempt is a request of its own: its id, its method, no redirect followed, no body with a GET", async () => {
  const { api, sent, bodies } = refusedOnce();
  await api.rest("GET", "/profile", "read your profile");
  assert.deepEqual(sent.map(({ method, redirect }) => [method, redirect]), [["GET", "manual"], ["GET", "manual"]]);
  assert.deepEqual(bodies, ["", ""]);
  const ids = sent.map(({ headers }) => headers.get("X-Request-Id"));
  assert.equal(new Set(ids).size, 2);
  const { "authorization": _, "x-request-id": __, ...rest } = Object.fromEntries(sent[1]!.headers);
  assert.deepEqual(rest, { "accept": "application/json", "user-agent": "autocom/test", "x-tenant": "acme" });
});

Deno.test("FT-37: a change that was refused, and whose token could not be renewed, was not carried out", async () => {
  const failure = new AppError("server", "cannot renew the session", { status: 500 });
  const { api, sent } = refusedOnce(() => Promise.reject(failure));
  await assert.rejects(api.mutate("mutation M { done }", {}, "do it"), (error) => error === failure);
  assert.equal(sent.length, 1);
});
