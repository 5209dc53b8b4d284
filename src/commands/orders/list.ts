import { member } from "../../api/mod.ts";
import { list as rows } from "../../output/mod.ts";
import { MOST_PER_PAGE, pagesOf, printPages, STREAM_MARGIN, whatIsLeft } from "../../paging/mod.ts";
import { from, to } from "../../period/mod.ts";
import { filter, oneOf, ONLINE, verb, whole } from "../../cli/mod.ts";
import { checked, type Order, ORDERS, PAYMENT_STATUSES, STATUSES } from "./order.ts";

const DOCUMENT = `query Orders(
  $page: Int, $per_page: Int, $status: String, $payment_status: String, $customer_id: ID, $search: String,
  $from: DateTime, $to: DateTime
) {
  orders(
    page: $page, per_page: $per_page, status: $status, payment_status: $payment_status, customer_id: $customer_id,
    search: $search, from: $from, to: $to
  ) {
    data { id order_number status total currency created_at }
    meta { current_page total_pages total_items }
  }
}`;

const ACTION = "list orders";

export const list = verb({
  name: "list",
  aliases: ["ls"],
  needs: ONLINE,
  documents: { Orders: DOCUMENT },
  examples: [
    "autocom orders list --status pending --from 2026-05-01 --to 2026-05-31",
    "autocom orders list --all -o json",
  ],
  summary: "list the tenant's orders, newest first",
  does: "List the tenant's orders, newest first.",
  permission: "orders.view",
  options: {
    status: { about: "only orders with this status", value: oneOf("status", STATUSES) },
    paymentStatus: { about: "only orders with this payment status", value: oneOf("status", PAYMENT_STATUSES) },
    customer: { about: "only orders of the customer with this UUID", value: filter("id") },
    search: { about: "only orders whose number holds this text", value: filter("text") },
    from: {
      about: "only orders from this UTC day on, or from an instant (2026-05-31T18:30:00Z)",
      value: filter("when"),
    },
    to: {
      about: "only orders up to this UTC day, its end included, or before an instant",
      value: filter("when"),
    },
    page: { about: "page to show, or to begin with", value: whole(1_000_000), standard: 1 },
    perPage: {
      about: "orders on a page, at most 100",
      value: whole(MOST_PER_PAGE),
      otherwise: "20, with --all 100",
    },
    all: { about: "every page, printed as it arrives" },
  },
  async run(app, options) {
    const { page: first, all } = options;
    const filters = {
      per_page: options.perPage ?? (all ? MOST_PER_PAGE : 20),
      status: options.status,
      payment_status: options.paymentStatus,
      customer_id: options.customer,
      search: options.search,
      from: options.from === undefined ? undefined : from(options.from),
      to: options.to === undefined ? undefined : to(options.to),
    };
    const destination = await app.destination();
    const api = await app.api(all ? STREAM_MARGIN : undefined);
    const ask = async (page: number) => member(await api.query(DOCUMENT, { page, ...filters }, ACTION), "orders");
    const pages = pagesOf({ first, all, action: ACTION, ask, row: (order) => checked<Order>(order, ACTION) });
    const last = await printPages(pages, rows(destination, ORDERS), { first, all });
    const left = all || destination.format !== "table" ? undefined : whatIsLeft(first, last);
    if (left) await app.say.note(left);
  },
});
