import { ONLINE, verb } from "../../cli/mod.ts";
import { AppError } from "../../errors.ts";
import { CHOOSE, CONFIRMABLE } from "../../kinds/mod.ts";

/** Stands for every operation of the server's: each has options of its own. */
export const generic = verb({
  name: "<operation>",
  needs: ONLINE,
  /** Those that are ours whatever the operation is. */
  options: { ...CHOOSE, ...CONFIRMABLE },
  examples: [
    "autocom call orders --status pending --per-page 5",
    "autocom call orders --fields id,status,items.sku -o json",
    "autocom call orders_cancel --help",
  ],
  summary: "any operation of your tenant's server, with typed options",
  does:
    "Call an operation of your tenant's server. Which there are: autocom schema list. Each takes its arguments as " +
    "options, which its own help shows: a list by giving the option again, an input by its fields (--items.0.sku A " +
    "--items.0.quantity 2) or from a file (--items @FILE), null by --notes:null. A query prints the scalars of " +
    "its result, or what --fields names, and has --all and --limit where it gives pages; a mutation is shown and asked for first.",
  run() {
    throw new AppError("usage", "<operation> stands for a name", { hint: "see which there are: autocom schema list" });
  },
});
