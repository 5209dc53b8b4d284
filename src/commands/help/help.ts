import { EXITS } from "../../errors.ts";
import { list, type View } from "../../output/mod.ts";
import { CONVENTIONS, RUNTIME, SETTINGS } from "../../system/mod.ts";
import { Argument, type Command, type Named, NOTHING, type Verb, verb } from "../verb.ts";
import { TOPICS } from "../words.ts";

const CODES: View<(typeof EXITS)[number]> = {
  columns: { CODE: "code", KIND: "kind", WHEN: { prose: "when" } },
  fields: ["code", "kind", "when"],
};

interface Variable {
  variable: string;
  meaning: string;
}

const VARIABLES: View<Variable> = {
  columns: { VARIABLE: "variable", MEANING: { prose: "meaning" } },
  fields: ["variable", "meaning"],
};

interface Grant {
  command: string;
  before: string;
  after: string;
}

const GRANTS: View<Grant> = {
  columns: { COMMAND: "command", UNTIL_FIRST_ANSWER: "before", AFTERWARDS: "after" },
  fields: ["command", "before", "after"],
};

/** `everyVerb`: what the table of permissions is made of, this verb too. */
export const help = (everyVerb: () => Promise<readonly Named[]>): Verb =>
  verb({
    name: "help",
    needs: NOTHING,
    examples: ["autocom help orders list", "autocom help exit-codes", "autocom help permissions -o json"],
    command: (command: Command) =>
      command
        .summary("explain a command or a topic")
        .description("Explain a command, or a topic: exit codes, environment variables, permissions of each command.")
        .addArgument(
          new Argument("[topic]", "a command, or exit-codes, environment, permissions")
            .choices(TOPICS),
        ),
    async run(app, _options, topic) {
      // A broken config file is no reason to leave exit code 3 unexplained.
      const to = await app.destination(true);
      const show = async <Row>(view: View<Row>, rows: readonly Row[]) => {
        const writer = list(to, view);
        await writer.page(rows);
        await writer.end();
      };
      if (topic === "exit-codes") await show(CODES, EXITS.toSorted((a, b) => a.code - b.code));
      if (topic === "environment") {
        const all = [...SETTINGS, ...CONVENTIONS, ...RUNTIME];
        await show(VARIABLES, all.map(([variable, meaning]) => ({ variable, meaning })));
      }
      if (topic === "permissions") await show(GRANTS, grants(await everyVerb()));
    },
  });

/** From the declarations of the verbs: what each one still may before and after the API's first answer. */
function grants(all: readonly Named[]): Grant[] {
  return all.map(({ words, verb: { needs } }) => {
    const after = needs.before.includes("net") ? ["net", ...needs.after] : needs.after;
    return { command: words, before: needs.before.join(" ") || "none", after: after.join(" ") || "none" };
  });
}
