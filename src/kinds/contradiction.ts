import { AppError } from "../errors.ts";

/** Options of a list that do not fit together: `twice` are --all and --limit, else it is --meta. */
export function refuse(format: string, twice: boolean): never {
  if (twice) throw new AppError("usage", "--all and --limit contradict each other", { hint: "leave one of them out" });
  throw new AppError("usage", `cannot use --meta with ${format}: only json and yaml can hold it`, {
    hint: "add -o json, or -o yaml",
  });
}
