import { member } from "../api/mod.ts";

/** Pages that are under way at once. */
const AT_ONCE = 4;

/**
 * The same pages, asked for before they are wanted: the first one alone, because it says how many there are and settles
 * the session; then four at once, in their order, up to `last`. One that fails is a failure when its turn comes.
 */
export function ahead(ask: (page: number) => Promise<unknown>, last: number): (page: number) => Promise<unknown> {
  const flying = new Map<number, Promise<unknown>>();
  let pages: number | undefined;
  return async (page) => {
    for (let next = page; next < page + AT_ONCE && next <= Math.min(pages ?? page, last); next++) {
      if (flying.has(next)) continue;
      const answer = ask(next);
      answer.catch(() => {}); // who awaits it says it
      flying.set(next, answer);
    }
    const answer = await (flying.get(page) ?? ask(page));
    flying.delete(page);
    const total = member(member(answer, "meta"), "total_pages");
    pages = typeof total === "number" ? total : page;
    return answer;
  };
}
