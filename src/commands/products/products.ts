import { member } from "../../api/mod.ts";
import { filter, oneOf } from "../../cli/mod.ts";
import { type Fields, selection } from "../../fields/mod.ts";
import { listed, sorts } from "../../kinds/mod.ts";
import { STATUSES } from "./product.ts";

/** Asks for a page of products. */
export const document = (of: Fields, as = "") =>
  `query ${as}Products(
  $page: Int, $per_page: Int, $status: ProductStatus, $source_module: String, $search: String, $sort: ProductSort
) {
  products(
    page: $page, per_page: $per_page, status: $status, source_module: $source_module, search: $search, sort: $sort
  ) {
    data { ${selection(of)} }
    meta { current_page total_pages total_items }
  }
}`;

/** The tenant's products. */
export const PRODUCTS = listed({
  plural: "products",
  options: {
    status: { about: "only products with this status", value: oneOf("status", STATUSES) },
    search: { about: "only products with this text in their name or SKU", value: filter("text") },
    sourceModule: { about: "only products that come from this module", value: filter("name") },
    sort: {
      about: "by",
      value: oneOf("order", sorts("sku name price stock_quantity")),
    },
  },
  filters: ({ sourceModule, ...same }) => ({ ...same, source_module: sourceModule }),
  open(api, variables, _page, { of, action, as }) {
    const query = document(of, as);
    return { ask: async (page) => member(await api.query(query, { page, ...variables }, action), "products") };
  },
});
