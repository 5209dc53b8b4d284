import { listing } from "../../kinds/mod.ts";
import { FULL_PRODUCT, PRODUCT } from "./product.ts";
import { document, PRODUCTS } from "./products.ts";

export const list = listing({
  ...PRODUCTS,
  name: "list",
  aliases: ["ls"],
  documents: { Products: document(PRODUCT) },
  examples: [
    "autocom products list --status active --sort stock_quantity",
    "autocom products list --search kettle -o json",
  ],
  summary: "list the tenant's products",
  does: "List the tenant's products, by their SKU.",
  permission: "products.view",
  of: PRODUCT,
  full: () => Promise.resolve(FULL_PRODUCT),
  action: "list products",
  standard: 20,
});
