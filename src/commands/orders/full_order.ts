import { fields, rows } from "../../fields/mod.ts";

const ITEM = fields({
  id: { is: "text" },
  sku: { is: "text" },
  name: { is: "text" },
  quantity: { is: "number" },
  unit_price: { is: "money" },
  total: { is: "money" },
});

/** An order with all that belongs to it. */
export const FULL_ORDER = fields({
  id: { is: "text", column: "ID", key: true },
  order_number: { is: "text", column: "ORDER", key: true, place: -1 },
  status: { is: "text", column: "STATUS" },
  payment_status: { is: "text", column: "PAYMENT" },
  fulfillment_status: { is: "text", column: "FULFILLMENT" },
  customer_id: { is: "text", column: "CUSTOMER", key: true, nullable: true },
  external_id: {
    is: "text",
    column: "EXTERNAL ID",
    key: true,
    nullable: true,
    about: "the order's id where it comes from",
  },
  source_module: { is: "text", column: "SOURCE", about: "the module that it comes from" },
  items: rows(ITEM, ({ quantity, name, sku, unit_price }) => `${quantity} × ${name} (${sku}) at ${unit_price}`, {
    column: "ITEMS",
  }),
  subtotal: { is: "money", column: "SUBTOTAL" },
  tax: { is: "money", column: "TAX" },
  discount: { is: "money", column: "DISCOUNT" },
  shipping_cost: { is: "money", column: "SHIPPING" },
  total: { is: "money", column: "TOTAL" },
  currency: { is: "text", column: "CURRENCY" },
  notes: { is: "text", column: "NOTES", nullable: true },
  tags: { is: "texts", column: "TAGS" },
  created_at: { is: "instant", column: "CREATED" },
  updated_at: { is: "instant", column: "UPDATED" },
});
