/**
 * Keychains in a process of their own, for `remote.ts`. On each line of stdin it is told `[run, method, ...arguments]`
 * and answers `[result]` or `[null, error]`; a new number of a run opens the keychain anew. Ends with its stdin.
 *
 * @module
 */

import process from "node:process";
import { createInterface } from "node:readline";
import { type AppError, isSystemError } from "../../../src/errors.ts";
import { type Keychain, openKeychain, Unavailable } from "../../../src/keychain/mod.ts";
import { denoSystem } from "../../../src/system/deno.ts";
import { rawCredential } from "./raw_credential.ts";

const system = denoSystem();
const nothing = () => Promise.reject(new Deno.errors.NotFound());
const world = Deno.args.includes("--no-tool")
  ? {
    ...system,
    sockets: { connect: nothing },
    files: { ...system.files, stat: nothing },
    spawn: { ...system.spawn, run: nothing },
  }
  : system;
const waiting = Deno.args.includes("--somebody") ? () => {} : undefined;
const runs: Keychain[] = [];

/** What an error is made of. */
export type Thrown = { unavailable: boolean; kind: AppError["kind"]; message: string; hint?: string };

async function answer(run: number, method: string, args: string[]): Promise<unknown> {
  const keychain = runs[run] ??= openKeychain(world, waiting);
  const [account, text] = args as [string, string];
  switch (method) {
    case "get":
      return await keychain.get(account);
    case "set":
      return await keychain.set(account, text);
    case "delete":
      return await keychain.delete(account);
    default:
      return rawCredential(account, text);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const [run, method, ...args] = JSON.parse(line);
  const said = await answer(run, method, args).then((result) => [result], (error) => {
    if (!isSystemError(error, "AppError")) throw error;
    const { kind, message, hint } = error as AppError;
    return [null, { unavailable: error instanceof Unavailable, kind, message, hint } satisfies Thrown];
  });
  console.log(JSON.stringify(said));
}
Deno.exit(0);
