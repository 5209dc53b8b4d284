import type { Clock, System } from "../system/mod.ts";

/** Milliseconds for an answer that needs nobody, and for one that a person gives in a dialog of the system's. */
export const QUICK = 3_000;
const PATIENT = 60_000;
/** Milliseconds after which a person is told what is being waited for. */
const NOTICE = 1_000;

/** Called when a person is being asked by the system, a second after the question. */
export type Waiting = () => void | Promise<void>;

/** How long a keychain may take: nobody waits for a dialog that nobody sees. */
export class Patience {
  /** Without `waiting` there is nobody. */
  constructor(private readonly clock: Pick<Clock, "sleep">, private readonly waiting?: Waiting) {}

  get somebody(): boolean {
    return this.waiting !== undefined;
  }

  /** A call that may open a dialog; it is given its time limit in ms. */
  async ask<T>(call: (timeout: number) => Promise<T>): Promise<T> {
    if (!this.waiting) return await call(QUICK);
    const answered = new AbortController();
    const notice = this.clock.sleep(NOTICE, answered.signal).then(this.waiting, () => {});
    notice.catch(() => {}); // thrown below, when the answer is there
    try {
      return await call(PATIENT);
    } finally {
      answered.abort();
      await notice;
    }
  }
}

/** For a keychain whose dialogs need a screen as well as a person. */
export function atScreen({ env, clock }: Pick<System, "env" | "clock">, waiting?: Waiting): Patience {
  return new Patience(clock, env.DISPLAY || env.WAYLAND_DISPLAY ? waiting : undefined);
}
