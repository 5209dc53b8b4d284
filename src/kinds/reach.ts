import { type Options, whole } from "../cli/mod.ts";

/** How far a list goes, and how it is told. */
export const REACH = {
  all: { about: "every page, printed as it arrives" },
  limit: { about: "stop after this many, over as many pages as needed", value: whole(1_000_000_000) },
  meta: { about: "with json and yaml: print an object, the rows as data and the counts as meta" },
} as const satisfies Options;
