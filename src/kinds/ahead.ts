import { member } from "../api/mod.ts";

/** Pages that are under way at once. */
const AT_ONCE = 4;

/**
 * The same pages, asked for before they are wanted: the first one alone, because it says how many there are and settles
 * the session; then four at once, in their order, up to `last`. A page that is on its way out is one of the four, until
 * `written` resolves: for a reader that is slow, or gone, nothing is asked in stock. One that fails is a failure when its
 * turn comes. `turn` lets the runtime send what was asked for before the next page, which may be there already, is made
 * into text: else pages come, and wait, four at a time.
 */
export function ahead(
  ask: (page: number) => Promise<unknown>,
  last: number,
  written: () => Promise<void>,
  turn: () => Promise<void>,
): (page: number) => Promise<unknown> {
  const flying = new Map<number, Promise<unknown>>();
  let pages: number | undefined;
  const start = (from: number, to: number) => {
    for (let next = from; next <= Math.min(to, last); next++) {
      if (flying.has(next)) continue;
      const answer = ask(next);
      answer.catch(() => {}); // who awaits it says it
      flying.set(next, answer);
    }
  };
  return async (page) => {
    const full = page + AT_ONCE - 1;
    const most = pages ?? page;
    start(page, Math.min(full - 1, most));
    written().then(() => start(full, Math.min(full, most)), () => {}); // the writer says it
    await turn();
    const answer = await (flying.get(page) ?? ask(page));
    flying.delete(page);
    const total = member(member(answer, "meta"), "total_pages");
    pages = typeof total === "number" ? total : page;
    return answer;
  };
}
