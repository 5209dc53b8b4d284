import type { Options } from "../cli/mod.ts";

/** The options that every change has. */
export const CONFIRMABLE = {
  yes: { about: "do it without asking; needed in scripts and CI" },
  dryRun: { about: "show what would change, and change nothing" },
} as const satisfies Options;
