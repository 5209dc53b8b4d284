import { run } from "./src/run.ts";
import { denoSystem } from "./src/system/deno.ts";

Deno.exit(await run(Deno.args, denoSystem()));
