/**
 * What a verb is made of. Its file declares all of it: options, permissions, examples, and what it does.
 *
 * @module
 */

import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { App, Needs } from "../app.ts";
import type { PermissionName } from "../system/mod.ts";
import { addExamples } from "./help_page.ts";

export { Argument, type Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";

/** Gives a verb its app once the command line is parsed; permissions that `needs` does not name are gone then. */
export type Start = (needs: Needs) => Promise<App>;

export interface Verb {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly needs: Needs;
  /** Command lines that work, shown in the help and executed by a test. */
  readonly examples: readonly string[];
  /** The GraphQL documents that it sends, by the name of their operation. */
  readonly documents: Readonly<Record<string, string>>;
  command(start: Start): CommandUnknownOpts;
}

/** A verb with the words that call it: `orders list`. */
export interface Named {
  words: string;
  verb: Verb;
}

/**
 * Declares a verb. `run` gets the app, the options, then the arguments, typed by what `command` adds to its command (whose
 * parameter has to name its type, or nothing is inferred).
 */
export function verb<Args extends unknown[], Options extends Record<string, unknown>>(spec: {
  name: string;
  aliases?: readonly string[];
  needs: Needs;
  examples: readonly string[];
  documents?: Readonly<Record<string, string>>;
  command: (command: Command) => Command<Args, Options>;
  run: (app: App, options: Options, ...args: Args) => Promise<void>;
}): Verb {
  const { name, aliases = [], needs, examples, documents = {} } = spec;
  return {
    name,
    aliases,
    needs,
    examples,
    documents,
    command(start) {
      const command = spec.command(new Command(name).aliases(aliases));
      // Commander gives the arguments, then the options, then the command.
      command.action(async (...given: unknown[]) => {
        const options = given.at(-2) as Options;
        await spec.run(await start(needs), options, ...given.slice(0, -2) as Args);
      });
      const built = command as unknown as CommandUnknownOpts;
      addExamples(built, examples);
      return built;
    },
  };
}

/** What a session is looked up and kept with: the keychain's program or its library, and files. */
export const STORE: readonly PermissionName[] = ["ffi", "read", "run", "write"];

/** A verb that needs nothing: the config file was read for the format of its output. */
export const NOTHING: Needs = { before: [], after: [] };

/** A verb that only looks at local files. */
export const LOCAL: Needs = { before: ["read"], after: [] };

/**
 * A verb that asks the platform: the session is read from the keychain or the file, renewed and written back when it
 * ends soon; then only the network is left.
 */
export const ONLINE: Needs = { before: ["net", ...STORE], after: [] };
