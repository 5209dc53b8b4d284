import { oneOf, text, verb } from "../../cli/mod.ts";
import { change, CONFIRMABLE, LOOK_UP, NEEDS } from "./change.ts";
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
  summary: "move an order to another status",
  does: "Move an order to another status, after showing it and asking.",
  permission: "orders.edit",
  changes: true,
  args: [
    { name: "order", about: "its id, or its order number", value: text("order") },
    { name: "status", about: "the new status", value: oneOf("status", STATUSES) },
  ],
  options: CONFIRMABLE,
  run: async (app, options, order, status) =>
    await change(app, order, options, {
      action: "update the order",
      document: DOCUMENT,
      field: "orders_update_status",
      variables: { status },
      becomes: status,
    }),
});
