import { type describe, NOTHING, type Verb, verb } from "../../cli/mod.ts";
import { list, type View } from "../../output/mod.ts";

type Tree = Awaited<ReturnType<typeof describe>>;
type Row = Tree["commands"][number] & { global_options?: Tree["global"] };

const COMMANDS: View<Row> = {
  columns: { COMMAND: "command", WHAT: { prose: "summary" } },
  fields: [
    "command",
    "aliases",
    "summary",
    "description",
    "arguments",
    "options",
    "global_options",
    "changes",
    "permission",
    "needs",
    "exit_codes",
    "examples",
  ],
};

/** `tree`: every command with all that it takes. */
export const commands = (tree: () => Promise<Tree>): Verb =>
  verb({
    name: "commands",
    needs: NOTHING,
    summary: "list every command, for programs with all that it takes",
    does:
      "List every command. With -o json or -o yaml also its arguments, options, defaults and allowed values, what it " +
      "needs of the server's permissions and of this machine, its exit codes and examples: for scripts and agents.",
    examples: ["autocom commands", "autocom commands -o json"],
    async run(app) {
      const { commands, global } = await tree();
      const writer = list(await app.destination(true), COMMANDS);
      await writer.page(commands.map((command) => ({ ...command, global_options: global })));
      await writer.end();
    },
  });
