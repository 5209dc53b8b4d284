import { type Api, member } from "../../api/mod.ts";
import { type Argument, oneOf, text } from "../../cli/mod.ts";
import { AppError } from "../../errors.ts";
import { checker, fields, type Row, selection } from "../../fields/mod.ts";
import { count, given, INPUT, money, yesOrNo } from "../../input/mod.ts";
import { found } from "../../kinds/mod.ts";

export const STATUSES = ["active", "draft", "archived"] as const;

/** A product as a list shows it. */
export const PRODUCT = fields({
  id: { is: "text", about: "what the API knows it by" },
  sku: { is: "text", column: "SKU", key: true, about: "what people know it by" },
  name: { is: "text", column: "NAME" },
  status: { is: "text", column: "STATUS" },
  price: { is: "money", column: "PRICE" },
  stock_quantity: { is: "number", column: "STOCK" },
});

/** A product with all that belongs to it. */
export const FULL_PRODUCT = fields({
  id: { is: "text", column: "ID", key: true },
  sku: { is: "text", column: "SKU", key: true, place: -1 },
  name: { is: "text", column: "NAME" },
  description: { is: "text", column: "DESCRIPTION", prose: true, nullable: true },
  status: { is: "text", column: "STATUS" },
  price: { is: "money", column: "PRICE" },
  compare_at_price: { is: "money", column: "COMPARE AT", nullable: true },
  track_inventory: { is: "switch", column: "TRACKED", about: "whether its stock is counted" },
  stock_quantity: { is: "number", column: "STOCK" },
  source_module: { is: "text", column: "SOURCE", about: "the module that it comes from" },
  created_at: { is: "instant", column: "CREATED" },
  updated_at: { is: "instant", column: "UPDATED" },
});

export const WHICH = {
  name: "product",
  about: "its SKU, or its id",
  value: text("product"),
} as const satisfies Argument;

const LOOK = `query Product($id: ID!) {
  product(id: $id) { ${selection(FULL_PRODUCT)} }
}`;

const FIND = `query FindProduct($search: String, $page: Int) {
  products(search: $search, page: $page, per_page: 100) { data { ${selection(PRODUCT)} } meta { total_pages } }
}`;

/** A verb that is about one product looks it up. */
export const LOOK_UP = { Product: LOOK, FindProduct: FIND };

const NOUN = { noun: "product", called: "SKU", list: "autocom products list" };

/** What is wrong with the word is said before anything is sent. */
export const { wanted, absent } = found(NOUN);

/** The product of that id or SKU; throws `not-found`. */
export async function findProduct(api: Api, word: string, action: string): Promise<Row<typeof FULL_PRODUCT>> {
  const row = checker(PRODUCT, action);
  return checker(FULL_PRODUCT, action)(
    await found(NOUN).one(word, {
      async one(id) {
        return member(await api.query(LOOK, { id }, action), "product");
      },
      ask: async (search, page) => member(await api.query(FIND, { search, page }, action), "products"),
      row,
      isMeant: ({ sku }, search) => sku === search,
      action,
    }),
  );
}

/** What may be said of a product. */
export const CONTENT = {
  sku: { about: "what people know it by", value: given("text") },
  name: { about: "its name", value: given("text") },
  description: { about: "its description", value: given("text") },
  price: { about: "as digits: 49.00", value: money },
  compareAtPrice: { about: "the higher price that it is compared with", value: money },
  stock: { about: "how many there are", value: count },
  trackInventory: { about: "whether its stock is counted", value: yesOrNo },
  status: { about: "its status", value: oneOf("status", STATUSES) },
  ...INPUT,
} as const;

interface Content {
  sku?: string | undefined;
  name?: string | undefined;
  description?: string | undefined;
  price?: string | undefined;
  compareAtPrice?: string | undefined;
  stock?: number | undefined;
  trackInventory?: boolean | undefined;
  status?: string | undefined;
}

/** The same by the server's names. */
export function content({ compareAtPrice, stock, trackInventory, ...same }: Content): Record<string, unknown> {
  const { sku, name, description, price, status } = same;
  return {
    sku,
    name,
    description,
    price,
    compare_at_price: compareAtPrice,
    stock_quantity: stock,
    track_inventory: trackInventory,
    status,
  };
}

export const AMOUNTS = ["price", "compare_at_price"];

export const TYPED = { stock_quantity: "stock" };

export function missing(action: string, what: string, hint: string): AppError {
  return new AppError("usage", `cannot ${action}: ${what}`, { hint });
}
