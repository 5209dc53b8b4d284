import { member } from "../../api/mod.ts";
import { filter, oneOf } from "../../cli/mod.ts";
import type { Fields } from "../../fields/mod.ts";
import { listed, sorts } from "../../kinds/mod.ts";
import { Contact, LACKS, select } from "./customer.ts";

/** Asks for a page of customers: with the way to reach them, or without. */
export const document = (of: Fields, contact: boolean, as = "") =>
  `query ${as}${contact ? "Customers" : "CustomersOnly"}(
  $page: Int, $per_page: Int, $search: String, $tags: [String!], $source_module: String, $sort: CustomerSort
) {
  customers(
    page: $page, per_page: $per_page, search: $search, tags: $tags, source_module: $source_module, sort: $sort
  ) {
    data { ${select(of, contact)} }
    meta { current_page total_pages total_items }
  }
}`;

/** The tenant's customers. */
export const CUSTOMERS = listed({
  plural: "customers",
  options: {
    search: { about: "only customers with this text in their name, e-mail or phone", value: filter("text") },
    tag: {
      about: "only customers with this tag; with several, those that have all of them",
      value: filter("tag"),
      many: true,
    },
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
  async open(api, variables, page, { of, action, as }) {
    const contact = new Contact();
    const ask = async (page: number) =>
      member(
        await contact.ask((contact) => api.query(document(of, contact, as), { page, ...variables }, action)),
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
