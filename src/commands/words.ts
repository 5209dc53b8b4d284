/**
 * A look at the words of a command line before the framework parses them: the tree that parses them is built from what
 * they name, and an error obeys `--output` even when they do not parse.
 *
 * @module
 */

/** `-o`, alone or behind flags, with the value in the same word (`-qojson`) or in the next one. */
const SHORT = /^-[hq]*o(.*)$/s;
const LONG = /^--(output|tenant|api-url|color|timeout)(?:=(.*))?$/s;
const HELP = /^(?:--help$|-q*h)/;

/** What `help` explains beside the commands. */
export const TOPICS = ["exit-codes", "environment", "permissions"] as const;

export interface Words {
  /** What is neither an option nor its value; after `--` everything. */
  operands: string[];
  /** Whether an explanation is asked for. */
  help: boolean;
  /** The last value of each global option that takes one, by its long name. */
  values: Record<string, string | undefined>;
}

export function look(words: readonly string[]): Words {
  const found: Words = { operands: [], help: false, values: {} };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--") {
      found.operands.push(...words.slice(at + 1));
      break;
    }
    if (HELP.test(word)) found.help = true;
    const [isShort, short] = SHORT.exec(word) ?? [];
    const [isLong, name, long] = LONG.exec(word) ?? [];
    if (isShort) found.values.output = short ? short.replace(/^=/, "") : words[++at];
    else if (isLong) found.values[name!] = long ?? words[++at];
    else if (!word.startsWith("-") || word === "-") found.operands.push(word);
  }
  return found;
}
