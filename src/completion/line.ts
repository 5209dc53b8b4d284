/** The words of a line that a person is typing in bash, up to the cursor. */
export interface Typed {
  /** Those before the one under the cursor, without the program's own name. */
  words: string[];
  current: string;
  /** Characters of `current` that bash keeps: it replaces what follows its last word break. */
  kept: number;
  /** A quote is open. */
  quoted: boolean;
  /** The word is where the output goes to, or the input comes from. */
  redirected: boolean;
}

/**
 * Splits as bash does, as far as completion needs it: blanks, quotes, backslashes; only the last command of the line
 * counts. `breaks` is COMP_WORDBREAKS.
 */
export function readWord(line: string, breaks: string): Typed {
  let words: string[] = [];
  let word: string | undefined;
  let quote = "";
  let kept = 0;
  let redirected = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (quote) {
      if (char === quote) quote = "";
      else if (char === "\\" && quote === '"' && at + 1 < line.length) word += line[++at]!;
      else word += char;
    } else if (char === '"' || char === "'") {
      [quote, word] = [char, word ?? ""];
      kept = word.length;
    } else if (char === "\\" && at + 1 < line.length) {
      word = (word ?? "") + line[++at]!;
    } else if (/[\s<>]/.test(char) || (char === "&" && line[at + 1] === ">")) {
      const operator = /^&?[<>]+[&|]?/.exec(line.slice(at))?.[0] ?? "";
      // `2>`: the number is the operator's. What a redirection names is no word of the command.
      const number = operator !== "" && !redirected && /^\d+$/.test(word ?? "");
      if (word !== undefined && !redirected && !number) words.push(word);
      redirected = operator !== "" || (redirected && word === undefined);
      [word, kept] = [undefined, 0];
      at += Math.max(operator.length - 1, 0);
    } else if (/[;|&(]/.test(char)) {
      [words, word, kept, redirected] = [[], undefined, 0, false];
    } else {
      word = (word ?? "") + char;
      if (breaks.includes(char)) kept = word.length;
    }
  }
  // Variables may stand before the program: `NAME=value autocom …`
  const program = words.findIndex((one) => !/^\w+=/.test(one));
  return { words: words.slice(program + 1), current: word ?? "", kept, quoted: quote !== "", redirected };
}
