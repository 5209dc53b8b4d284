import { filter, oneOf, ONLINE, verb } from "../../cli/mod.ts";
import { fields, view } from "../../fields/mod.ts";
import { list as rows } from "../../output/mod.ts";
import { saidOf, Source } from "../../schema/mod.ts";
import { skippedNote } from "./said.ts";

const ROW = fields({
  name: { is: "text", column: "OPERATION", key: true },
  kind: { is: "text", column: "KIND" },
  returns: { is: "text", column: "RETURNS" },
  deprecated: { is: "switch" },
  alias: { is: "text", nullable: true, about: "on the bus: call takes it, too" },
  description: { is: "text", column: "DESCRIPTION", prose: true },
});

const KINDS = ["query", "mutation"] as const;

export const list = verb({
  name: "list",
  aliases: ["ls"],
  needs: ONLINE,
  prints: ROW,
  examples: ["autocom schema list", "autocom schema list --search refund --kind mutation"],
  summary: "every operation of your tenant's server",
  does:
    "List the operations of your tenant's server: each is a command, autocom call OPERATION. The schema is kept for a " +
    "day; autocom schema refresh reads it anew.",
  options: {
    search: { about: "part of a name or a description", value: filter("text") },
    kind: { about: "only these", value: oneOf("kind", KINDS) },
    deprecated: { about: "also those that are deprecated" },
  },
  async run(app, { search, kind, deprecated }) {
    const to = await app.destination();
    const source = Source.of(app);
    const edition = await source.edition();
    const word = search?.toLowerCase();
    const found = edition.book.operations()
      .filter((one) => one.kind !== "subscription" && (deprecated || one.deprecated === undefined))
      .filter((one) => kind === undefined || one.kind === kind)
      .filter(({ name, about }) => word === undefined || `${name}\n${about}`.toLowerCase().includes(word))
      .toSorted((a, b) => a.name < b.name ? -1 : 1)
      .map(({ about, ...one }) => {
        const { alias = null, text } = saidOf(about);
        return { ...one, deprecated: one.deprecated !== undefined, alias, description: text };
      });
    const writer = rows(to, view(ROW), {
      none: search || kind ? "No operation matches." : "The server has no operations.",
    });
    await writer.page(found);
    await writer.end();
    await skippedNote(app, edition);
  },
});
