/**
 * Ways to fail that no catch of the program knows: compiled by `last_catch.test.ts` as the program is. The first argument
 * names one; `autocom` is the program itself with that fault in it.
 *
 * @module
 */

import { run } from "../../../src/run.ts";
import { denoSystem, toTheEnd } from "../../../src/system/deno.ts";
import type { System } from "../../../src/system/mod.ts";

const SECRET = "S3CRET-S3CRET-S3CRET";

const never = () => new Promise<never>(() => {});
const overflow = (depth: number): number => 1 + overflow(depth + 1);
const later = (work: () => void) => (setTimeout(work), never());

/** Instead of the program. */
const ALONE: Record<string, () => Promise<number>> = {
  "throws at once": () => {
    throw new Error(SECRET);
  },
  "rejects": () => Promise.reject(new Error(SECRET)),
  "rejects with a text": () => Promise.reject(SECRET),
  "rejects with nothing": () => Promise.reject(undefined),
  "forgets a rejection": () => (void Promise.reject(new Error(SECRET)), never()),
  "throws in a timer": () =>
    later(() => {
      throw new Error(SECRET);
    }),
  "throws in a listener": () =>
    later(() => {
      const target = new EventTarget();
      target.addEventListener("x", () => {
        throw new Error(SECRET);
      });
      target.dispatchEvent(new Event("x"));
    }),
  "reports an error": () => later(() => reportError(new Error(SECRET))),
  "overflows the stack": () => Promise.resolve(overflow(0)),
  "overflows the stack in a timer": () => later(() => void overflow(0)),
  "cannot load a part": () => import(`data:text/javascript,throw new Error("${SECRET}")`),
  "never ends": never,
};

/** In the program, at a port of the outside world. */
const WITHIN: Record<string, (real: System) => System> = {
  "the environment": (real) =>
    Object.defineProperty({ ...real }, "env", {
      get() {
        throw new Error(SECRET);
      },
    }),
  "the clock": (real) => ({ ...real, clock: { ...real.clock, now: () => overflow(0) } }),
  "a timer": (real) => {
    setTimeout(() => {
      throw new Error(SECRET);
    });
    return { ...real, files: { ...real.files, lstat: never } };
  },
  "the files": (real) => ({ ...real, files: { ...real.files, lstat: () => Promise.reject(new Error(SECRET)) } }),
  "files that never answer": (real) => ({ ...real, files: { ...real.files, lstat: never } }),
  "every way out": (real) => ({
    ...real,
    files: { ...real.files, lstat: () => Promise.reject(new Error(SECRET)) },
    io: { ...real.io, stderr: { ...real.io.stderr, write: () => Promise.reject(new Error(SECRET)) } },
  }),
};

const [place, fault, ...args] = Deno.args;
toTheEnd(place === "alone" ? ALONE[fault!]! : () => run(args, WITHIN[fault!]!(denoSystem())));

export type Fault = keyof typeof ALONE | keyof typeof WITHIN;
