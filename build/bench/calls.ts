/**
 * The server's own operations: what they take longer than the commands that are part of the program.
 *
 * @module
 */

import { join } from "node:path";
import { BuildError } from "../process.ts";
import { sandbox } from "./equipment.ts";
import { added, once, race, type Run } from "./times.ts";

/** Measures `call` on a server with 500 operations whose schema is kept; true when every bar is met. */
export async function calls(program: string, work: string, rounds: number): Promise<boolean> {
  await using small = await place(program, join(work, "small"), {});
  await using large = await place(program, join(work, "large"), { MODULES: "all" });
  const line = (command: string): string[] => ["__complete", "bash", `autocom ${command}`, " "];
  const met = [
    await added(5, large.run("call", "orders"), large.run("orders", "list"), rounds),
    await race(1.25, large.run("call", "orders", "--help"), large.run("orders", "list", "--help"), rounds),
    await race(1.25, large.run(...line("call ord")), large.run("--version"), rounds),
    await added(2, named(large.run(...line("call ord")), "500"), named(small.run(...line("call ord")), "20"), rounds),
    await added(1, beside("500", large.run("--version")), beside("20", small.run("--version")), rounds),
    await added(1, beside("500", large.run("orders", "list")), beside("20", small.run("orders", "list")), rounds),
  ];
  return met.every(Boolean);
}

const beside = (count: string, run: Run): Run => ({ ...run, name: `${run.name} beside ${count} operations` });
const named = (run: Run, count: string): Run => ({ ...run, name: `the names of ${count} operations` });

/** A sandbox, and a home where its schema is kept. */
async function place(program: string, home: string, switches: Record<string, string>) {
  await Deno.mkdir(home);
  const platform = await sandbox(home, switches);
  const env = { ...platform.env, HOME: home };
  const run = (...args: string[]): Run => ({ name: `autocom ${args.join(" ")}`, program, args, env });
  const { code } = await once(run("call", "orders"));
  if (code !== 0) throw new BuildError(`autocom call orders ended with ${code}`);
  return { run, [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose]() };
}
