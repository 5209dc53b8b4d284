import type { Outcome } from "../api/mod.ts";
import { AppError } from "../errors.ts";
import { later } from "../kinds/mod.ts";
import type { Flags } from "./flags.ts";

/** What the errors of a change mean. */
export async function failed({ refuse }: Outcome, flags: Flags): Promise<unknown> {
  return await refuse().catch((error) => inFlags(error, flags));
}

/** The server's field errors name its own arguments: a person finds them under the flags. */
async function inFlags(error: unknown, flags: Flags): Promise<unknown> {
  if (!(error instanceof AppError) || error.fields === undefined) return error;
  return (await later()).renamed(error, (name) => flags.flagAt(name.split(".")) ?? name);
}
