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

const MOST_PER_PAGE = 100;

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
    const filters = {
      per_page: options.perPage ?? (options.all ? MOST_PER_PAGE : 20),
      status: options.status,
      payment_status: options.paymentStatus,
      customer_id: options.customer?.trim(),
      search: options.search?.trim(),
      from: options.from === undefined ? undefined : from(options.from),
      to: options.to === undefined ? undefined : to(options.to),
    };
    const destination = await app.destination();
    const api = await app.api(options.all ? STREAM_MARGIN : undefined);
    const writer = rows(destination, ORDERS);
    const seen = { rows: 0, page: options.page };
    let last: Page | undefined;
    try {
      for await (last of pages(api, filters, options.page, options.all ?? false)) {
        await writer.page(last.orders);
        seen.rows += last.orders.length;
        seen.page++;
      }
    } catch (error) {
      throw options.all && seen.rows > 0 ? brokenOff(error, seen) : error;
    } finally {
      await writer.end();
    }
    const rest = last && destination.format === "table" ? last.pages - options.page : 0;
    if (!options.all && rest > 0) {
      await app.say.note(`Page ${options.page} of ${last!.pages}. More: --page ${options.page + 1}, or --all.`);
    }
  },
});

interface Page {
  orders: Order[];
  /** How many pages there are. */
  pages: number;
}

/** The pages from `first` on, one or all. A row that the page before showed is left out: rows move while one pages. */
async function* pages(
  api: Api,
  filters: Record<string, unknown>,
  first: number,
  all: boolean,
): AsyncIterable<Page> {
  const action = "list orders";
  let before = new Set<string>();
  for (let page = first, more = true; more; page++) {
    const answer = member(await api.query(DOCUMENT, { page, ...filters }, action), "orders");
    const data = member(answer, "data");
    const total = member(member(answer, "meta"), "total_pages");
    if (!Array.isArray(data) || typeof total !== "number") {
      throw new AppError("server", `cannot ${action}: the answer has another shape than documented`, {
        hint: "server and autocom disagree: autocom doctor",
      });
    }
    const orders = data.map((order) => checked<Order>(order, action));
    yield { orders: orders.filter(({ id }) => !before.has(id)), pages: total };
    before = new Set(orders.map(({ id }) => id));
    more = all && page < total && orders.length > 0;
  }
}

/** Whole pages were printed: the error says how many rows, and where to go on. */
function brokenOff(error: unknown, seen: { rows: number; page: number }): unknown {
  if (!(error instanceof AppError) || error.kind === "pipe-closed") return error;
  return new AppError(error.kind, `${error.message} (after ${seen.rows} rows)`, {
    ...error,
    hint: `${error.hint ? `${error.hint}; ` : ""}to go on, add to the same command: --page ${seen.page}`,
    more: { rows: seen.rows, next_page: seen.page },
  });
}

function wholeNumber(flag: string, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,7}$/.test(text) ? Number(text) : 0;
    if (number >= 1 && number <= most) return number;
    throw new AppError("usage", `cannot use ${flag} "${text}": it is no whole number from 1 to ${most}`, {
      hint: `write it like ${flag} 1`,
    });
  };
}
