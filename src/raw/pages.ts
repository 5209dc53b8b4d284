import { brokenBy, member } from "../api/mod.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { progressing, safeJson } from "../output/mod.ts";
import { type Asked, MOST_ASKED, tellRaw } from "./asked.ts";

/** Where a page stands: `meta { current_page total_pages }`, or REST's `pagination { current_page last_page }`. */
interface Place {
  page: number;
  pages: number;
}

/** Objects that are looked at for one. */
const MOST_SEEN = 10_000;

/** What an answer says of its pages, wherever that stands in it, but in no list. */
function placesOf(body: unknown): Place[] {
  const found: Place[] = [];
  const all = [body];
  for (let at = 0; at < all.length && at < MOST_SEEN; at++) {
    const one = all[at];
    if (typeof one !== "object" || one === null || Array.isArray(one)) continue;
    const page = member(one, "current_page");
    const pages = member(one, "total_pages") ?? member(one, "last_page");
    if (typeof page === "number" && typeof pages === "number") found.push({ page, pages });
    else for (const [name, value] of Object.entries(one)) if (name !== "errors") all.push(value);
  }
  return found;
}

/** One page of an answer. */
export interface Page {
  body: unknown;
  text: string;
}

/**
 * Pages, printed as they arrive, as one JSON array of the server's answers. When one fails the array is closed behind
 * the last whole one, and the error says where to go on.
 */
export class Pages {
  #count = 0;

  /** With `asked` nothing is printed but what comes of all pages. `hint`: what to do where an answer names no page. */
  constructor(
    private readonly app: App,
    private readonly action: string,
    private readonly hint: string,
    /** What is typed to begin with that page. */
    private readonly onward: (page: number) => string,
    private readonly asked?: Asked,
  ) {}

  /** `ask` throws when a page is refused. */
  async print(first: number, ask: (page: number) => Promise<Page>): Promise<void> {
    const kept: string[] = [];
    let page = first, length = 0;
    const line = await this.#line();
    try {
      line?.begin();
      for (let more = true; more; page++) {
        const { body, text } = await ask(page);
        const pages = this.#check(body, page);
        if (page > first && page > pages) break; // the end of a list that another one stands beside
        line?.tell(page + 1 - first, pages + 1 - first);
        more = page < pages;
        if (this.asked) {
          length += text.length;
          const all = page === first ? length * (pages - first + 1) : length;
          if (all > MOST_ASKED) throw await this.asked.tooLarge(all);
          kept.push(text);
          continue;
        }
        await this.#write((this.#count === 0 ? "[" : ",\n") + text.trim());
        this.#count++;
      }
    } catch (error) {
      throw this.#count > 0 ? this.#brokenOff(error, page) : error;
    } finally {
      await line?.end();
      if (this.#count > 0) await this.#write("]\n");
    }
    if (this.asked) await tellRaw(this.asked, `[${kept.join(",")}]`);
  }

  /** Loaded where somebody may see it; `-o` changes nothing of what is printed, but says who reads the messages. */
  async #line() {
    const { system, globals, signal } = this.app;
    if (!system.io.stderr.isTerminal) return undefined;
    const [{ progress }, { format }] = await Promise.all([progressing(), this.app.destination()]);
    const writes = !(this.asked && system.io.stdout.isTerminal); // of a query once, at the end
    return await progress({ system, globals, format, signal, what: "Fetching", unit: "pages", writes });
  }

  /** How many pages there are: of the longest list that follows. Another one may stand still. */
  #check(body: unknown, page: number): number {
    const all = placesOf(body);
    const following = all.filter((place) => place.page === page);
    const [place] = (following.length > 0 ? following : all).toSorted((one, other) => other.pages - one.pages);
    if (!place) {
      throw new AppError("usage", `cannot ${this.action} with --paginate: the answer does not say which page it is`, {
        hint: this.hint,
      });
    }
    if (place.page !== page && page <= place.pages) {
      throw new AppError("server", `cannot ${this.action}: the server sent page ${place.page} when asked for ${page}`, {
        hint: "does the request use the page that it is given?",
      });
    }
    return place.pages;
  }

  async #write(text: string): Promise<void> {
    const { stdout } = this.app.system.io;
    await stdout.write(stdout.isTerminal ? safeJson(text.replaceAll(/[\t\r]/g, " ")) : text);
  }

  #brokenOff(error: unknown, page: number): unknown {
    if (!(error instanceof AppError) || error.kind === "pipe-closed") return error;
    const { message, hint } = brokenBy(error);
    return new AppError(error.kind, `${message} (after ${this.#count} ${this.#count === 1 ? "page" : "pages"})`, {
      ...error,
      hint: `${hint ? `${hint}; ` : ""}to go on, begin with page ${page}: ${this.onward(page)}`,
      more: { pages: this.#count, next_page: page },
    });
  }
}
