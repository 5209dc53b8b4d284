import type { App } from "../../app.ts";
import type { Tokens } from "../../auth/mod.ts";

/** Runs what keeps the tokens, unless the person interrupted before. From then on they are kept, whatever is pressed. */
export type Keeping = <T>(save: () => Promise<T>) => Promise<T>;

/**
 * The result of `work` with what `obtain` gives. When it fails, or the person interrupts, before they are kept, nobody will
 * have these tokens: those of a client's are ended at the server, too, which the end of the process waits for.
 */
export async function orEnd<T>(
  app: App,
  clientId: string | undefined,
  obtain: () => Promise<Tokens>,
  work: (tokens: Tokens, keeping: Keeping) => Promise<T>,
): Promise<T> {
  const { signal } = app;
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop);
  let kept = false;
  const keeping: Keeping = async (save) => {
    signal.throwIfAborted();
    kept = true;
    return await save().catch((error) => {
      kept = false;
      throw error;
    });
  };
  const settled = async () => {
    const tokens = await obtain();
    try {
      signal.throwIfAborted();
      const done = work(tokens, keeping);
      return await Promise.race([done, interrupted]).catch((error) => {
        if (kept) return done;
        throw error;
      });
    } catch (error) {
      // A token that was given is not ours to end.
      if (!kept && clientId !== undefined) await (await import("./given_up.ts")).end(app, tokens, clientId); // a rare end
      throw error;
    }
  };
  interrupted.catch(() => {});
  const all = settled().finally(() => signal.removeEventListener("abort", stop));
  app.closing.push(all.then(() => {}, () => {}));
  return await all;
}
