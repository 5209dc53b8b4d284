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
  summary: "write products into a file: CSV, JSON Lines, XLSX",
  does:
    "Write the tenant's products with all their fields into a file, or to stdout. The file is whole or not written.",
  permission: "products.view",
  of: FULL_PRODUCT,
  action: "export products",
});
