import type { Outcome } from "../../api/mod.ts";
import { AppError } from "../../errors.ts";

type Fault = Outcome["faults"][number];

const isBelow = ({ path }: Fault): boolean => path.length > 1;

/**
 * A refusal of a mutation, in which nobody may take for refused what was carried out. Loaded when there is one. `fields`:
 * what the document asks for, in the order in which it is carried out.
 */
export function partly(
  error: AppError,
  outcome: Outcome,
  fields: readonly string[],
  audited: string,
): AppError {
  const { data, faults, requestId } = outcome;
  const done = carriedOut(outcome, fields);
  if (faults.every(isBelow) || data && done.length > 0 && done.length === Object.keys(data).length) {
    return new AppError("server", `the mutation was carried out, the answer is incomplete: ${error.message}`, {
      hint: `do not repeat it: ${audited}`,
      requestId,
    });
  }
  if (done.length === 0) return error;
  return new AppError(error.kind, `${error.message.replace(/\.$/, "")}; carried out: ${done.join(", ")}`, {
    ...error,
    hint: `do not repeat the whole document: ${audited}`,
    requestId,
  });
}

/** What gave something, or fails below its own field; one that may not be null takes with it what stands before it. */
function carriedOut({ data, faults }: Outcome, fields: readonly string[]): readonly string[] {
  const fails = (name: string) => faults.some(({ path }) => path[0] === name);
  if (!data) return fields.slice(0, Math.max(0, fields.findIndex(fails)));
  const failsBelow = (name: string) => faults.some((one) => isBelow(one) && one.path[0] === name);
  return Object.keys(data).filter((name) => data[name] !== null || failsBelow(name));
}
