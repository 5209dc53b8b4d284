import { text, verb } from "../../cli/mod.ts";
import { change, CONFIRMABLE, LOOK_UP, NEEDS } from "./change.ts";

const DOCUMENT = `mutation CancelOrder($id: ID!, $reason: String) {
  orders_cancel(id: $id, reason: $reason) { id order_number status total currency created_at }
}`;

export const cancel = verb({
  name: "cancel",
  needs: NEEDS,
  documents: { CancelOrder: DOCUMENT, ...LOOK_UP },
  examples: [
    'autocom orders cancel ORD-20260503-1814 --reason "out of stock" --yes',
    "autocom orders cancel ORD-20260503-1814 --dry-run",
  ],
  summary: "cancel an order",
  does: "Cancel an order, after showing it and asking.",
  permission: "orders.cancel",
  changes: true,
  args: [{ name: "order", about: "its id, or its order number", value: text("order") }],
  options: { reason: { about: "kept in the order's notes", value: text("text") }, ...CONFIRMABLE },
  run: async (app, options, order) =>
    await change(app, order, options, {
      action: "cancel the order",
      document: DOCUMENT,
      field: "orders_cancel",
      variables: { reason: options.reason?.trim() || undefined },
      becomes: "cancelled",
    }),
});
