import type { AppError } from "../../errors.ts";
import { ONLINE, type Verb, verb } from "../../cli/mod.ts";
import { fields, type Row, view } from "../../fields/mod.ts";
import { type Destination, list, safe } from "../../output/mod.ts";
import { examine } from "./examine.ts";

const FINDINGS = fields({
  check: { is: "text", column: "CHECK" },
  state: { is: "text", column: "STATE" },
  detail: { is: "text", column: "DETAIL" },
  fix: { is: "text", column: "FIX", key: true, nullable: true },
});

type Finding = Row<typeof FINDINGS>;

/** `documents`: every GraphQL document of the program, by the name of its operation. */
export const doctor = (documents: () => Promise<Record<string, string>>): Verb =>
  verb({
    name: "doctor",
    needs: ONLINE,
    examples: ["autocom doctor", "autocom doctor -o json"],
    summary: "check the set-up, and say what mends it",
    does: "Check files, keychain, network, server, session and schema, and say what mends each fault.",
    async run(app) {
      const { checks } = await import("./checks.ts");
      const report = reporter(await app.destination(true));
      let first: AppError | undefined;
      try {
        for await (const { error, ...finding } of examine(checks(app, await documents()))) {
          await report.line(finding);
          first ??= error;
        }
      } finally {
        await report.end();
      }
      if (first) throw first;
    },
  });

/** A terminal gets its lines as they come, and whole: a command that is to be typed may not be cut like a table's cell. */
function reporter(to: Destination): { line(finding: Finding): Promise<void>; end(): Promise<void> } {
  if (to.format === "table") return { line: (finding) => to.stdout.write(told(finding, to)), end: async () => {} };
  const writer = list(to, view(FINDINGS));
  return { line: (finding) => writer.page([finding]), end: () => writer.end() };
}

function told({ check, state, detail, fix }: Finding, { style }: Destination): string {
  const paint: Record<string, (text: string) => string> = {
    ok: (text: string) => text,
    warning: style.yellow,
    failure: style.red,
    skipped: style.dim,
  };
  const line = `${paint[state]!(state.padEnd(7))}  ${check.padEnd(13)}  ${safe(detail)}\n`;
  return fix === null ? line : `${line}${" ".repeat(9)}${style.bold(`→ ${safe(fix)}`)}\n`;
}
