import type { Clock, System } from "../system/mod.ts";

/** Milliseconds for an answer that needs nobody; for the same while somebody waits: services may have to start. */
const QUICK = 3_000;
const PATIENT = 25_000;
/** Milliseconds for an answer that a person gives in a dialog of the system's. */
const DIALOG = 60_000;
/** Milliseconds after which a person is told what is being waited for. */
const NOTICE = 1_000;
/** Milliseconds of one turn. */
const TURN = 50;

export const HUNG = { state: "hung" } as const;

/** Called when a person waits for the keychain, a second after the question. */
export type Waiting = () => void | Promise<void>;

/**
 * So many milliseconds, turn by turn: where a process waits long for its turn, the keychain does too. A machine that is
 * fifty times too busy is no keychain that hangs.
 */
export async function turns({ sleep }: Pick<Clock, "sleep">, ms: number, signal: AbortSignal): Promise<void> {
  for (let left = ms; left > 0; left -= TURN) await sleep(TURN, signal);
}

/** How long a keychain may take: nobody waits for a dialog that nobody sees. */
export class Patience {
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
  async ask<T>(call: (timeout: number) => Promise<T>): Promise<T | typeof HUNG & { dialog: true }> {
    if (!this.somebody) return await this.quick(call);
    const answer = await this.#wait(DIALOG, call);
    return (answer as { state?: unknown } | undefined)?.state === "hung" ? { ...HUNG, dialog: true } : answer;
  }

  async #wait<T>(timeout: number, call: (timeout: number) => Promise<T>): Promise<T> {
    if (!this.waiting) return await call(timeout);
    const answered = new AbortController();
    const notice = this.clock.sleep(NOTICE, answered.signal).then(this.waiting, () => {});
    notice.catch(() => {}); // thrown below, when the answer is there
    try {
      return await call(timeout);
    } finally {
      answered.abort();
      await notice;
    }
  }
}

/** For a keychain whose dialogs need a screen as well as a person. */
export function atScreen({ env, clock }: Pick<System, "env" | "clock">, waiting?: Waiting): Patience {
  return new Patience(clock, waiting, Boolean(env.DISPLAY || env.WAYLAND_DISPLAY));
}
