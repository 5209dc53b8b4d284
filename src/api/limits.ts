import { AppError, isSystemError } from "../errors.ts";
import type { Clock, Fetch } from "../system/mod.ts";
import { transportFailure } from "./transport.ts";

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

/** Reads the whole body, within bounds of time and size. Failures are `network` (too slow, cut off) or `server` (too big). */
export function limits(to: Limits): (next: Fetch) => Fetch {
  return (next) => async (request) => {
    const ended = new AbortController();
    const late = new AbortController();
    const signal = AbortSignal.any([to.signal, late.signal]);
    const alarm = (ms: number, cancelled: AbortSignal) =>
      to.clock.sleep(ms, cancelled).then(() => late.abort(new TooSlow()), () => {});
    const headers = new AbortController();
    void alarm(to.timeout, headers.signal);
    void alarm(to.timeout * 2, ended.signal);
    try {
      const answer = await next(new Request(request, { signal }));
      headers.abort();
      const bare = [204, 205, 304].includes(answer.status);
      if (to.answered(answer.status) === "discard") {
        await answer.body?.cancel();
        return new Response(null, { status: answer.status, headers: answer.headers });
      }
      const body = await read(answer, to.bytes);
      return new Response(bare ? null : body, { status: answer.status, headers: answer.headers });
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (to.signal.aborted) throw to.signal.reason;
      if (late.signal.aborted) throw tooSlow(request, to.timeout);
      throw transportFailure(error, new URL(request.url));
    } finally {
      headers.abort();
      ended.abort();
    }
  };
}

class TooSlow extends Error {}

function tooSlow(request: Request, timeout: number): AppError {
  return new AppError("network", `no complete answer from ${new URL(request.url).origin} within ${timeout / 1000} s`, {
    hint: "try again, or allow more time with --timeout SECONDS",
  });
}

async function read(answer: Response, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      size += chunk.length;
      if (size > bytes) {
        throw new AppError("server", `the answer is larger than ${bytes >> 20} MiB`, { status: answer.status });
      }
      chunks.push(chunk);
    }
  } catch (error) {
    // A body that does not decode is the server's fault, not the network's.
    if (isSystemError(error, "TypeError") && /decod|gzip|deflate|brotli/i.test((error as Error).message)) {
      throw new AppError("server", "the answer's compression is damaged", { status: answer.status });
    }
    throw error;
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
