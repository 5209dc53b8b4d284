import { member } from "../../api/mod.ts";
import { list as rows } from "../../output/mod.ts";
import { MOST_PER_PAGE, pagesOf, printPages, STREAM_MARGIN, whatIsLeft, wholeNumber } from "../../paging/mod.ts";
import { from, to } from "../../period/mod.ts";
import { type Command, ONLINE, Option, verb } from "../verb.ts";
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
  command: (command: Command) =>
    command
      .summary("list the tenant's orders, newest first")
      .description("List the tenant's orders, newest first.")
      .addOption(new Option("--status <status>", "only orders with this status").choices(STATUSES))
      .addOption(
        new Option("--payment-status <status>", "only orders with this payment status").choices(PAYMENT_STATUSES),
      )
      .option("--customer <id>", "only orders of the customer with this UUID")
      .option("--search <text>", "only orders whose number holds this text")
      .option("--from <when>", "only orders from this UTC day on, or from an instant (2026-05-31T18:30:00Z)")
      .option("--to <when>", "only orders up to this UTC day, its end included, or before an instant")
      .option("--page <number>", "page to show, or to begin with", wholeNumber("--page", 1_000_000), 1)
      .addOption(
        new Option("--per-page <number>", "orders on a page, at most 100")
          .argParser(wholeNumber("--per-page", MOST_PER_PAGE)).default(undefined, "20, with --all 100"),
      )
      .option("--all", "every page, printed as it arrives"),
  async run(app, options) {
    const { page: first, all = false } = options;
    const filters = {
      per_page: options.perPage ?? (all ? MOST_PER_PAGE : 20),
      status: options.status,
      payment_status: options.paymentStatus,
      customer_id: options.customer?.trim(),
      search: options.search?.trim(),
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
