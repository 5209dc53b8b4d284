import { AppError } from "../errors.ts";
import type { File, System } from "../system/mod.ts";
import type { Waiter } from "./lock.ts";
import { shellQuote } from "./trust.ts";

/** Milliseconds between two tries. */
const STEP = 25;

/** Waits until the lock is free, and takes it. Loaded when another process holds it. */
export async function turn(
  { clock }: Pick<System, "clock">,
  file: File,
  path: string,
  timeout: number,
  waiter?: Waiter,
): Promise<void> {
  const taken = async () => {
    for (let waited = 0;; waited += STEP) {
      waiter?.signal.throwIfAborted();
      if (await file.tryLock(true)) return;
      if (waited >= timeout) {
        const message = `another autocom holds the lock ${path}, for more than ${timeout / 1_000} s`;
        throw new AppError("failure", message, { hint: `see who: fuser ${shellQuote(path)}` });
      }
      await clock.sleep(STEP);
    }
  };
  await (waiter?.patience?.()?.(`another autocom (${path})`, taken) ?? taken());
}
