import { showing } from "../../kinds/mod.ts";
import { findProduct, FULL_PRODUCT, LOOK_UP, wanted, WHICH } from "./product.ts";

const ACTION = "show the product";

export const get = showing({
  name: "get",
  aliases: ["view", "show"],
  documents: LOOK_UP,
  examples: ["autocom products get ACM-001", "autocom products get ACM-001 --fields price,stock_quantity -o json"],
  summary: "show one product",
  does: "Show one product with its prices and its stock.",
  permission: "products.view",
  of: FULL_PRODUCT,
  action: ACTION,
  args: [WHICH],
  check: (product) => void wanted(product),
  look: (api, product) => findProduct(api, product, ACTION),
});
