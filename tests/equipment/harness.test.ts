/** What the harness itself holds tests to. */
import assert from "node:assert/strict";
import { autocom, execute, world } from "../support/harness.ts";
import { json, scripted, withToken } from "../support/scripted.ts";

Deno.test("an expectation that fails tells all that is wrong at once: exit code, stdout and stderr", async () => {
  await assert.rejects(autocom("nope", { code: 3, out: "a table", err: /a reason/ }), ({ message }: Error) => {
    for (const part of [/^exit code: /m, /^stdout: /m, /^stderr: /m, /unknown command "nope"/]) {
      assert.match(message, part);
    }
    return true;
  });
  await assert.rejects(autocom("--version", { err: /a reason/ }), ({ message }: Error) => {
    assert.match(message, /^stdout: [^]*^stderr: /m);
    assert.ok(!message.includes("exit code: "), message);
    return true;
  });
});

Deno.test("a scripted answer that nobody asked for fails the test", async () => {
  const w = await withToken("owner", { fetch: scripted(json({})) });
  await assert.rejects(w[Symbol.asyncDispose](), /1 scripted answers were never asked for/);
});

Deno.test("an answer to a question that nobody asked fails the test", async () => {
  const w = await world({ answers: [true] });
  await assert.rejects(w[Symbol.asyncDispose](), /no question asked for \[true\]/);
});

Deno.test("what is said on stderr, and nobody looks at, fails the test", async () => {
  const w = await world();
  const { code } = await execute("nope", w);
  assert.equal(code, 2);
  await assert.rejects(w[Symbol.asyncDispose](), /nobody looked at what autocom nope said on stderr:\nerror: unknown/);
});
