import type { Value } from "../../cli/mod.ts";
import { AppError } from "../../errors.ts";
import { selection } from "../../fields/mod.ts";
import { objectOf } from "../../input/mod.ts";
import { changing, confirming } from "../../kinds/mod.ts";
import {
  absent,
  AMOUNTS,
  CONTENT,
  content,
  findProduct,
  FULL_PRODUCT,
  LOOK_UP,
  missing,
  TYPED,
  wanted,
  WHICH,
} from "./product.ts";

const DOCUMENT = `mutation UpdateProduct($id: ID!, $input: ProductChanges!) {
  products_update(id: $id, input: $input) { ${selection(FULL_PRODUCT)} }
}`;

const ACTION = "update the product";

/** What a product need not have: an empty value does not take it away, and it is said what does. */
function removable<T>(value: Value<T>, name: string): Value<T> {
  return {
    ...value,
    parse(text, from) {
      if (text.trim() !== "") return value.parse(text, from);
      throw new AppError("usage", `${from} must not be empty`, {
        hint: `to take it away: --input FILE, with {"${name}":null} in it, or --input - for stdin`,
      });
    },
  };
}

const { description, compareAtPrice } = CONTENT;

export const update = changing({
  name: "update",
  documents: { UpdateProduct: DOCUMENT, ...LOOK_UP },
  examples: [
    "autocom products update ACM-001 --price 59.00 --yes",
    "autocom products update ACM-001 --stock 0 --status archived --dry-run",
  ],
  summary: "change what is given of a product",
  does: "Change what is given of a product, after showing it and asking. In --input null takes a value away.",
  permission: "products.edit",
  of: FULL_PRODUCT,
  action: ACTION,
  document: DOCUMENT,
  field: "products_update",
  args: [WHICH],
  options: {
    ...CONTENT,
    description: { ...description, value: removable(description.value, "description") },
    compareAtPrice: { ...compareAtPrice, value: removable(compareAtPrice.value, "compare_at_price") },
  },
  typed: { ...TYPED, id: "<product>" },
  check: (_given, product) => void wanted(product),
  async read(app, { file, ...given }) {
    const changes = await objectOf(app, file, content(given), AMOUNTS);
    if (Object.keys(changes).length > 0) return changes;
    throw missing(ACTION, "nothing to change is named", "write, for example: --price 59.00, or --input FILE");
  },
  async prepare(api, { body }, product) {
    const row = await findProduct(api, product, ACTION);
    const before = Object.fromEntries(
      Object.keys(body).map((name) => [name, Object.hasOwn(row, name) ? row[name as keyof typeof row] : undefined]),
    );
    const { stated } = await confirming();
    return { what: `product ${stated(row.sku)}`, before, after: body, variables: { id: row.id, input: body }, row };
  },
  refused: (product) => absent(wanted(product)),
});
