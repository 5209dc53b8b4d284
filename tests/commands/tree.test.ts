/** The tree is built as far as a command line names it, because every option that is not asked for costs time. */
import assert from "node:assert/strict";
import { program } from "../../src/commands/program.ts";
import { type Command, NOTHING, type Verb, verb } from "../../src/commands/verb.ts";

const BUILT: [line: string, built: string[]][] = [
  ["orders list", ["orders list"]],
  ["orders ls -o json", ["orders list"]],
  ["-qo json orders get", ["orders get"]],
  ["orders lsit", ["orders list", "orders get"]],
  ["orders", ["orders list", "orders get"]],
  ["orders --help", ["orders list", "orders get"]],
  ["audit list", ["audit list"]],
  ["", []],
  ["--help", []],
];
for (const [line, expected] of BUILT) {
  Deno.test(`"${line}" builds ${expected.join(" and ") || "no verb"}`, async () => {
    const built: string[] = [];
    const spied = (noun: string, name: string, aliases: string[] = []): Verb =>
      verb({
        name,
        aliases,
        needs: NOTHING,
        examples: [],
        command(command: Command) {
          built.push(`${noun} ${name}`);
          return command;
        },
        run: () => Promise.resolve(),
      });
    const nouns = [
      {
        name: "orders",
        summary: "orders",
        verbs: () => Promise.resolve([spied("orders", "list", ["ls"]), spied("orders", "get")]),
      },
      { name: "audit", summary: "audit", verbs: () => Promise.resolve([spied("audit", "list")]) },
    ];
    const screen = { columns: () => 80, print: () => {} };
    await program(nouns, line.split(" ").filter(Boolean), () => Promise.reject(), screen);
    assert.deepEqual(built, expected);
  });
}
