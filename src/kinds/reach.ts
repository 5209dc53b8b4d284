import { AppError } from "../errors.ts";
import type { Seen } from "./listing.ts";

export { ahead } from "./ahead.ts";

/** Options of a list that do not fit together: `twice` are --all and --limit, else it is --meta. */
export function refuse(format: string, twice: boolean): never {
  if (twice) throw new AppError("usage", "--all and --limit contradict each other", { hint: "leave one of them out" });
  throw new AppError("usage", `cannot use --meta with ${format}: only json and yaml can hold it`, {
    hint: "add -o json, or -o yaml",
  });
}

/** Why no row was shown. */
export function nothing(plural: string, { page, pages = 1 }: Seen, filtered: boolean): string {
  if (page > Math.max(pages, 1)) return `There is no page ${page}: the last one is ${pages}.`;
  return filtered ? `No ${plural} match.` : `There are no ${plural}.`;
}
