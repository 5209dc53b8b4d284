import { exporting } from "../../export/mod.ts";
import { FULL_PRODUCT } from "./product.ts";
import { document, PRODUCTS } from "./products.ts";

export const exportProducts = exporting({
  ...PRODUCTS,
  name: "export",
  documents: { ExportProducts: document(FULL_PRODUCT, "Export") },
  examples: [
    "autocom products export --status active --output-file products.csv",
    "autocom products export --fields sku,price,stock_quantity --sort sku",
  ],
  summary: "write products to a file: CSV, JSON Lines, XLSX",
  does: "Write products with all their fields to a file, which is whole or not there, or to stdout.",
  permission: "products.view",
  of: FULL_PRODUCT,
  action: "export products",
});
