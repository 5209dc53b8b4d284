import type { Clock } from "../system/mod.ts";

/** Milliseconds for an answer that needs nobody; for the same while somebody waits: services may have to start. */
const QUICK = 3_000;
const PATIENT = 25_000;
/** Milliseconds for an answer that a person gives in a dialog of the system's. */
const DIALOG = 60_000;
/** Milliseconds after which a person is told what is being waited for. */
const NOTICE = 1_000;
/** Milliseconds of one turn. */
const TURN = 100;
const OVER = Symbol();

/** Called when a person waits for the keychain, a second after the question. */
export type Waiting = () => void | Promise<void>;

/** How long a keychain may take: nobody waits for a dialog that nobody sees. */
export class Patience {
  #told = false;

  /** Without `waiting` there is nobody. `screen`: the system can show a dialog. */
  constructor(
    private readonly clock: Pick<Clock, "sleep">,
    private readonly waiting: Waiting | undefined,
    private readonly screen: boolean,
  ) {}

  /** A person is there, and has a screen on which the system can ask. */
  get somebody(): boolean {
    return this.screen && this.waiting !== undefined;
  }

  /** A call that opens no dialog; it is given its time limit in ms. */
  async quick<T>(call: (timeout: number) => Promise<T>): Promise<T> {
    return await this.#wait(this.waiting ? PATIENT : QUICK, call);
  }

  /** A call that may open one. */
  async ask<T>(call: (timeout: number) => Promise<T>): Promise<T | { state: "hung"; dialog: true }> {
    if (!this.somebody) return await this.quick(call);
    const answer = await this.#wait(DIALOG, call);
    return (answer as { state?: unknown } | undefined)?.state === "hung" ? { state: "hung", dialog: true } : answer;
  }

  /**
   * What `done` gives, or what `late` does when so many milliseconds are over, or too many of them to try another way
   * when it fails. They are counted turn by turn: where this process waits long for its turns, the keychain does too, and
   * is only slow.
   */
  async within<T, L>(ms: number, done: Promise<T>, late: () => L): Promise<T | L> {
    const over = new AbortController();
    let left = ms;
    const turns = async (): Promise<typeof OVER> => {
      for (; left > 0 && !over.signal.aborted; left -= TURN) await this.clock.sleep(TURN, over.signal).catch(() => {});
      return OVER;
    };
    try {
      const answer = await Promise.race([done, turns()]);
      return answer === OVER ? late() : answer;
    } catch (error) {
      if (3 * left > 2 * ms) throw error;
      return late();
    } finally {
      over.abort("over");
    }
  }

  /** Once is enough. */
  async #tell(): Promise<void> {
    if (!this.#told) await this.waiting?.();
    this.#told = true;
  }

  async #wait<T>(timeout: number, call: (timeout: number) => Promise<T>): Promise<T> {
    if (!this.waiting) return await call(timeout);
    const answered = new AbortController();
    const notice = this.clock.sleep(NOTICE, answered.signal).then(() => this.#tell(), () => {});
    notice.catch(() => {}); // thrown below, when the answer is there
    try {
      return await call(timeout);
    } finally {
      answered.abort("answered");
      await notice;
    }
  }
}
