import { AppError } from "../errors.ts";
import type { Clock } from "../system/mod.ts";
import { alarm, type Flight } from "./alarm.ts";
import type { Answer, Ask, Send } from "./call.ts";
import { idOf } from "./trace.ts";
import { ConnectionFailure } from "./transport.ts";

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
  const start = alarm(to.clock, to.signal);
  return (next) => async (call): Promise<Answer> => {
    const { host } = call.url;
    const late = new AbortController();
    const { signal } = late;
    // The runtime may collect the signal of a request while its body is awaited (2.7.11), so its end is told here, too.
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    stopped.catch(() => {});
    const flight: Flight = {
      ms: to.timeout,
      late: () => tooSlow(host, flight.ms > to.timeout ? "did not complete its answer" : "did not answer", flight.ms),
      end(reason) {
        late.abort(reason);
        reject(reason);
      },
    };
    const landed = start(flight);
    try {
      const answer = await next({ ...call, signal });
      flight.ms = to.timeout * 2;
      const { status, headers } = answer;
      const requestId = idOf(answer);
      if (to.answered(status) === "discard") {
        await answer.body?.cancel();
        return { status, headers, requestId, body: new Uint8Array() };
      }
      const body = await read(answer, to.bytes, host, signal, stopped).catch((error: unknown) => {
        // A refusal stands by its status, whatever becomes of its words; unless the person ended it.
        if (status < 400 || to.signal.aborted) throw error;
        return new Uint8Array();
      });
      return { status, headers, requestId, body };
    } catch (error) {
      // Who was asked on the way may be said in other words; an error that only follows from the end is not the reason.
      const told = error instanceof AppError && error.message.startsWith(signal.reason?.message);
      throw signal.aborted && !told ? signal.reason : error;
    } finally {
      landed();
    }
  };
}

function tooSlow(host: string, missing: string, ms: number): AppError {
  const seconds = ms / 1000;
  const more = seconds < 0.001 ? 30 : Math.min(seconds * 2, 3600);
  return new ConnectionFailure(
    "network",
    `${host} ${missing} within ${seconds < 0.001 ? "a millisecond" : `${seconds} s`}`,
    {
      hint: `try again${more > seconds ? `, or allow more time with --timeout ${more}` : " later"}`,
    },
  );
}

/** The first of both; `Promise.race` takes twice as long. */
function either<T>(one: Promise<T>, other: Promise<never>): Promise<T> {
  return new Promise((resolve, reject) => {
    one.then(resolve, reject);
    other.catch(reject);
  });
}

async function read(
  answer: Response,
  bytes: number,
  host: string,
  signal: AbortSignal,
  stopped: Promise<never>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { status } = answer;
  // Where a length is said of what is neither encoded nor in chunks, the bytes are as many, and come at once. A runtime that
  // decodes a body takes the encoding's name away with the length (2.7.11), or leaves both (2.9.6).
  const isPlain = !["Content-Encoding", "Transfer-Encoding"].some((name) => answer.headers.has(name));
  const said = isPlain ? answer.headers.get("Content-Length") : null;
  const reader = said !== null && Number(said) <= bytes ? undefined : answer.body?.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    if (!reader) return await light(await either(answer.bytes(), stopped), host, status);
    for (;;) {
      const { done, value: chunk } = await either(reader.read(), stopped);
      if (done) break;
      size += chunk.length;
      if (size > bytes) throw (await unread()).tooLarge(bytes, host, status);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AppError || signal.aborted) throw error;
    throw (await unread()).brokenOff(error, host, status);
  } finally {
    reader?.cancel().catch(() => {});
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return await light(body, host, status);
}

const unread = () => import("./unread.ts");

/** Bytes from which on their values are counted before they are read. */
const LARGE = 1 << 20;

async function light(body: Uint8Array<ArrayBuffer>, host: string, status: number): Promise<Uint8Array<ArrayBuffer>> {
  if (body.length > LARGE) (await unread()).refuseDense(body, host, status);
  return body;
}
