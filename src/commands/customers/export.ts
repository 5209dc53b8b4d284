import { exporting } from "../../export/mod.ts";
import { FULL_CUSTOMER } from "./customer.ts";
import { CUSTOMERS, document } from "./customers.ts";

export const exportCustomers = exporting({
  ...CUSTOMERS,
  name: "export",
  documents: {
    ExportCustomers: document(FULL_CUSTOMER, true, "Export"),
    ExportCustomersOnly: document(FULL_CUSTOMER, false, "Export"),
  },
  examples: [
    "autocom customers export --tag vip --output-file vip.csv",
    "autocom customers export --sort total_spent_desc --limit 100 --format jsonl",
  ],
  summary: "write customers to a file: CSV, JSON Lines, XLSX",
  does:
    "Write customers with all their fields to a file, which is whole or not there, or to stdout. E-mail and phone are " +
    "there for whoever may see them.",
  permission: "customers.view",
  of: FULL_CUSTOMER,
  action: "export customers",
});
