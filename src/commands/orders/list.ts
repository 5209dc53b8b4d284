import { member } from "../../api/mod.ts";
import { filter, oneOf } from "../../cli/mod.ts";
import { selection } from "../../fields/mod.ts";
import { listing, when } from "../../kinds/mod.ts";
import { ORDER, PAYMENT_STATUSES, STATUSES } from "./order.ts";

const DOCUMENT = `query Orders(
  $page: Int, $per_page: Int, $status: OrderStatus, $payment_status: PaymentStatus, $customer_id: ID, $search: String,
  $from: DateTime, $to: DateTime
) {
  orders(
    page: $page, per_page: $per_page, status: $status, payment_status: $payment_status, customer_id: $customer_id,
    search: $search, from: $from, to: $to
  ) {
    data { ${selection(ORDER)} }
    meta { current_page total_pages total_items }
  }
}`;

const ACTION = "list orders";

export const list = listing({
  name: "list",
  aliases: ["ls"],
  documents: { Orders: DOCUMENT },
  examples: [
    "autocom orders list --status pending --from 2026-05-01 --to 2026-05-31",
    "autocom orders list --all -o json",
  ],
  summary: "list the tenant's orders, newest first",
  does: "List the tenant's orders, newest first. A day begins where --time-zone says (default: UTC).",
  permission: "orders.view",
  of: ORDER,
  plural: "orders",
  action: ACTION,
  standard: 20,
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
  },
  typed: { customer_id: "customer" },
  async filters({ status, paymentStatus, customer, search, ...ends }, app) {
    const isOpen = ends.from === undefined && ends.to === undefined;
    const { from, to } = isOpen ? ends : (await when(app)).period(ends);
    return { status, payment_status: paymentStatus, customer_id: customer, search, from, to };
  },
  open: (api, variables) => ({
    ask: async (page) => member(await api.query(DOCUMENT, { page, ...variables }, ACTION), "orders"),
  }),
});
