import { run } from "./src/run.ts";
import { denoSystem, toTheEnd } from "./src/system/deno.ts";

toTheEnd(() => run(Deno.args, denoSystem()));
