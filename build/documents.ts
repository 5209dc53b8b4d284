/**
 * What goes beside the program, made of the program itself: the manual page and the completions of the shells.
 *
 * @module
 */

import { join } from "node:path";
import { describe } from "../src/cli/mod.ts";
import { NOUNS } from "../src/commands/mod.ts";
import { script, SHELLS } from "../src/completion/mod.ts";
import { EXITS } from "../src/errors.ts";
import { man } from "../src/man.ts";
import { CONVENTIONS, OWN_VARIABLES, RUNTIME, SURROUNDINGS } from "../src/meanings.ts";

/** Where a shell's package looks for its file. */
const COMPLETIONS = { bash: "autocom.bash", zsh: "_autocom", fish: "autocom.fish", powershell: "autocom.ps1" } as const;

/** File name → text. The page has the date of the version in CHANGELOG.md: the same source gives the same bytes. */
export async function documents(root: string, version: string): Promise<Record<string, string>> {
  const changelog = await Deno.readTextFile(join(root, "CHANGELOG.md"));
  const heading = changelog.split("\n").find((line) => line.startsWith(`## ${version} `));
  const date = /\((\d{4}-\d{2}-\d{2})\)/.exec(heading ?? "")?.[1] ?? "2020-01-01";
  const variables = [...OWN_VARIABLES, ...CONVENTIONS, ...SURROUNDINGS, ...RUNTIME];
  const page = man({ ...await describe(NOUNS), exits: EXITS, variables, version, date });
  return { "autocom.1": page, ...Object.fromEntries(SHELLS.map((shell) => [COMPLETIONS[shell], script(shell)])) };
}
