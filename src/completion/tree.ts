import type { Noun, Tree, Verb } from "../cli/mod.ts";

/** The build puts the whole tree here as JSON, so that completion and help load no command. */
const BUILT = "@@AUTOCOM_COMMANDS@@";

/** What there is to complete and to explain; undefined where there was no build. */
export function built(): Pick<Tree, "nouns" | "commands"> | undefined {
  return BUILT.startsWith("@@") ? undefined : JSON.parse(BUILT);
}

/** The noun whose verbs are the server's. */
export const CALL = "call";

/** The tree, in which such a verb can be found. */
export function withCalls(nouns: readonly Noun[], find: (word: string) => Promise<Verb | undefined>): Noun[] {
  return nouns.map((noun) => noun.name === CALL ? { ...noun, find } : noun);
}
