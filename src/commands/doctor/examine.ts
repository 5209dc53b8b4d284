import type { App } from "../../app.ts";
import { AppError } from "../../errors.ts";

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
  /** Something that works now and may not for long. */
  warning?: string;
}

export interface Check {
  name: string;
  /** Checks that must not have failed, because this one would only say the same. */
  after?: readonly string[];
  /** Throws the failure. */
  look(app: App): Promise<Healthy>;
}

/** Runs the checks in their order; a fault of one never keeps the others from being looked at. */
export async function* examine(app: App, checks: readonly Check[]): AsyncIterable<Finding & { error?: AppError }> {
  const failed = new Set<string>();
  for (const { name, after = [], look } of checks) {
    const cause = after.find((other) => failed.has(other));
    if (cause) {
      failed.add(name);
      yield { check: name, state: "skipped", detail: `not looked at: ${cause} comes first`, fix: null };
      continue;
    }
    try {
      const { detail, warning } = await look(app);
      yield { check: name, state: warning ? "warning" : "ok", detail, fix: warning ?? null };
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === "interrupted") throw error;
      failed.add(name);
      yield { check: name, state: "failure", detail: error.message, fix: error.hint ?? null, error };
    }
  }
}
