import { exporting } from "../../export/mod.ts";
import { FULL_ORDER } from "./full_order.ts";
import { document, ORDERS } from "./orders.ts";

export const exportOrders = exporting({
  ...ORDERS,
  name: "export",
  documents: { ExportOrders: document(FULL_ORDER, "Export") },
  examples: [
    "autocom orders export --from 2026-05-01 --to 2026-05-31 --output-file may.csv",
    "autocom orders export --explode items --fields order_number,item_sku",
  ],
  summary: "write orders to a file: CSV, JSON Lines, XLSX",
  does:
    "Write orders with all their fields to a file, which is whole or not there, or to stdout. Items in a cell are JSON, " +
    "and so are tags in CSV.",
  permission: "orders.view",
  of: FULL_ORDER,
  action: "export orders",
});
