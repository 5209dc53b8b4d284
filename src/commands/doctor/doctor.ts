import type { AppError } from "../../errors.ts";
import type { App } from "../../app.ts";
import { byMeaning, type Destination, list, safe } from "../../output/mod.ts";
import { fields, view } from "../../fields/mod.ts";
import { ONLINE, type Verb, verb } from "../../cli/mod.ts";
import type { Finding } from "../../doctor/mod.ts";

const FINDINGS = fields({
  check: { is: "text", column: "CHECK" },
  state: { is: "text", column: "STATE" },
  detail: { is: "text", column: "DETAIL" },
  fix: { is: "text", column: "FIX", nullable: true },
});

/** `documents`: every GraphQL document of the program, by the name of its operation. */
export const doctor = (documents: () => Promise<Record<string, string>>): Verb =>
  verb({
    name: "doctor",
    needs: ONLINE,
    prints: FINDINGS,
    examples: ["autocom doctor", "autocom doctor -o json"],
    summary: "check the set-up, and say how to fix each fault",
    does: "Check files, keychain, network, server, session and schema, and say how to fix each fault.",
    async run(app) {
      const { examine } = await import("../../doctor/mod.ts");
      const report = reporter(app, await app.destination(true));
      let first: AppError | undefined;
      try {
        for await (const { error, ...finding } of examine(app, await documents())) {
          await report.line(finding);
          first ??= error;
        }
      } finally {
        await report.end();
      }
      if (first) throw first;
    },
  });

/** A command that is to be typed: as long as a path can be, and more. */
const WHOLE = 5_000;

/** A finding repeats what an error says, so its texts are messages: bounded, with secrets masked, in every format. */
function reporter(
  { say }: App,
  to: Destination,
): { line(finding: Finding): Promise<void>; end(): Promise<void> } {
  const counts = new Map<Finding["state"], number>();
  const writer = to.format === "table" ? undefined : list(to, view(FINDINGS));
  const paint = byMeaning(to.style);
  return {
    async line({ check, state, detail, fix }) {
      counts.set(state, (counts.get(state) ?? 0) + 1);
      const finding = { check, state, detail: say.clean(detail), fix: fix && say.clean(fix, WHOLE) };
      // A terminal gets its lines as they come, and whole: a command that is to be typed may not be cut like a table's cell.
      await (writer ? writer.page([finding]) : to.stdout.write(told(finding, to, await paint)));
    },
    async end() {
      await writer?.end();
      if (counts.size > 0) await say.note(summary(counts));
    },
  };
}

function told(
  { check, state, detail, fix }: Finding,
  { style }: Destination,
  paint: (word: string, text: string) => string,
): string {
  const line = `${paint(state, state.padEnd(7))}  ${check.padEnd(13)}  ${safe(detail)}\n`;
  return fix === null ? line : `${line}${" ".repeat(9)}${style.bold(`→ ${safe(fix)}`)}\n`;
}

const COUNTED: [Finding["state"], one: string, many: string][] = [
  ["ok", "ok", "ok"],
  ["warning", "warning", "warnings"],
  ["failure", "failure", "failures"],
  ["skipped", "skipped", "skipped"],
];

/** `17 checks: 13 ok, 1 warning, 1 failure, 2 skipped.` */
function summary(counts: ReadonlyMap<Finding["state"], number>): string {
  const parts = COUNTED.flatMap(([state, one, many]) => {
    const count = counts.get(state);
    return count ? [`${count} ${count === 1 ? one : many}`] : [];
  });
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return `${all} ${all === 1 ? "check" : "checks"}: ${parts.join(", ")}.`;
}
