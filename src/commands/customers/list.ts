import { listing } from "../../kinds/mod.ts";
import { CUSTOMER, FULL_CUSTOMER } from "./customer.ts";
import { CUSTOMERS, document } from "./customers.ts";

export const list = listing({
  ...CUSTOMERS,
  name: "list",
  aliases: ["ls"],
  documents: { Customers: document(CUSTOMER, true), CustomersOnly: document(CUSTOMER, false) },
  examples: [
    "autocom customers list --sort total_spent_desc --limit 10",
    "autocom customers list --tag vip --fields email,first_name,last_name",
  ],
  summary: "list the tenant's customers",
  does: "List the tenant's customers. E-mail and phone are shown to whoever may see them.",
  permission: "customers.view",
  of: CUSTOMER,
  full: () => Promise.resolve(FULL_CUSTOMER),
  action: "list customers",
  standard: 20,
});
