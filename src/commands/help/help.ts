import { EXITS } from "../../errors.ts";
import { list, type View } from "../../output/mod.ts";
import { CONVENTIONS, SETTINGS } from "../../system/environment.ts";
import { NOUNS } from "../mod.ts";
import { Argument, Command, verb } from "../verb.ts";

const CODES: View<(typeof EXITS)[number]> = {
  columns: { CODE: "code", KIND: "kind", WHEN: "when" },
  fields: ["code", "kind", "when"],
};

interface Variable {
  variable: string;
  meaning: string;
}

const VARIABLES: View<Variable> = {
  columns: { VARIABLE: "variable", MEANING: "meaning" },
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

export const help = verb({
  needs: { before: ["read"], after: [] },
  examples: ["autocom help exit-codes", "autocom help permissions -o json", "autocom help orders list"],
  command: () =>
    new Command("help")
      .summary("explain a topic or a command")
      .description("Explain a topic: the exit codes, the environment variables, or the permissions of each command.")
      .addArgument(new Argument("[topic]").choices(["exit-codes", "environment", "permissions"] as const)),
  async run(app, _options, topic) {
    const to = await app.destination();
    const show = async <Row>(view: View<Row>, rows: readonly Row[]) => {
      const writer = list(to, view);
      await writer.page(rows);
      await writer.end();
    };
    if (topic === "exit-codes") await show(CODES, EXITS);
    if (topic === "environment") {
      const all = [...SETTINGS, ...CONVENTIONS];
      await show(VARIABLES, all.map(([variable, meaning]) => ({ variable, meaning })));
    }
    if (topic === "permissions") await show(GRANTS, await grants());
  },
});

/** From the declarations of the verbs: what each one still may before and after the server's first answer. */
async function grants(): Promise<Grant[]> {
  const rows: Grant[] = [];
  for (const noun of NOUNS.filter(({ hidden }) => !hidden)) {
    const loaded = await noun.load();
    const verbs = "verb" in loaded ? [loaded.verb] : loaded.verbs;
    for (const { needs, command } of verbs) {
      const name = command(() => Promise.reject()).name();
      rows.push({
        command: name === noun.name ? name : `${noun.name} ${name}`,
        before: needs.before.join(" ") || "none",
        after: (needs.before.includes("net") ? ["net", ...needs.after] : needs.after).join(" ") || "none",
      });
    }
  }
  return rows;
}
