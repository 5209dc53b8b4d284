import { member } from "../../api/mod.ts";
import { AppError } from "../../errors.ts";
import { checker, fields, isSameAmount, selection, sum } from "../../fields/mod.ts";
import { given, money } from "../../input/mod.ts";
import { changing } from "../../kinds/mod.ts";
import { absent, FIND_ORDER, findByNumber, isId, notFound, wanted } from "./find.ts";
import { WHICH } from "./which.ts";

/** An order with what was paid for it and paid back. */
export const REFUNDED = fields({
  id: { is: "text" },
  order_number: { is: "text", column: "ORDER", key: true },
  payment_status: { is: "text", column: "PAYMENT" },
  total: { is: "money", column: "TOTAL" },
  amount_paid: { is: "money", column: "PAID" },
  amount_refunded: { is: "money", column: "REFUNDED" },
  currency: { is: "text", column: "CURRENCY" },
});

const LOOK = `query PaidOrder($id: ID!) {
  order(id: $id) { ${selection(REFUNDED)} }
}`;

const DOCUMENT = `mutation RefundOrder($id: ID!, $amount: Money, $currency: String, $reason: String) {
  orders_process_refund(id: $id, amount: $amount, currency: $currency, reason: $reason) { ${selection(REFUNDED)} }
}`;

const ACTION = "refund the order";

export const refund = changing({
  name: "refund",
  documents: { RefundOrder: DOCUMENT, PaidOrder: LOOK, FindOrder: FIND_ORDER },
  examples: [
    "autocom orders refund ORD-20260503-1819 --amount 10.50 --reason damaged --yes",
    "autocom orders refund ORD-20260503-1819 --dry-run",
  ],
  summary: "pay back what was paid for an order",
  does:
    "Pay back an amount, or all that was paid and not yet refunded, after showing it and asking. The server decides " +
    "what may be refunded.",
  permission: "orders.refund",
  of: REFUNDED,
  action: ACTION,
  document: DOCUMENT,
  field: "orders_process_refund",
  args: [WHICH],
  options: {
    amount: { about: "how much, as digits: 10.50", value: money, otherwise: "all that is left" },
    currency: { about: "refused unless it is the order's", value: given("code") },
    reason: { about: "kept in the order's notes", value: given("text") },
  },
  typed: { id: "<order>" },
  words: ["Refund", "refunded"],
  told: ({ order_number, amount_refunded, currency }) =>
    `order ${order_number} is refunded: ${amount_refunded} ${currency} in all`,
  check: (_given, order) => void wanted(order),
  async prepare(api, { amount, currency, reason }, order) {
    const word = wanted(order);
    const { id } = isId(word) ? { id: word } : await findByNumber(api, word, ACTION);
    const found = member(await api.query(LOOK, { id }, ACTION).catch(absent(word)), "order");
    if (found === null) throw await notFound(word);
    const row = checker(REFUNDED, ACTION)(found);
    const { amount_paid: paid, amount_refunded: before } = row;
    // What was shown is what is sent, whatever is paid meanwhile.
    const left = amount === undefined ? sum(paid, before, -1n) : undefined;
    const wants = amount ?? left;
    if (left !== undefined && (left.startsWith("-") || isSameAmount(left, "0"))) {
      const isBack = !isSameAmount(before, "0");
      const why = isBack ? `of ${paid} ${row.currency} paid ${before} are refunded already` : "nothing is paid yet";
      throw new AppError("rejected", `cannot ${ACTION}: ${why}`, {
        hint: `${
          isBack ? "nothing is left of it; " : ""
        }whether an amount can be refunded is the server's to say: --amount 10.50`,
      });
    }
    return {
      what: `order ${row.order_number}`,
      before: { amount_refunded: before },
      after: { amount_refunded: wants === undefined ? paid : sum(before, wants) ?? wants },
      change: currency !== undefined && currency !== row.currency
        ? `${wants ?? "all"} ${currency} (the order is in ${row.currency})`
        : `${wants ?? "all"} ${row.currency}, refunded ${before} → ${
          wants === undefined ? paid : sum(before, wants) ?? "?"
        } of ${paid} paid`,
      again: true,
      reason,
      variables: { id: row.id, amount: wants, currency, reason },
      row,
    };
  },
  refused: (order) => absent(wanted(order)),
});
