import { Argument, type Command, verb } from "../verb.ts";
import { change, confirmable, LOOK_UP, NEEDS } from "./change.ts";
import { STATUSES } from "./order.ts";

const DOCUMENT = `mutation UpdateOrderStatus($id: ID!, $status: String!) {
  orders_update_status(id: $id, status: $status) { id order_number status total currency created_at }
}`;

export const updateStatus = verb({
  name: "update-status",
  needs: NEEDS,
  documents: { UpdateOrderStatus: DOCUMENT, ...LOOK_UP },
  examples: [
    "autocom orders update-status ORD-20260503-1814 shipped --yes",
    "autocom orders update-status ORD-20260503-1814 shipped --dry-run",
  ],
  command: (command: Command) =>
    confirmable(
      command
        .summary("move an order to another status")
        .description("Move an order to another status, after showing it and asking.")
        .argument("<order>", "its id, or its order number")
        .addArgument(new Argument("<status>", "the new status").choices(STATUSES)),
    ),
  run: async (app, options, order, status) =>
    await change(app, order, options, {
      action: "update the order",
      document: DOCUMENT,
      field: "orders_update_status",
      variables: { status },
      becomes: status,
    }),
});
