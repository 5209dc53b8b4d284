import type { App } from "../../app.ts";
import { describe, LOCAL, type Named, type Verb, verb } from "../../cli/mod.ts";
import { describing, fields, view } from "../../fields/mod.ts";
import { list } from "../../output/mod.ts";

type Tree = Awaited<ReturnType<typeof describe>>;

const COMMAND = fields({
  command: { is: "text", column: "COMMAND", key: true },
  aliases: { is: "data" },
  summary: { is: "text", column: "WHAT", prose: true },
  description: { is: "data" },
  arguments: { is: "data" },
  options: { is: "data" },
  fields: { is: "data" },
  global_options: { is: "data" },
  changes: { is: "data" },
  permission: { is: "data" },
  needs: { is: "data" },
  exit_codes: { is: "data" },
  prints: { is: "data" },
  examples: { is: "data" },
});

/** `tree`: every command with all that it takes; `everyVerb`: with what it prints. */
export const commands = (tree: () => Promise<Tree>, everyVerb: () => Promise<readonly Named[]>): Verb =>
  verb({
    name: "commands",
    needs: LOCAL,
    prints: COMMAND,
    summary: "list every command, also as JSON for programs",
    does:
      "List every command, and the operations that are kept of your tenant's schema. With -o json or -o yaml also its " +
      "arguments, options, defaults and allowed values, what it " +
      "needs of the server's permissions and of this machine, its exit codes, the JSON Schema of the object or of each row that it prints (null: it prints none, or what the server sent), and examples: for scripts and agents.",
    examples: ["autocom commands", "autocom commands -o json"],
    async run(app) {
      const { commands: ours, global } = await tree();
      const commands = [...ours, ...await operations(app)];
      const writer = list(await app.destination(true), view(COMMAND));
      const { schema } = await describing();
      const printed = new Map(
        await Promise.all((await everyVerb()).map(async ({ words, verb: { prints = [] } }) => {
          const shapes = typeof prints === "function" ? await prints() : [prints].flat();
          const [one, ...more] = shapes.map(schema);
          return [words, more.length > 0 ? { anyOf: [one, ...more] } : one] as const;
        })),
      );
      await writer.page(commands.map((command) => ({
        ...command,
        fields: command.fields ?? null,
        global_options: global,
        prints: printed.get(command.command) ?? null,
      })));
      await writer.end();
    },
  });

/** What `call` takes, as far as it is kept: nothing is asked, and nothing is wrong when there is none. */
async function operations({ system, settings }: App) {
  try {
    const calls = await (await import("../../schema/mod.ts")).keptCalls(system, settings);
    const verbs = await calls?.verbs() ?? [];
    return (await describe([{ name: "call", summary: "", verbs: () => Promise.resolve(verbs) }])).commands;
  } catch {
    return [];
  }
}
