import { exporting } from "../../export/mod.ts";
import { FULL_ORDER } from "./order.ts";
import { document, ORDERS } from "./orders.ts";

export const exportOrders = exporting({
  ...ORDERS,
  name: "export",
  documents: { ExportOrders: document(FULL_ORDER, "Export") },
  examples: [
    "autocom orders export --from 2026-05-01 --to 2026-05-31 --output-file may.csv",
    "autocom orders export --status pending --explode items --fields order_number,item_sku,item_quantity",
    "autocom orders export --format jsonl --limit 500",
  ],
  summary: "write orders into a file: CSV, JSON Lines, XLSX",
  does:
    "Write the tenant's orders with all their fields into a file, or to stdout. The file is whole or not written. A cell of " +
    "several values is JSON; with --explode items each item has a row.",
  permission: "orders.view",
  of: FULL_ORDER,
  action: "export orders",
});
