import { member } from "../../api/mod.ts";
import { filter, oneOf } from "../../cli/mod.ts";
import { selection } from "../../fields/mod.ts";
import { listing, sorts } from "../../kinds/mod.ts";
import { PRODUCT, STATUSES } from "./product.ts";

const DOCUMENT = `query Products(
  $page: Int, $per_page: Int, $status: ProductStatus, $source_module: String, $search: String, $sort: ProductSort
) {
  products(
    page: $page, per_page: $per_page, status: $status, source_module: $source_module, search: $search, sort: $sort
  ) {
    data { ${selection(PRODUCT)} }
    meta { current_page total_pages total_items }
  }
}`;

const ACTION = "list products";

export const list = listing({
  name: "list",
  aliases: ["ls"],
  documents: { Products: DOCUMENT },
  examples: [
    "autocom products list --status active --sort stock_quantity",
    "autocom products list --search kettle -o json",
  ],
  summary: "list the tenant's products",
  does: "List the tenant's products, by their SKU.",
  permission: "products.view",
  of: PRODUCT,
  plural: "products",
  action: ACTION,
  standard: 20,
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
  open: (api, variables) => ({
    ask: async (page) => member(await api.query(DOCUMENT, { page, ...variables }, ACTION), "products"),
  }),
});
