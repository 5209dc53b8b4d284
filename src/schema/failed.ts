import type { Outcome } from "../api/mod.ts";
import { AppError } from "../errors.ts";
import type { Flags } from "./flags.ts";

/** What the errors of a change mean. */
export async function failed({ refuse }: Outcome, flags: Flags): Promise<unknown> {
  return await refuse().catch((error) => inFlags(error, flags));
}

/** The server's field errors name its own arguments: a person finds them under the flags. */
function inFlags(error: unknown, flags: Flags): unknown {
  if (!(error instanceof AppError) || error.fields === undefined) return error;
  const entries = Object.entries(error.fields).map(([name, texts]) => [flags.flagAt(name.split(".")) ?? name, texts]);
  return new AppError(error.kind, error.message, { ...error, fields: Object.fromEntries(entries) });
}
