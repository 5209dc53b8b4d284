import type { Tree } from "../cli/mod.ts";

/** The build puts the whole tree here as JSON, so that completion and help load no command. */
const BUILT = "@@AUTOCOM_COMMANDS@@";

/** What there is to complete and to explain; undefined where there was no build. */
export function built(): Pick<Tree, "nouns" | "commands"> | undefined {
  return BUILT.startsWith("@@") ? undefined : JSON.parse(BUILT);
}
