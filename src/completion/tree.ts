import type { DescribedOption, Description, Noun, Tree, Verb } from "../cli/mod.ts";

/** The build puts the whole tree here as JSON, so that completion and help load no command. */
const BUILT = "@@AUTOCOM_COMMANDS@@";

/** As the build writes it: each option and each list of fields once, the commands name their place. */
interface Written extends Pick<Tree, "nouns"> {
  commands: readonly (Omit<Description, "options" | "fields"> & { options: readonly number[]; fields: number })[];
  options: readonly DescribedOption[];
  fields: readonly string[];
}

/** What there is to complete and to explain; undefined where there was no build. */
export function built(): Pick<Tree, "nouns" | "commands"> | undefined {
  if (BUILT.startsWith("@@")) return undefined;
  const { nouns, commands, options, fields }: Written = JSON.parse(BUILT);
  return {
    nouns,
    commands: commands.map((one) => ({
      ...one,
      options: one.options.map((at) => options[at]!),
      fields: fields[one.fields]!.split(","),
    })),
  };
}

/** The noun whose verbs are the server's. */
export const CALL = "call";

/** The tree, in which such a verb can be found. */
export function withCalls(nouns: readonly Noun[], find: (word: string) => Promise<Verb | undefined>): Noun[] {
  return nouns.map((noun) => noun.name === CALL ? { ...noun, find } : noun);
}
