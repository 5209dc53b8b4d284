/**
 * A listener on loopback hears from anybody on this machine. However many come and whatever they send, what is held for
 * them is bounded, nothing is printed, and the listener goes on.
 *
 * @module
 */

/** Connections that have not said what they want, or have been answered; the oldest makes place for the next. */
const MOST = 64;
/** Milliseconds to say it. */
const PATIENCE = 10_000;
/** Milliseconds and bytes for what still arrives after the answer: a close before it is read would take the answer back. */
const LINGER = 500;
const LEFT = 1 << 20;

export interface Crowd {
  /** Ends what has not been answered, and waits for the rest, but no longer than a second. */
  close(): Promise<void>;
}

/**
 * Serves each connection that says something up to an empty line, which is given as Latin-1; `undefined` when it says more
 * than `limit` bytes.
 */
export function receive(
  listener: Deno.TcpListener,
  limit: number,
  serve: (connection: Deno.TcpConn, head: string | undefined) => Promise<void>,
): Crowd {
  const idle = new Set<Deno.TcpConn>();
  const busy = new Map<Deno.TcpConn, Promise<void>>();
  let open = true;

  const hold = (connection: Deno.TcpConn) => {
    idle.delete(connection); // the latest stands last
    idle.add(connection);
    if (idle.size > MOST) end(idle.values().next().value!);
  };
  const end = (connection: Deno.TcpConn) => {
    idle.delete(connection);
    try {
      connection.close();
    } catch { /* it is closed */ }
  };

  const visit = async (connection: Deno.TcpConn) => {
    hold(connection);
    const late = setTimeout(end, PATIENCE, connection);
    const head = await readHead(connection, limit).finally(() => clearTimeout(late));
    if (head === NOTHING) return;
    idle.delete(connection);
    const served = serve(connection, head);
    busy.set(connection, served);
    await served.finally(() => busy.delete(connection));
    if (!open) return;
    hold(connection);
    const left = setTimeout(end, LINGER, connection);
    await readOut(connection).finally(() => clearTimeout(left));
  };

  const all = async () => {
    while (open) {
      try {
        const connection = await listener.accept();
        void visit(connection).catch(() => {}).finally(() => end(connection));
      } catch {
        // No file handle is left for another one (EMFILE): those that say nothing are ended.
        for (const connection of idle) end(connection);
        if (open) await pause(20);
      }
    }
  };
  const accepting = all();

  const close = async () => {
    open = false;
    listener.close();
    await accepting; // the system lets go of the port when nobody waits for a connection any more
    for (const connection of idle) end(connection);
    const stopped = new AbortController();
    await Promise.race([Promise.allSettled(busy.values()), pause(1_000, stopped.signal)]);
    stopped.abort();
    for (const connection of busy.keys()) end(connection);
  };
  let closing: Promise<void> | undefined;
  return { close: () => closing ??= close() };
}

/** It hung up, or speaks something else. */
const NOTHING = Symbol("nothing");

async function readHead(connection: Deno.TcpConn, limit: number): Promise<string | undefined | typeof NOTHING> {
  let bytes = new Uint8Array(2_048);
  for (let length = 0;;) {
    if (length === bytes.length) {
      if (length >= limit) return undefined;
      const longer = new Uint8Array(Math.min(limit, length * 4));
      longer.set(bytes);
      bytes = longer;
    }
    const count = await connection.read(bytes.subarray(length));
    if (count === null) return NOTHING;
    const from = Math.max(0, length - 3);
    length += count;
    if (bytes[0]! < 0x41 || bytes[0]! > 0x5a) return NOTHING; // no method begins like that: TLS, for one
    const at = emptyLine(bytes, from, length);
    if (at > 0) return latin1(bytes.subarray(0, at));
  }
}

/** Where what follows the first empty line begins; 0 when there is none. */
function emptyLine(bytes: Uint8Array, from: number, length: number): number {
  for (let at = from; at + 3 < length; at++) {
    if (bytes[at] === 13 && bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at + 4;
  }
  return 0;
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

async function readOut(connection: Deno.TcpConn): Promise<void> {
  await connection.closeWrite();
  const buffer = new Uint8Array(16_384);
  for (let left = LEFT; left > 0;) {
    const count = await connection.read(buffer);
    if (count === null) return;
    left -= count;
  }
}

/** All of it: `write` may take a part. */
export async function writeAll(connection: Deno.TcpConn, text: string): Promise<void> {
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) rest = rest.subarray(await connection.write(rest));
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
