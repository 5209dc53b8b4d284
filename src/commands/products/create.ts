import { selection } from "../../fields/mod.ts";
import { objectOf } from "../../input/mod.ts";
import { changing } from "../../kinds/mod.ts";
import { AMOUNTS, CONTENT, content, missing, PRODUCT, TYPED } from "./product.ts";

const DOCUMENT = `mutation CreateProduct($input: ProductInput!) {
  products_create(input: $input) { ${selection(PRODUCT)} }
}`;

const ACTION = "create the product";

export const create = changing({
  name: "create",
  documents: { CreateProduct: DOCUMENT },
  examples: [
    'autocom products create --sku MUG-1 --name "Blue mug" --price 12.50 --yes',
    'autocom products create --sku MUG-2 --name "Red mug" --price 9.00 --dry-run',
  ],
  summary: "make a product",
  does: "Make a product, after showing it and asking.",
  permission: "products.create",
  of: PRODUCT,
  action: ACTION,
  document: DOCUMENT,
  field: "products_create",
  args: [],
  options: CONTENT,
  typed: TYPED,
  words: ["Create", "created"],
  told: ({ sku }) => `product ${sku} was created`,
  async read(app, { file, ...given }) {
    const product = await objectOf(app, file, content(given), AMOUNTS);
    const lacks = ["sku", "name", "price"].filter((name) => product[name] === undefined).map((name) => `--${name}`);
    if (lacks.length === 0) return product;
    throw missing(
      ACTION,
      `${lacks.join(" and ")} ${lacks.length > 1 ? "are" : "is"} missing`,
      `add ${lacks.join(" … ")} …`,
    );
  },
  prepare: (_api, { body }) =>
    Promise.resolve({ what: "a new product", before: null, after: body, variables: { input: body } }),
});
