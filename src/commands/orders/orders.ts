import { member } from "../../api/mod.ts";
import { filter, oneOf } from "../../cli/mod.ts";
import { type Fields, selection } from "../../fields/mod.ts";
import { listed, sorts, when } from "../../kinds/mod.ts";
import { PAYMENT_STATUSES, STATUSES } from "./order.ts";

/** Asks for a page of orders. */
export const document = (of: Fields, as = "") =>
  `query ${as}Orders(
  $page: Int, $per_page: Int, $status: OrderStatus, $payment_status: PaymentStatus, $customer_id: ID, $search: String,
  $from: DateTime, $to: DateTime, $sort: OrderSort
) {
  orders(
    page: $page, per_page: $per_page, status: $status, payment_status: $payment_status, customer_id: $customer_id,
    search: $search, from: $from, to: $to, sort: $sort
  ) {
    data { ${selection(of)} }
    meta { current_page total_pages total_items }
  }
}`;

/** The tenant's orders. */
export const ORDERS = listed({
  plural: "orders",
  options: {
    status: { about: "only orders with this status", value: oneOf("status", STATUSES) },
    paymentStatus: { about: "only orders with this payment status", value: oneOf("status", PAYMENT_STATUSES) },
    customer: { about: "only orders of this customer: the customer's id", value: filter("id") },
    search: { about: "only orders with this text in their order number", value: filter("text") },
    from: {
      about: "only orders created since: 2026-05-31, today, yesterday, 24h, 7d or 2026-05-31T18:30:00Z",
      value: filter("when"),
    },
    to: { about: "only orders created until then; a day is included", value: filter("when") },
    sort: { about: "by", value: oneOf("order", sorts("created_at order_number total")) },
  },
  typed: { customer_id: "customer" },
  async filters({ status, paymentStatus, customer, search, sort, ...ends }, app) {
    if (customer) (await import("./missing.ts")).mustBeId(customer);
    const isOpen = ends.from === undefined && ends.to === undefined;
    const { from, to } = isOpen ? ends : (await when(app)).period(ends);
    return { status, payment_status: paymentStatus, customer_id: customer, search, from, to, sort };
  },
  open(api, variables, _page, { of, action, as }) {
    const query = document(of, as);
    return { ask: async (page) => member(await api.query(query, { page, ...variables }, action), "orders") };
  },
});
