import { EXITS } from "../../errors.ts";
import { type Fields, fields, type Row, view } from "../../fields/mod.ts";
import { list } from "../../output/mod.ts";
import { CONVENTIONS, OWN_VARIABLES, RUNTIME, SURROUNDINGS } from "../../meanings.ts";
import { type Named, NOTHING, oneOf, type Verb, verb } from "../../cli/mod.ts";

const CODES = fields({
  code: { is: "number", column: "CODE" },
  kind: { is: "text", column: "KIND", key: true },
  when: { is: "text", column: "WHEN", prose: true },
});

const VARIABLES = fields({
  variable: { is: "text", column: "VARIABLE", key: true },
  meaning: { is: "text", column: "MEANING", prose: true },
});

const GRANTS = fields({
  command: { is: "text", column: "COMMAND", key: true },
  before: { is: "text", column: "UNTIL_FIRST_ANSWER" },
  after: { is: "text", column: "AFTERWARDS" },
});

const EXPRESSIONS = fields({
  expression: { is: "text", column: "EXPRESSION", key: true },
  gives: { is: "text", column: "GIVES", prose: true },
});

/** JMESPath over `orders list`; a test asks each of them. */
const QUERIES = [
  ["length(@)", "how many there are: of all pages, unless --page or --limit says which"],
  ["[?status == 'pending'].order_number", "one a line, without a header"],
  ["[].[order_number, total]", "rows without a header"],
  ["[].{number: order_number, total: total}", "rows with a header; in JSON objects"],
  ["[?created_at > '2026-05-10T00:00:00Z']", "text is ordered as text"],
  ["[?to_number(total) > `1000`]", "money is text, in JSON too: to_number makes a number with the same digits"],
  ["sort_by(@, &to_number(total))[-3:]", "the three largest"],
  ["sum(map(&to_number(@), [].total))", "amounts are added to the last digit"],
  ["max_by(@, &to_number(total)).total", "one value, one line; null prints nothing"],
] as const;

/** `everyVerb`: what the table of permissions is made of, this verb too. */
export const help = (everyVerb: () => Promise<readonly Named[]>): Verb =>
  verb({
    name: "help",
    needs: NOTHING,
    prints: [CODES, VARIABLES, GRANTS, EXPRESSIONS],
    examples: ["autocom help orders list", "autocom help exit-codes", "autocom help permissions -o json"],
    summary: "explain a command or a topic",
    does: "Explain a command, or a topic: exit codes, environment variables, permissions of each command, --query.",
    args: [{
      name: "topic",
      about: "a command, or one of",
      value: oneOf("topic", ["exit-codes", "environment", "permissions", "query"]),
      optional: true,
    }],
    async run(app, _given, topic) {
      // A broken config file is no reason to leave exit code 3 unexplained.
      const to = await app.destination(true);
      const show = async <F extends Fields>(of: F, rows: readonly Row<F>[]) => {
        const writer = list(to, view(of));
        await writer.page(rows);
        await writer.end();
      };
      if (topic === "exit-codes") await show(CODES, EXITS.toSorted((a, b) => a.code - b.code));
      if (topic === "environment") {
        const all = [...OWN_VARIABLES, ...CONVENTIONS, ...SURROUNDINGS, ...RUNTIME];
        await show(VARIABLES, all.map(([variable, meaning]) => ({ variable, meaning })));
      }
      if (topic === "query") {
        await show(EXPRESSIONS, QUERIES.map(([expression, gives]) => ({ expression, gives })));
        await app.say.note("The language: https://jmespath.org");
        await app.say.note("Write, for example", "autocom orders list --query 'length(@)'");
      }
      if (topic === "permissions") await show(GRANTS, grants(await everyVerb()));
    },
  });

/** From the declarations of the verbs: what each one still may before and after the API's first answer. */
function grants(all: readonly Named[]): Row<typeof GRANTS>[] {
  return all.map(({ words, verb: { needs } }) => {
    const after = needs.before.includes("net") ? ["net", ...needs.after] : needs.after;
    return { command: words, before: needs.before.join(" ") || "none", after: after.join(" ") || "none" };
  });
}
