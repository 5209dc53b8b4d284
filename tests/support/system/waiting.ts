/** Runs a program to its end, but ends itself at a signal: `waiting.ts COMMAND ARG…`. */

import { denoSystem } from "../../../src/system/deno.ts";

const { signals, spawn } = denoSystem();
const [command, ...args] = Deno.args;
signals.on(() => Deno.exit(143));
await spawn.run(command!, args, { env: {}, timeout: 60_000 });
