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
  /** Copies of the program that take turns. */
  copies?: readonly string[];
  args: string[];
  env?: Record<string, string>;
  stdin?: string;
}

/** Without the variable that the tasks set for themselves. */
const { DENO_TLS_CA_STORE: _, ...ENVIRONMENT } = Deno.env.toObject();

/** What a run took, in milliseconds: by the clock, and of the processors, its children's too (0 where that is not known). */
export interface Took {
  ms: number;
  cpu: number;
}

/** Says the medians of both, the median of each round's ratio, and whether that of `by` is within the bar. */
export async function race(
  bar: number,
  ours: Run,
  theirs: Run,
  rounds: number,
  by: keyof Took = "ms",
): Promise<boolean> {
  const times = await inTurns(ours, theirs, rounds);
  const ratio = (of: keyof Took) => median(times.map(([our, their]) => our[of] / their[of]));
  const said = (who: 0 | 1) => {
    const [ms, cpu] = [median(times.map((both) => both[who].ms)), median(times.map((both) => both[who].cpu))];
    return `${ms.toFixed(1)} ms${cpu > 0 ? ` (CPU ${cpu.toFixed(0)})` : ""}`;
  };
  const other = by === "ms" ? ["cpu", "CPU"] as const : ["ms", "clock"] as const;
  const beside = ratio(other[0]);
  const met = ratio(by) <= bar;
  console.log(
    `${ours.name}: ${said(0)}, ${theirs.name}: ${said(1)}, ratio ${ratio(by).toFixed(3)}${
      by === "cpu" ? " of CPU" : ""
    }` +
      `${beside > 0 && beside < Infinity ? `, ${beside.toFixed(3)} of ${other[1]}` : ""} ` +
      `(bar ${bar.toFixed(2)}, ${rounds} rounds): ${met ? "met" : "MISSED"}`,
  );
  return met;
}

/** What `ours` takes longer than `theirs`, in ms: the median of the rounds' differences. */
export async function added(
  bar: number,
  ours: Run,
  theirs: Run,
  rounds: number,
  by: "ms" | "cpu" = "ms",
): Promise<boolean> {
  const times = await inTurns(ours, theirs, rounds);
  const more = median(times.map(([our, their]) => our[by] - their[by]));
  const met = more <= bar;
  console.log(
    `${ours.name}: adds ${more.toFixed(1)} ms${
      by === "cpu" ? " of CPU" : ""
    } to ${theirs.name} (bar ${bar}, ${rounds} rounds): ${met ? "met" : "MISSED"}`,
  );
  return met;
}

/**
 * What both took in each round; who begins alternates, and each copy of the one meets each of the other. As many rounds more
 * as there are copies, at least two, do not count.
 */
export async function inTurns(one: Run, other: Run, rounds: number): Promise<[one: Took, other: Took][]> {
  const { length } = one.copies ?? [""];
  const timed = async (run: Run, at: number) => {
    const { code, ...took } = await once({ ...run, program: run.copies?.at(at % length) ?? run.program });
    if (code !== 0) throw new BuildError(`${run.program} ${run.args.join(" ")} ended with ${code}`);
    return took;
  };
  const times: [Took, Took][] = [];
  for (let round = -Math.max(2, length); round < rounds; round++) {
    const reversed = round % 2 !== 0;
    const all = [[one, round], [other, round + Math.floor(round / length)]] as const;
    const [first, second] = [await timed(...all[reversed ? 1 : 0]), await timed(...all[reversed ? 0 : 1])];
    if (round >= 0) times.push(reversed ? [second, first] : [first, second]);
  }
  return times;
}

export async function once({ program, args, env, stdin }: Run): Promise<Took & { code: number }> {
  const [start, before] = [performance.now(), ofChildren()];
  const pipes = { stdin: "piped", stdout: "null", stderr: "null" } as const;
  const child = new Deno.Command(program, { args, clearEnv: true, env: { ...ENVIRONMENT, ...env }, ...pipes }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin ?? "")).catch(() => {});
  await writer.close().catch(() => {});
  const { code } = await child.status;
  return { code, ms: performance.now() - start, cpu: ofChildren() - before };
}

/** Milliseconds of the processors that children took which have ended, and theirs: in hundredths of a second, on Linux. */
function ofChildren(): number {
  if (Deno.build.os !== "linux") return 0;
  // The second word is the program's name, in brackets: it may hold spaces.
  const words = Deno.readTextFileSync("/proc/self/stat").split(") ").at(-1)!.split(" ");
  return 10 * (Number(words[13]) + Number(words[14]));
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
