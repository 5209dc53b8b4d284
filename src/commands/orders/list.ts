import { listing } from "../../kinds/mod.ts";
import { ORDER } from "./order.ts";
import { document, ORDERS } from "./orders.ts";

export const list = listing({
  ...ORDERS,
  name: "list",
  aliases: ["ls"],
  documents: { Orders: document(ORDER) },
  examples: [
    "autocom orders list --status pending --from 2026-05-01 --to 2026-05-31",
    "autocom orders list --all -o json",
  ],
  summary: "list the tenant's orders, newest first",
  does: "List the tenant's orders, newest first. Days are of --time-zone (default: UTC).",
  permission: "orders.view",
  of: ORDER,
  full: async () => (await import("./full_order.ts")).FULL_ORDER,
  action: "list orders",
  standard: 20,
});
