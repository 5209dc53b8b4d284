import { member, type Outcome } from "../api/mod.ts";
import { AppError } from "../errors.ts";
import { later } from "../kinds/mod.ts";
import type { Flags } from "./flags.ts";

/**
 * What the errors of a change mean. Below the operation itself, or beside its result, they come after it was carried out:
 * a script must not take that for a refusal, and must not repeat it.
 */
export async function failed(
  name: string,
  { data, faults, requestId, refuse }: Outcome,
  flags: Flags,
): Promise<unknown> {
  if (member(data, name) != null || faults.every(({ path }) => path.length > 1)) {
    return new AppError("server", `${name} was carried out, the answer is incomplete: ${faults[0]!.message}`, {
      hint: `do not repeat it: autocom audit list --request-id ${requestId}`,
      requestId,
    });
  }
  return await refuse().catch((error) => inFlags(error, flags));
}

/** The server's field errors name its own arguments: a person finds them under the flags. */
async function inFlags(error: unknown, flags: Flags): Promise<unknown> {
  if (!(error instanceof AppError) || error.fields === undefined) return error;
  return (await later()).renamed(error, (name) => flags.flagAt(name.split(".")) ?? name);
}
