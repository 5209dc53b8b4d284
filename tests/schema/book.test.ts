import assert from "node:assert/strict";
import { Book, type Operation } from "../../src/schema/book.ts";
import { writeOperation, writeType } from "../../src/schema/lines.ts";

/** Names of which one begins as another, or comes just before it in an order of signs. */
const NAMES = ["a", "a_", "a_b", "a1", "b", "order", "orders", "orders_cancel", "z", "_z", "Zz"];

const operation = (kind: Operation["kind"], name: string, deprecated?: string): Operation => ({
  kind,
  name,
  about: `${kind} ${name}`,
  deprecated,
  returns: "Int",
  args: [],
});
const type = (name: string) =>
  writeType({ name, kind: "ENUM", about: `type ${name}`, fields: [], inputs: [], values: [name] });

Deno.test("whatever names there are, each is found by its own, and what is not there is not", () => {
  for (let count = 0; count <= NAMES.length; count++) {
    for (let first = 0; first + count <= NAMES.length; first++) {
      const there = NAMES.slice(first, first + count);
      const book = Book.of(
        there.toReversed().flatMap((name) => [
          type(name),
          writeOperation(operation("query", name)),
          writeOperation(operation("mutation", name, "old")),
        ]),
      );
      for (const name of NAMES) {
        const has = there.includes(name);
        assert.equal(book.operation(`query:${name}`)?.about, has ? `query ${name}` : undefined);
        assert.equal(book.operation(`mutation:${name}`)?.deprecated, has ? "old" : undefined);
        assert.equal(book.isTwice(name), has);
        assert.deepEqual(book.type(name)?.values, has ? [name] : undefined);
        const begins = there.filter((one) => one.startsWith(name)).sort();
        assert.deepEqual(book.index(name, "q").map((one) => one.name), begins);
        assert.deepEqual(book.index(name, "M").map((one) => one.name), begins);
      }
    }
  }
});
