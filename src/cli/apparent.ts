import type { Globals } from "../app.ts";
import { keyIn, optionAt, type Raw, soundGlobals } from "./given.ts";
import { GLOBALS, ROOT } from "./globals.ts";
import type { Options } from "./verb.ts";

/**
 * The global options of a line whose verb is not known yet, which has `known` in any case: a value that looks like one is
 * taken for one. But an address counts only where no option can take it for its value: the token is sent there.
 */
export function apparent(words: readonly string[], known: Options = {}): Globals {
  const options: Options = { ...GLOBALS, ...ROOT, ...known };
  const raws: Raw[] = [];
  /** The word there may be a value; and then which words behind it are options is not known either. */
  let doubtful = -1, lost = false;
  for (let at = 0; at < words.length && words[at] !== "--"; at++) {
    if (!isOption(words[at])) continue;
    const read = optionAt(words, at, (flag) => keyIn(options, flag), (key) => options[key]!);
    const doubt: boolean = lost || doubtful === at;
    raws.push(...read.raws.filter(({ key }) => key !== "apiUrl" || !doubt));
    if (read.unknown && !/=|:null$/.test(words[at]!)) doubtful = at + 1;
    lost ||= doubt && read.took === 1 && isOption(words[at + 1]);
    at += read.took;
  }
  return soundGlobals(raws);
}

const isOption = (word: string | undefined) => word !== undefined && word !== "-" && word.startsWith("-");
