import { member } from "../../api/mod.ts";
import { selection } from "../../fields/mod.ts";
import { showing } from "../../kinds/mod.ts";
import { WHICH } from "./which.ts";
import { absent, FIND_ORDER, findByNumber, isId, notFound, wanted } from "./find.ts";
import { FULL_ORDER } from "./full_order.ts";

const DOCUMENT = `query Order($id: ID!) {
  order(id: $id) { ${selection(FULL_ORDER)} }
}`;

const ACTION = "show the order";

export const get = showing({
  name: "get",
  aliases: ["view", "show"],
  documents: { Order: DOCUMENT, FindOrder: FIND_ORDER },
  examples: ["autocom orders get ORD-20260503-1814", "autocom orders get ORD-20260503-1814 -o json"],
  summary: "show one order",
  does: "Show one order with its items and amounts.",
  permission: "orders.view",
  of: FULL_ORDER,
  action: ACTION,
  args: [WHICH],
  check: (order) => void wanted(order),
  async look(api, order) {
    const word = wanted(order);
    const { id } = isId(word) ? { id: word } : await findByNumber(api, word, ACTION);
    const found = member(await api.query(DOCUMENT, { id }, ACTION).catch(absent(word)), "order");
    if (found === null) throw await notFound(word);
    return found;
  },
});
