import type { Ran, RunOptions, Spawn } from "./mod.ts";

/** Other programs, with exactly the environment that they are given. */
export const spawn: Spawn = {
  run: runProgram,
  launch(command, args, env) {
    try {
      const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
      const child = new Deno.Command(command, { args, env, clearEnv: true, detached: true, ...quiet }).spawn();
      child.unref();
      return child.status.then(({ code }) => code);
    } catch {
      return false;
    }
  },
};

async function runProgram(command: string, args: string[], options: RunOptions): Promise<Ran> {
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
  // Turn by turn: a machine that is too busy to wake this process does not give the other one its time either.
  const turn = Math.min(timeout, 100);
  let left = timeout;
  const timer = setInterval(() => (left -= turn) <= 0 && kill(), turn);
  globalThis.addEventListener("unload", kill);
  try {
    const [stdout, stderr, status] = await Promise.all([
      collect(child.stdout, limit, kill),
      collect(child.stderr, limit, kill),
      child.status,
      options.stdin === undefined ? undefined : feed(child.stdin, options.stdin),
    ]);
    return { code: killed ? null : status.code, stdout, stderr };
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

async function collect(stream: ReadableStream<Uint8Array>, limit: number, kill: () => void): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) {
      kill();
      break;
    }
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}
