/** What a declaration says is what `run` gets: held by the compiler, which checks this file. */
import { type Given, NOTHING, oneOf, text, verb, whole } from "../../src/cli/mod.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
const is = <A, B>(_: Same<A, B>) => {};
const said = { summary: "x", does: "X.", needs: NOTHING, examples: [] };
const run = () => Promise.resolve();

Deno.test("a declaration infers options and arguments, and refuses what it does not mean", () => {
  verb({
    ...said,
    name: "a",
    options: {
      status: { about: "s", value: oneOf("status", ["pending", "paid"]) },
      output: { about: "o", value: oneOf("format", ["table", "json"]), standard: "table" },
      page: { about: "p", value: whole(9), standard: 1 },
      tag: { about: "t", value: text("tag"), many: true },
      withToken: { about: "w", value: text("token"), bare: true },
      yes: { about: "y" },
      browser: { about: "b", off: true },
    },
    args: [
      { name: "order", about: "o", value: text("order") },
      { name: "to", about: "t", value: oneOf("status", ["shipped", "failed"]), optional: true },
      { name: "rest", about: "r", value: whole(3), many: true },
    ],
    run(_app, given, order, to, rest) {
      is<typeof given.status, "pending" | "paid" | undefined>(true);
      is<typeof given.output, "table" | "json">(true);
      is<typeof given.page, number>(true);
      is<typeof given.tag, readonly string[]>(true);
      is<typeof given.withToken, string | true | undefined>(true);
      is<typeof given.yes, boolean>(true);
      is<typeof given.browser, boolean>(true);
      is<typeof order, string>(true);
      is<typeof to, "shipped" | "failed" | undefined>(true);
      is<typeof rest, readonly number[]>(true);
      // @ts-expect-error: no such option
      given.nope;
      return Promise.resolve();
    },
  });
  verb({
    ...said,
    name: "b",
    run(_app, given, ...words) {
      is<typeof words, []>(true);
      // @ts-expect-error: no option is declared
      given.x;
      return Promise.resolve();
    },
  });
  const value = oneOf("f", ["table"]);
  // @ts-expect-error: a standard that the value does not take
  verb({ ...said, name: "c", options: { output: { about: "o", value, standard: "yaml" } }, run });
  // @ts-expect-error: a switch has no standard
  verb({ ...said, name: "d", options: { yes: { about: "o", standard: true } }, run });
  // @ts-expect-error: an argument that is not declared
  verb({ ...said, name: "e", run: (_app, _given, order: string) => Promise.reject(order) });
  // @ts-expect-error: a misspelt key of an option
  verb({ ...said, name: "f", options: { yes: { about: "o", hiden: true } }, run });
  is<Given<{ page: { about: "p"; value: ReturnType<typeof whole> } }>["page"], number | undefined>(true);
});
