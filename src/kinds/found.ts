/**
 * One thing that a person names by its id, or by what people know it by: that is looked for with the server's search.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { some } from "../output/mod.ts";
import { searchFor } from "../nearest.ts";
import { pagesOf } from "../paging/mod.ts";

/** Pages of 100 that are asked for a word: what is not among them was a small part of many. */
const MOST_PAGES = 10;

interface Look<R> {
  /** The thing of that id, as the server sent it; null when there is none. */
  one: (id: string) => Promise<unknown>;
  ask: (search: string, page: number) => Promise<unknown>;
  row: (value: unknown) => R;
  /** The search finds parts of words; only the whole one counts. */
  isMeant: (row: R, word: string) => boolean;
  action: string;
}

/** `called`: what people know it by; `list`: the command that lists them. */
export function found({ noun, called, list }: { noun: string; called: string; list: string }) {
  const notFound = (word: string, requestId?: string, isPart = false) =>
    new AppError("not-found", `there is no ${noun} "${word}" in this tenant`, {
      hint: searchFor(list, word, isPart),
      ...requestId ? { requestId } : {},
    });
  /** The server's own "not found" does not say what; without its code (a 404) it is the address that leads nowhere. */
  const absent = (word: string) => (error: unknown): Promise<never> => {
    const isThing = error instanceof AppError && error.kind === "not-found" && error.status === undefined;
    return Promise.reject(isThing ? notFound(word, error.requestId) : error);
  };
  const wanted = (text: string): string => {
    const word = text.trim();
    if (word !== "" && word.length <= 100) return word;
    throw new AppError("usage", `"${word.slice(0, 40)}" is neither a ${noun}'s id nor its ${called}`, {
      hint: list,
    });
  };
  const byWord = async <R extends { id: string }>(word: string, { ask, row, isMeant, action }: Look<R>) => {
    let asked = 0, isPart = false;
    const wayOut = `name the ${noun} by its id`;
    for await (const page of pagesOf({ first: 1, all: true, action, wayOut, ask: (page) => ask(word, page), row })) {
      const meant = only(page.rows.filter((one) => isMeant(one, word)), `${noun}s`, word);
      if (meant) return meant.id;
      isPart ||= page.rows.length > 0;
      if (++asked === MOST_PAGES && page.pages > asked) {
        throw new AppError(
          "not-found",
          `no ${noun} "${word}" is among the first ${asked * 100} that the search finds`,
          {
            hint: `write the whole ${called}, or the ${noun}'s id: ${list} --fields id`,
          },
        );
      }
    }
    throw notFound(word, undefined, isPart);
  };
  return {
    wanted,
    absent,
    /** Throws `not-found`. */
    async one<R extends { id: string }>(text: string, look: Look<R>): Promise<unknown> {
      const word = wanted(text);
      const id = isId(word) ? word : await byWord(word, look);
      const thing = await look.one(id).catch(absent(word));
      if (thing === null) throw notFound(word);
      return thing;
    },
  };
}

/** What a word names among `rows`, if anything. Throws where nobody can tell which of several is meant. */
export function only<R extends { id: string }>(rows: readonly R[], plural: string, word: string): R | undefined {
  const ids = [...new Set(rows.map(({ id }) => id))];
  if (ids.length < 2) return rows[0];
  throw new AppError("usage", `there are ${ids.length} ${plural} "${word}" in this tenant`, {
    hint: `name one of them by its id: ${some(ids.map((id) => /^[\w.-]+$/.test(id) ? id : JSON.stringify(id)))}`,
  });
}

/** A UUID or a ULID. */
function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) || /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i.test(text);
}
