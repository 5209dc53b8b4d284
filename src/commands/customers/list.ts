import { member } from "../../api/mod.ts";
import { filter, oneOf } from "../../cli/mod.ts";
import { listing, sorts } from "../../kinds/mod.ts";
import { Contact, CUSTOMER, LACKS, select } from "./customer.ts";

const document = (contact: boolean) =>
  `query ${contact ? "Customers" : "CustomersOnly"}(
  $page: Int, $per_page: Int, $search: String, $tags: [String!], $source_module: String, $sort: CustomerSort
) {
  customers(
    page: $page, per_page: $per_page, search: $search, tags: $tags, source_module: $source_module, sort: $sort
  ) {
    data { ${select(CUSTOMER, contact)} }
    meta { current_page total_pages total_items }
  }
}`;

const ACTION = "list customers";

export const list = listing({
  name: "list",
  aliases: ["ls"],
  documents: { Customers: document(true), CustomersOnly: document(false) },
  examples: ["autocom customers list --sort total_spent_desc --limit 10", "autocom customers list --tag vip -o json"],
  summary: "list the tenant's customers",
  does: "List the tenant's customers. E-mail and phone are shown to whoever may see them.",
  permission: "customers.view",
  of: CUSTOMER,
  plural: "customers",
  action: ACTION,
  standard: 20,
  options: {
    search: { about: "only customers with this text in their name, e-mail or phone", value: filter("text") },
    tag: { about: "only customers with this tag; repeatable, then with all of them", value: filter("tag"), many: true },
    sourceModule: { about: "only customers that come from this module", value: filter("name") },
    sort: {
      about: "by",
      value: oneOf("order", sorts("email last_name total_spent")),
    },
  },
  typed: { tags: "tag" },
  filters: ({ search, tag, sourceModule, sort }) => ({
    search,
    tags: tag.length > 0 ? tag : undefined,
    source_module: sourceModule,
    sort,
  }),
  async open(api, variables, page) {
    const contact = new Contact();
    const ask = async (page: number) =>
      member(
        await contact.ask((contact) => api.query(document(contact), { page, ...variables }, ACTION)),
        "customers",
      );
    const first = await ask(page);
    return {
      ...contact.isHidden ? { lacks: LACKS } : {},
      ask: (at) => at === page ? Promise.resolve(first) : ask(at),
      row: (value) => contact.filled(value),
    };
  },
});
