/**
 * How long programs take: in turns, so that the machine's mood hits both; the median of the rounds' ratios counts.
 *
 * @module
 */

import { BuildError } from "../process.ts";

/** A program to run. */
export interface Run {
  /** For the report. */
  name: string;
  program: string;
  args: string[];
  env?: Record<string, string>;
  stdin?: string;
}

/** Without the variable that the tasks set for themselves. */
const { DENO_TLS_CA_STORE: _, ...ENVIRONMENT } = Deno.env.toObject();

/** Says the medians of both, the median of each round's ratio, and whether that is within the bar. */
export async function race(bar: number, ours: Run, theirs: Run, rounds: number): Promise<boolean> {
  const times = await inTurns(ours, theirs, rounds);
  const ratio = median(times.map(([our, their]) => our / their));
  const [our, their] = [median(times.map(([our]) => our)), median(times.map(([, their]) => their))];
  const met = ratio <= bar;
  console.log(
    `${ours.name}: ${our.toFixed(1)} ms, ${theirs.name}: ${their.toFixed(1)} ms, ratio ${ratio.toFixed(3)} ` +
      `(bar ${bar.toFixed(2)}, ${rounds} rounds): ${met ? "met" : "MISSED"}`,
  );
  return met;
}

/** What `ours` takes longer than `theirs`, in ms: the median of the rounds' differences. */
export async function added(bar: number, ours: Run, theirs: Run, rounds: number): Promise<boolean> {
  const times = await inTurns(ours, theirs, rounds);
  const more = median(times.map(([our, their]) => our - their));
  const met = more <= bar;
  console.log(
    `${ours.name}: adds ${more.toFixed(1)} ms to ${theirs.name} (bar ${bar}, ${rounds} rounds): ${
      met ? "met" : "MISSED"
    }`,
  );
  return met;
}

/** Milliseconds of both in each round; who begins alternates. Two rounds more, at first, do not count. */
export async function inTurns(one: Run, other: Run, rounds: number): Promise<[one: number, other: number][]> {
  const timed = async (run: Run) => {
    const { code, ms } = await once(run);
    if (code !== 0) throw new BuildError(`${run.program} ${run.args.join(" ")} ended with ${code}`);
    return ms;
  };
  const times: [number, number][] = [];
  for (let round = -2; round < rounds; round++) {
    const reversed = round % 2 !== 0;
    const first = await timed(reversed ? other : one);
    const second = await timed(reversed ? one : other);
    if (round >= 0) times.push(reversed ? [second, first] : [first, second]);
  }
  return times;
}

export async function once({ program, args, env, stdin }: Run): Promise<{ code: number; ms: number }> {
  const start = performance.now();
  const pipes = { stdin: "piped", stdout: "null", stderr: "null" } as const;
  const child = new Deno.Command(program, { args, clearEnv: true, env: { ...ENVIRONMENT, ...env }, ...pipes }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin ?? "")).catch(() => {});
  await writer.close().catch(() => {});
  const { code } = await child.status;
  return { code, ms: performance.now() - start };
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
