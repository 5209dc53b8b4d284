import type { App } from "../app.ts";
import { type Given, oneOf, ONLINE, type Options, type Said, text, type Verb, verb, whole } from "../cli/mod.ts";
import { exploded } from "./explode.ts";
import { FORMATS } from "./format.ts";
import type { Fields } from "../fields/mod.ts";
import { MOST_PER_PAGE } from "../paging/mod.ts";
import { CHOOSE, later, type Listed, namesOf } from "../kinds/mod.ts";

/** What is asked of an export, beside the filters. */
export interface Wanted {
  format?: (typeof FORMATS)[number] | undefined;
  outputFile?: string | undefined;
  force: boolean;
  explode?: string | undefined;
  fields?: string | true | undefined;
  page: number;
  perPage?: number | undefined;
  limit?: number | undefined;
}

/** What is exported. */
export interface Exported extends Pick<Listed<never>, "plural" | "open"> {
  readonly of: Fields;
  readonly action: string;
}

const INTO_FILE: typeof ONLINE = { ...ONLINE, after: ["read", "write"] };

/** A verb that writes all rows of a list into a file, or to stdout. */
// deno-lint-ignore ban-types
export function exporting<const F extends Fields, const O extends Options = {}>(
  { of, plural, options, typed = {}, filters, open, action, ...said }: Omit<Said, "needs" | "narrows" | "prints"> & {
    readonly of: F;
    /** Completes "cannot …": `export orders`. */
    readonly action: string;
  } & Listed<O>,
): Verb {
  const inner = exploded(of);
  const own = {
    format: {
      about: "what is written",
      value: oneOf("format", FORMATS),
      otherwise: "by the ending of --output-file, else csv",
    },
    outputFile: {
      about: "the file",
      value: text("file", "file"),
      otherwise: "stdout",
    },
    force: { about: "replace the file when it is there" },
    fields: CHOOSE.fields,
    limit: { about: `stop after this many ${plural}`, value: whole(1_000_000_000) },
    page: { about: "page to start from", value: whole(1_000_000), standard: 1 },
    perPage: {
      about: `${plural} per request, at most ${MOST_PER_PAGE}`,
      value: whole(MOST_PER_PAGE),
      otherwise: `${MOST_PER_PAGE}`,
    },
    ...inner.length > 0 && {
      explode: { about: "a row per item; the other fields repeat", value: oneOf("field", inner) },
    },
  } as const satisfies Options;
  const every: Options = { ...options, ...own };
  return verb({
    ...said,
    needs: INTO_FILE,
    narrows: ({ outputFile }) => isFile(outputFile) ? INTO_FILE : ONLINE,
    prints: async () => [of, (await import("./perform.ts")).SUMMARY],
    names: () => namesOf(of),
    options: every as typeof own,
    async run(app: App, given) {
      const { format, outputFile: name, force, fields, limit, page, perPage, explode, ...rest } = given as
        & typeof given
        & Wanted;
      const outputFile = isFile(name) ? name : undefined;
      const wanted = { format, outputFile, force, fields, limit, page, perPage, explode };
      const { perform } = await import("./perform.ts");
      await perform(app, { of, plural, open, action }, wanted, () => filters(rest as Given<O>, app))
        // Loaded when the server refuses.
        .catch(async (error) => (await later()).named(every, typed)(error));
    },
  });
}

function isFile(name: unknown): name is string {
  return name !== undefined && name !== "-";
}
