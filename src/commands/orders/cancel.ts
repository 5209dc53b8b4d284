import { type Command, verb } from "../verb.ts";
import { change, confirmable, LOOK_UP, NEEDS } from "./change.ts";

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
  command: (command: Command) =>
    confirmable(
      command
        .summary("cancel an order")
        .description("Cancel an order, after showing it and asking.")
        .argument("<order>", "its id, or its order number")
        .option("--reason <text>", "kept in the order's notes"),
    ),
  run: async (app, options, order) =>
    await change(app, order, options, {
      action: "cancel the order",
      document: DOCUMENT,
      field: "orders_cancel",
      variables: { reason: options.reason?.trim() || undefined },
      becomes: "cancelled",
    }),
});
