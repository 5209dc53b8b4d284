import { oneOf } from "../../cli/mod.ts";
import { selection } from "../../fields/mod.ts";
import { changing } from "../../kinds/mod.ts";
import { LOOK_UP, towards, WHICH } from "./which.ts";
import { absent, wanted } from "./find.ts";
import { ORDER, STATUSES } from "./order.ts";

const DOCUMENT = `mutation UpdateOrderStatus($id: ID!, $status: OrderStatus!) {
  orders_update_status(id: $id, status: $status) { ${selection(ORDER)} }
}`;

const ACTION = "update the order";

export const updateStatus = changing({
  name: "update-status",
  documents: { UpdateOrderStatus: DOCUMENT, ...LOOK_UP },
  examples: [
    "autocom orders update-status ORD-20260503-1814 shipped --yes",
    "autocom orders update-status ORD-20260503-1814 shipped --dry-run",
  ],
  summary: "move an order to another status",
  does: "Move an order to another status, after showing it and asking.",
  permission: "orders.edit",
  of: ORDER,
  action: ACTION,
  document: DOCUMENT,
  field: "orders_update_status",
  args: [WHICH, { name: "status", about: "the new status", value: oneOf("status", STATUSES) }],
  typed: { id: "<order>", status: "<status>" },
  check: (_given, order) => void wanted(order),
  prepare: (api, _given, order, status) => towards(api, { order, action: ACTION, status, variables: { status } }),
  refused: (order) => absent(wanted(order)),
});
