import { filter } from "../../cli/mod.ts";
import { selection } from "../../fields/mod.ts";
import { changing } from "../../kinds/mod.ts";
import { LOOK_UP, towards, WHICH } from "./which.ts";
import { absent, wanted } from "./find.ts";
import { ORDER } from "./order.ts";

const DOCUMENT = `mutation CancelOrder($id: ID!, $reason: String) {
  orders_cancel(id: $id, reason: $reason) { ${selection(ORDER)} }
}`;

const ACTION = "cancel the order";

export const cancel = changing({
  name: "cancel",
  documents: { CancelOrder: DOCUMENT, ...LOOK_UP },
  examples: [
    'autocom orders cancel ORD-20260503-1814 --reason "out of stock" --yes',
    "autocom orders cancel ORD-20260503-1814 --dry-run",
  ],
  summary: "cancel an order",
  does: "Cancel an order, after showing it and asking.",
  permission: "orders.cancel",
  of: ORDER,
  action: ACTION,
  document: DOCUMENT,
  field: "orders_cancel",
  args: [WHICH],
  options: { reason: { about: "kept in the order's notes", value: filter("text", "") } },
  typed: { id: "<order>" },
  check: (_given, order) => void wanted(order),
  prepare: (api, { reason }, order) =>
    towards(api, { order, action: ACTION, status: "cancelled", reason, variables: { reason } }),
  refused: (order) => absent(wanted(order)),
});
