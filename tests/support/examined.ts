import assert from "node:assert/strict";
import { execute, type World } from "./harness.ts";
import { sessionIn } from "./kept.ts";
import { envelope } from "./scripted.ts";

export interface Finding {
  check: string;
  state: "ok" | "warning" | "failure" | "skipped";
  detail: string;
  fix: string | null;
}

const CHECKS = [
  "version",
  "folder",
  "config",
  "locks",
  "address",
  "credentials",
  "store",
  "proxy",
  "certificates",
  "server",
  "clock",
  "session",
  "token",
  "tenant",
  "permissions",
  "schema",
  "introspection",
];

/** Runs `doctor -o json`: the exit code, and the findings by their check. Holds the report to what is always true. */
export async function examine(of: World, options = ""): Promise<{ code: number; found: Record<string, Finding> }> {
  const { code, out, err } = await execute(`doctor -o json${options}`, of);
  const findings: Finding[] = JSON.parse(out);
  assert.deepEqual(findings.map(({ check }) => check), CHECKS, "every check is reported");
  const first = findings.find(({ state }) => state === "failure");
  assert.equal(code === 0, first === undefined);
  if (first) assert.deepEqual([envelope(err).message, envelope(err).exit], [first.detail, code]);
  for (const { state, fix, check } of findings) {
    if (state === "failure" || state === "warning") assert.ok(fix, check);
    else assert.equal(fix, null);
  }
  return { code, found: Object.fromEntries(findings.map((finding) => [finding.check, finding])) };
}

export type Broken = [
  about: string,
  breaking: (of: World) => unknown,
  code: number,
  /** The check that fails, or warns when the code is 0. */
  check: string,
  detail: RegExp,
  fix: RegExp,
];

/** Defines a test for each: the doctor finds it, says it once, and knows what mends it. */
export function diagnoses(broken: Broken[]): void {
  for (const [about, breaking, code, check, detail, fix] of broken) {
    Deno.test(`doctor with ${about} ends with ${code}, names it, and says what mends it`, async () => {
      await using of = await sessionIn("file");
      await breaking(of);
      const report = await examine(of);
      const finding = report.found[check]!;
      assert.deepEqual(
        [report.code, finding.state],
        [code, code === 0 ? "warning" : "failure"],
        JSON.stringify(report),
      );
      assert.match(finding.detail, detail);
      assert.match(finding.fix!, fix);
      const failed = Object.values(report.found).filter(({ state }) => state === "failure");
      assert.ok(failed.length <= 2, `one fault is one line: ${JSON.stringify(failed)}`);
    });
  }
}
