import { AppError } from "../errors.ts";

/** One line of the report. */
export interface Finding {
  check: string;
  state: "ok" | "warning" | "failure" | "skipped";
  detail: string;
  /** A command to type, or what to change. */
  fix: string | null;
}

/** What a check that did not fail says. */
export interface Healthy {
  detail: string;
  /** What mends something that works now and may not for long. */
  warning?: string;
  /** Until then no login is kept: as {@link Check.bars}. */
  bars?: boolean;
}

export interface Check {
  name: string;
  /** Checks that must not have failed, because this one would only say the same. */
  after?: readonly string[];
  /** A failure of it keeps every login from being kept, so that none is advised but behind what mends it. */
  bars?: boolean;
  /** Throws the failure. */
  look(): Healthy | Promise<Healthy>;
}

/** Runs the checks in their order; a fault of one never keeps the others from being looked at. */
export async function* examine(checks: readonly Check[]): AsyncIterable<Finding & { error?: AppError }> {
  /** What is wrong, by the check that found it. */
  const faults = new Map<string, string>();
  /** What has to be mended before a login. */
  let first: string | undefined;
  const advice = (fix: string | undefined): string | null => {
    if (!fix || !first || first === fix || !fix.includes("autocom auth login")) return fix ?? null;
    return `${first}; then${fix.startsWith("autocom") ? ":" : ""} ${fix}`;
  };
  const skipped = (check: string, cause: string): Finding => {
    faults.set(check, faults.get(cause)!);
    return { check, state: "skipped", detail: `not checked: fix ${cause} first`, fix: null };
  };
  for (const { name, after = [], bars, look } of checks) {
    const cause = after.find((other) => faults.has(other));
    if (cause) {
      yield skipped(name, cause);
      continue;
    }
    try {
      const { detail, warning, bars } = await look();
      yield { check: name, state: warning ? "warning" : "ok", detail, fix: advice(warning) };
      if (bars) first ??= warning;
    } catch (error) {
      if (!(error instanceof AppError) || ENDS.includes(error.kind)) throw error;
      const [known] = [...faults].find(([, fault]) => fault === error.message) ?? [];
      if (known) {
        yield skipped(name, known);
        continue;
      }
      faults.set(name, error.message);
      yield { check: name, state: "failure", detail: error.message, fix: advice(error.hint), error };
      if (bars) first ??= error.hint;
    }
  }
}

const ENDS: readonly string[] = ["interrupted", "hangup", "terminated", "pipe-closed"];
