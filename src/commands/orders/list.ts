import { type Api, member } from "../../api/mod.ts";
import { AppError } from "../../errors.ts";
import { list as rows, type View } from "../../output/mod.ts";
import { Command, ONLINE, Option, verb } from "../verb.ts";
import { checked, type Order, PAYMENT_STATUSES, STATUSES } from "./order.ts";
import { from, to } from "./when.ts";

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

const ORDERS: View<Order> = {
  columns: {
    ORDER: "order_number",
    STATUS: "status",
    TOTAL: { right: "total" },
    CURRENCY: "currency",
    CREATED: "created_at",
  },
  fields: ["id", "order_number", "status", { money: "total" }, "currency", "created_at"],
};

/** Seconds: a stream renews its token before it starts, because it cannot do so once it runs. */
const STREAM_MARGIN = 600;

export const list = verb({
  needs: ONLINE,
  documents: { Orders: DOCUMENT },
  examples: [
    "autocom orders list --status pending --from 2026-05-01 --to 2026-05-31",
    "autocom orders list --all -o json",
  ],
  command: () =>
    new Command("list")
      .alias("ls")
      .summary("list the tenant's orders, newest first")
      .description("List the tenant's orders, newest first.")
      .addOption(new Option("--status <status>", "only orders with this status").choices(STATUSES))
      .addOption(
        new Option("--payment-status <status>", "only orders with this payment status").choices(PAYMENT_STATUSES),
      )
      .option("--customer <id>", "only orders of this customer (UUID)")
      .option("--search <text>", "only orders whose number holds this text")
      .option("--from <when>", "only orders created then or later: a UTC day, or RFC 3339")
      .option("--to <when>", "only orders created before then; a day is included to its end")
      .option("--page <number>", "page to show", wholeNumber("--page", 1_000_000), 1)
      .option("--per-page <number>", "orders on a page, at most 100", wholeNumber("--per-page", 100), 20)
      .option("--all", "every page, printed as it arrives"),
  async run(app, options) {
    const filters = {
      per_page: options.all ? 100 : options.perPage,
      status: options.status,
      payment_status: options.paymentStatus,
      customer_id: options.customer?.trim(),
      search: options.search?.trim(),
      from: options.from === undefined ? undefined : from(options.from),
      to: options.to === undefined ? undefined : to(options.to),
    };
    const api = await app.api(options.all ? STREAM_MARGIN : undefined);
    const writer = rows(await app.destination(), ORDERS);
    const seen = { rows: 0, page: options.page };
    try {
      for await (const page of pages(api, filters, options.page, options.all ?? false)) {
        await writer.page(page);
        seen.rows += page.length;
        seen.page++;
      }
    } catch (error) {
      throw options.all && seen.rows > 0 ? brokenOff(error, seen) : error;
    } finally {
      await writer.end();
    }
  },
});

/** The pages from `first` on, one or all. A row that the page before showed is left out: rows move while one pages. */
async function* pages(
  api: Api,
  filters: Record<string, unknown>,
  first: number,
  all: boolean,
): AsyncIterable<Order[]> {
  const action = "list orders";
  let before = new Set<string>();
  for (let page = first, last = first; page <= last; page++) {
    const answer = member(await api.query(DOCUMENT, { page, ...filters }, action), "orders");
    const data = member(answer, "data");
    const total = member(member(answer, "meta"), "total_pages");
    if (!Array.isArray(data) || typeof total !== "number") {
      throw new AppError("server", `cannot ${action}: the answer has another shape than documented`);
    }
    const orders = data.map((order) => checked<Order>(order, action));
    yield orders.filter(({ id }) => !before.has(id));
    before = new Set(orders.map(({ id }) => id));
    if (all) last = total;
  }
}

/** Whole pages were printed: the error says how many rows, and where to go on. */
function brokenOff(error: unknown, seen: { rows: number; page: number }): unknown {
  if (!(error instanceof AppError) || error.kind === "pipe-closed") return error;
  const resume = `autocom orders list --per-page 100 --page ${seen.page}`;
  return new AppError(error.kind, `${error.message} (after ${seen.rows} rows)`, {
    ...error,
    hint: `${error.hint ? `${error.hint}; ` : ""}go on with: ${resume}`,
    more: { rows: seen.rows, next_page: seen.page },
  });
}

function wholeNumber(flag: string, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,7}$/.test(text) ? Number(text) : 0;
    if (number >= 1 && number <= most) return number;
    throw new AppError("usage", `cannot use ${flag} "${text}": it is no whole number from 1 to ${most}`);
  };
}
