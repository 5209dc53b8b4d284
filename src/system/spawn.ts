/**
 * Another program, run to its end with exactly the environment that it is given: see `Spawn` in `mod.ts`.
 *
 * @module
 */

import type { Ran, RunOptions } from "./mod.ts";

/**
 * Turns after the end of a program in which its outputs may end, too: what it left running can keep them open for good.
 */
const LINGER = 3;

export async function runProgram(command: string, args: string[], options: RunOptions): Promise<Ran> {
  const { env, timeout, limit = 1 << 20 } = options;
  const child = new Deno.Command(command, {
    args,
    env,
    clearEnv: true,
    stdin: options.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let killed = false;
  const kill = () => {
    killed = true;
    try {
      child.kill("SIGKILL");
    } catch { /* it has ended by itself */ }
  };
  const [out, err] = [collect(child.stdout, limit, kill), collect(child.stderr, limit, kill)];
  let lingers = 0;
  const status = child.status.finally(() => lingers = LINGER);
  // Turn by turn: a machine that is too busy to wake this process does not give the other one its time either.
  const turn = Math.min(timeout, 100);
  let left = timeout;
  const timer = setInterval(() => {
    left -= turn;
    if (lingers > 0) --lingers || (out.stop(), err.stop());
    else if (left <= 0) kill();
  }, turn);
  globalThis.addEventListener("unload", kill);
  try {
    const [{ code }, stdout, stderr] = await Promise.all([
      status,
      out.bytes,
      err.bytes,
      options.stdin === undefined ? undefined : feed(child.stdin, options.stdin),
    ]);
    return { code: killed ? null : code, stdout, stderr };
  } finally {
    clearInterval(timer);
    globalThis.removeEventListener("unload", kill);
  }
}

async function feed(stdin: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch { /* the program went away: its exit code tells */ }
}

/** Reads to the end, to `limit` or to the call of `stop`. */
function collect(stream: ReadableStream<Uint8Array>, limit: number, kill: () => void) {
  const reader = stream.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  const all = async () => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (let chunk; (chunk = (await reader.read()).value);) {
      chunks.push(chunk);
      if ((size += chunk.length) <= limit) continue;
      kill();
      stop();
    }
    return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
  };
  return { bytes: all(), stop };
}
