import type { App } from "../../app.ts";
import type { Tokens } from "../../auth/mod.ts";

/**
 * The result of `work` with what `obtain` gives. When it fails, or the person interrupts, nobody will have these tokens:
 * they are ended at the server, too, which the end of the process waits for.
 */
export async function orEnd<T>(
  app: App,
  clientId: string,
  obtain: () => Promise<Tokens>,
  work: (tokens: Tokens) => Promise<T>,
): Promise<T> {
  const { signal } = app;
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop);
  const settled = async () => {
    const tokens = await obtain();
    try {
      signal.throwIfAborted();
      return await Promise.race([work(tokens), interrupted]);
    } catch (error) {
      await (await import("./given_up.ts")).end(app, tokens, clientId); // a rare end
      throw error;
    }
  };
  interrupted.catch(() => {});
  const all = settled().finally(() => signal.removeEventListener("abort", stop));
  app.closing.push(all.then(() => {}, () => {}));
  return await all;
}
