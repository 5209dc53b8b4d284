/**
 * Where a run gets its schema from: the cache, else the server, whom it asks at most once.
 *
 * @module
 */

import type { Api } from "../api/mod.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { type Progress, progressing } from "../output/mod.ts";
import { STREAM_MARGIN } from "../paging/mod.ts";
import type { Held } from "../storage/mod.ts";
import { type Edition, isYoung, load, type Place } from "./cache.ts";
import { openCache, written } from "./keep.ts";

export class Source {
  readonly #app: App;
  #api: Promise<Api> | undefined;
  #edition: Edition | undefined;
  #asked = false;
  #place: Promise<Place> | undefined;
  #held: Held | undefined;

  private constructor(app: App) {
    this.#app = app;
  }

  /** One for a run: what found a verb, and the verb itself, ask the same server with the same connection. */
  static of(app: App): Source {
    let found = SOURCES.get(app);
    if (!found) SOURCES.set(app, found = new Source(app));
    return found;
  }

  /** The same for a run with other global options, unless there is a connection already: then it is that one. */
  as(app: App): Source {
    if (app === this.#app || this.#api) return this;
    const other = Source.of(app);
    other.#edition ??= this.#edition;
    return other;
  }

  /** The run's one connection: after the first answer there is no way to another. `margin` as of `App.api`. */
  api(margin?: number): Promise<Api> {
    return this.#api ??= this.#app.api(margin);
  }

  place(): Promise<Place> {
    return this.#place ??= (async () => ({
      origin: (await this.#app.server()).origin,
      tenant: await this.#app.tenant(),
    }))();
  }

  /** A young one, else the server's; an old one is better than none. */
  async edition(): Promise<Edition> {
    const kept = this.#edition ??= await load(this.#app.system, await this.place());
    if (kept && (this.#asked || isYoung(kept, this.#app.system.clock.now()))) return kept;
    try {
      return await this.#ask();
    } catch (error) {
      if (kept && error instanceof AppError && ["network", "server", "rate-limited"].includes(error.kind)) return kept;
      throw error;
    }
  }

  /**
   * The server's own, because the one that is known was of no use; undefined when it was asked already, or does not tell.
   * A command does this at most once, and says nothing. `reads`: what the line names may still have to be read.
   */
  async again({ reads = true } = {}): Promise<Edition | undefined> {
    if (this.#asked) return undefined;
    return await this.#ask(false, reads).catch((error) => {
      if (error instanceof AppError) return undefined;
      throw error;
    });
  }

  /** While `work` runs the cache can be written, whatever the answers take away. */
  async holding<T>(work: () => Promise<T>, firmly = false): Promise<T> {
    if (this.#api) return await work(); // then it is too late
    this.#held = await openCache(this.#app.system, await this.place(), firmly);
    try {
      return await work();
    } finally {
      this.#held?.close();
      this.#held = undefined;
    }
  }

  /** The server's own, kept, also in place of one that was imported. Throws `config` where that cannot be. */
  async refresh(): Promise<Edition> {
    return await this.#ask(true);
  }

  async #ask(firmly = false, reads = true): Promise<Edition> {
    this.#asked = true;
    // Behind the answer neither a file can be opened nor the token renewed, and what is wanted may be both.
    if (reads && !this.#api && this.#app.line.some((word) => word.includes("@"))) {
      const { holdNamed } = await import("../input/mod.ts");
      await holdNamed(this.#app);
    }
    return await this.holding(async () => {
      const { introspect } = await import("./introspect.ts");
      const line = await this.#line();
      const isImported = this.#edition?.from === "file";
      const { book, skipped } = await introspect(await this.api(STREAM_MARGIN), line).finally(line?.end);
      this.#edition = { book, skipped, at: this.#app.system.clock.now(), from: "server" };
      if (isImported && !firmly) return this.#edition; // for this run alone: what was imported stays
      const text = await written(this.#edition, await this.place());
      await this.#held?.write(text).catch((error) => {
        if (firmly) throw error; // else the next command asks again
      });
      return this.#edition;
    }, firmly);
  }

  /** Says at a terminal how far the reading is. */
  async #line(): Promise<Progress | undefined> {
    const { system, globals, signal } = this.#app;
    if (!system.io.stderr.isTerminal) return undefined;
    const [{ progress }, { format }] = await Promise.all([progressing(), this.#app.destination()]);
    return await progress({
      system,
      globals,
      format,
      signal,
      what: "Reading the schema",
      unit: "types",
      writes: false,
    });
  }
}

const SOURCES = new WeakMap<App, Source>();
