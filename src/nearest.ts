/**
 * What a misspelt word was probably meant to be. Imports nothing.
 *
 * @module
 */

/** The most alike of `all`, at most two letters off and a third of its length; upper case and `_ -` do not count. */
export function nearest(word: string, all: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const one of all) {
    const off = distance(plain(word), plain(one));
    if (off < least && off <= Math.min(2, plain(one).length / 3)) [best, least] = [one, off];
  }
  return best;
}

/** `apiUrl`, `api-url` and `API_URL` are the same to a person. */
function plain(text: string): string {
  return text.slice(0, 40).toLowerCase().replace(/[^a-z0-9.]/g, "");
}

/** Levenshtein's, where two neighbours that changed places count once: how many letters differ. */
function distance(a: string, b: string): number {
  let [before, above]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1] ? before[column - 2]! + 1 : Infinity;
      current.push(Math.min(change, above[column]! + 1, current[column - 1]! + 1, swapped));
    }
    [before, above] = [above, current];
  }
  return above[b.length]!;
}

/** A UUID or a ULID, within something else. */
const ID = /(?<![-\w])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-7][0-9A-HJKMNP-TV-Z]{25})(?![-\w])/i;

/**
 * What to type for a word that names nothing. An id with something around it (quotes, the address of a page) is asked for
 * alone: no search finds one. Else the search for the word where that has `found` others, for what was pasted without what
 * came with it (`#`, quotes, invisible characters), or for its beginning, as far as a separator.
 */
export function searchFor(list: string, word: string, found = false): string {
  const text = word.replace(/\p{Cf}/gu, "").replace(/[\u2010-\u2015\u2212]/g, "-");
  const id = ID.exec(text)?.[0];
  if (id === word) return `search for it: ${list}`;
  if (id) return `ask for the id alone: ${list.replace(/list$/, "get")} ${id}`;
  const bare = text.replace(/^[^\w+]+|[^\w+]+$/g, "");
  const whole = [found && word, bare !== word && bare].find((one) => one && /^[\w+][\w+.@-]*$/.test(one));
  const part = whole || /^([\w+]+(?:[-.@][\w+]+)*)[-.@][\w+]*$/.exec(word)?.[1];
  return `search for it: ${list}${part ? ` --search ${part}` : ""}`;
}
