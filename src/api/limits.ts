import { AppError, isSystemError } from "../errors.ts";
import type { Clock } from "../system/mod.ts";
import type { Answer, Ask, Send } from "./call.ts";
import { ConnectionFailure, words } from "./transport.ts";

export interface Limits {
  clock: Clock;
  /** Milliseconds to the status line; the whole answer may take twice as long. */
  timeout: number;
  /** Bytes of the *decoded* body: 204 KB of gzip can hold 200 MB. */
  bytes: number;
  /** Ends the request when the person does (Ctrl-C). */
  signal: AbortSignal;
  /** Called once the status line is known and before a byte of the body is read: whether to read it. */
  answered: (status: number) => "read" | "discard";
}

/** Reads the whole body, within bounds of time and size. Failures are `network` (too slow) or `server` (too big, partial). */
export function limits(to: Limits): (next: Send) => Ask {
  return (next) => async (call): Promise<Answer> => {
    const { host } = call.url;
    const late = new AbortController();
    const { signal } = late;
    const interrupted = () => late.abort(to.signal.reason);
    to.signal.addEventListener("abort", interrupted);
    if (to.signal.aborted) interrupted();
    const alarm = (ms: number, missing: string, cancelled: AbortSignal) =>
      to.clock.sleep(ms, cancelled).then(() => late.abort(tooSlow(host, missing, ms)), () => {});
    const headers = new AbortController();
    const ended = new AbortController();
    void alarm(to.timeout, "did not answer", headers.signal);
    void alarm(to.timeout * 2, "did not complete its answer", ended.signal);
    try {
      const answer = await next({ ...call, signal });
      headers.abort();
      const { status } = answer;
      if (to.answered(status) === "discard") {
        await answer.body?.cancel();
        return { status, headers: answer.headers, body: new Uint8Array() };
      }
      const body = await read(answer, to.bytes, host, signal).catch((error: unknown) => {
        // A refusal stands by its status, whatever becomes of its words; unless the person ended it.
        if (status < 400 || to.signal.aborted) throw error;
        return new Uint8Array();
      });
      return { status, headers: answer.headers, body };
    } catch (error) {
      // Who was asked on the way may be said in other words; an error that only follows from the end is not the reason.
      const told = error instanceof AppError && error.message.startsWith(signal.reason?.message);
      throw signal.aborted && !told ? signal.reason : error;
    } finally {
      headers.abort();
      ended.abort();
      to.signal.removeEventListener("abort", interrupted);
    }
  };
}

function tooSlow(host: string, missing: string, ms: number): AppError {
  return new ConnectionFailure("network", `${host} ${missing} within ${ms / 1000} s`, {
    hint: "try again, or allow more time: --timeout SECONDS",
  });
}

const END = { done: true, value: undefined } as const;

async function read(
  answer: Response,
  bytes: number,
  host: string,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const { status } = answer;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  // The runtime may collect the signals of the requests while a body is awaited (2.7.11), so ours is listened to here.
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  const reader = answer.body?.getReader();
  try {
    for (;;) {
      const { done, value: chunk } = await Promise.race([reader?.read() ?? END, stopped]);
      if (done) break;
      size += chunk.length;
      if (size > bytes) {
        throw new AppError("server", `the answer of ${host} is larger than ${bytes >> 20} MiB`, {
          hint: "ask for less, e.g. with --per-page",
          status,
        });
      }
      chunks.push(chunk);
    }
  } catch (error) {
    // The status line has come: what is wrong with the rest is the server's.
    if (error instanceof AppError || signal.aborted) throw error;
    if (isSystemError(error, "TypeError") && /gzip|deflate|brotli|decod|invalid/i.test(words(error))) {
      throw new AppError("server", `the answer of ${host} is damaged`, { hint: "try again", status });
    }
    throw new ConnectionFailure("server", `the answer of ${host} was cut off`, {
      hint: "try again",
      status,
      brokeOff: true,
    });
  } finally {
    signal.removeEventListener("abort", stop);
    stopped.catch(() => {});
    reader?.cancel().catch(() => {});
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
