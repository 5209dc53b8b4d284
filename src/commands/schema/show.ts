import { ONLINE, text, verb } from "../../cli/mod.ts";
import { AppError } from "../../errors.ts";
import { fields, view } from "../../fields/mod.ts";
import { nearest } from "../../nearest.ts";
import { list, some } from "../../output/mod.ts";
import { type Book, flagging, type Input, type Operation, saidOf, Source } from "../../schema/mod.ts";

const ROW = fields({
  name: { is: "text", column: "NAME", key: true },
  type: { is: "text", column: "TYPE" },
  flag: { is: "text", column: "FLAG", nullable: true },
  default: { is: "text", column: "DEFAULT", nullable: true },
  description: { is: "text", column: "DESCRIPTION", prose: true },
});

interface Part {
  name: string;
  type: string;
  flag: string | null;
  default: string | null;
  description: string;
}

export const show = verb({
  name: "show",
  aliases: ["get", "view"],
  needs: ONLINE,
  prints: ROW,
  examples: ["autocom schema show orders", "autocom schema show OrderInput"],
  summary: "the arguments of an operation, or what is in a type",
  does: "Show the arguments of an operation with their options and what it gives, or the fields and values of a type.",
  args: [{ name: "name", about: "an operation or a type", value: text("name", "kept") }],
  async run(app, _given, name) {
    const to = await app.destination();
    const source = Source.of(app);
    const { Flags } = await flagging();
    const found = partsOf((await source.edition()).book, name, Flags) ??
      partsOf((await source.again() ?? await source.edition()).book, name, Flags);
    if (!found) throw noSuch((await source.edition()).book, name);
    const writer = list(to, view(ROW));
    await writer.page(found.parts);
    await writer.end();
    await app.say.note(found.note, found.command);
  },
});

type FlagsOf = Awaited<ReturnType<typeof flagging>>["Flags"];

function partsOf(
  book: Book,
  name: string,
  Flags: FlagsOf,
): { parts: Part[]; note: string; command?: string } | undefined {
  const type = book.type(name);
  const operation = book.operation(name);
  if (operation && (!type || operation.name === name)) {
    const flags = new Flags(book, operation);
    const parts = operation.args.map((input) => ({
      ...partOf(input),
      flag: operation.lacks ? null : flags.flagAt([input.name]) ?? null,
    }));
    return { parts, ...noteOf(operation) };
  }
  if (!type) return undefined;
  const plain = { flag: null, default: null };
  const parts = [
    ...type.fields.map(({ name, type, about }) => ({ ...plain, name, type, description: about })),
    ...type.inputs.map(partOf),
    ...type.values.map((value) => ({ ...plain, name: value, type: type.name, description: "" })),
  ];
  return {
    parts,
    note: `${type.name}: ${type.kind.toLowerCase().replaceAll("_", " ")}.${type.about ? ` ${type.about}` : ""}`,
  };
}

function partOf({ name, type, standard, about, deprecated: why }: Input): Part {
  const description = [about, ...why === undefined ? [] : [`Deprecated${why ? `: ${why}` : "."}`]].join(" ").trim();
  return { name, type, flag: null, default: standard ?? null, description };
}

function noteOf(
  { name, kind, returns, about, deprecated: why, lacks = [] }: Operation,
): { note: string; command?: string } {
  const said = [`${name}: a ${kind} that gives ${returns}.`, saidOf(about).text];
  if (why !== undefined) said.push(`Deprecated${why ? `: ${why.replaceAll(/\s+/g, " ")}` : "."}`);
  const isOut = lacks.length > 0; // no option can be made of an argument whose type could not be read
  if (isOut) said.push(`It must be given ${some(lacks)}, of a type that the schema does not tell: write the document`);
  else if (kind !== "subscription") said.push("Its options");
  const note = said.filter((one) => one !== "").join(" ");
  if (isOut) return { note, command: "autocom graphql" };
  return kind === "subscription" ? { note } : { note, command: `autocom call ${name} --help` };
}

function noSuch(book: Book, name: string): AppError {
  const all = [
    ...book.index().map((one) => one.name),
    ...[...String(book).matchAll(/^t (\w+)/gm)].map(([, one]) => one!),
  ];
  const meant = nearest(name, all);
  return new AppError("usage", `the schema has neither an operation nor a type "${name.slice(0, 60)}"`, {
    hint: meant ? `did you mean: autocom schema show ${meant}` : "see which there are: autocom schema list",
  });
}
