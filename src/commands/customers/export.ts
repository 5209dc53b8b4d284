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
  summary: "write customers into a file: CSV, JSON Lines, XLSX",
  does:
    "Write the tenant's customers with all their fields into a file, or to stdout; e-mail and phone for whoever may see " +
    "them. The file is whole or not written.",
  permission: "customers.view",
  of: FULL_CUSTOMER,
  action: "export customers",
});
