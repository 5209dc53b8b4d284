import { type Api } from "../../api/mod.ts";
import { type Argument, text } from "../../cli/mod.ts";
import type { Prepared } from "../../kinds/mod.ts";
import { BRIEF_ORDER, find, FIND_ORDER, wanted } from "./find.ts";

/** A verb that changes an order looks it up first; both documents stand beside its own. */
export const LOOK_UP = { FindOrder: FIND_ORDER, BriefOrder: BRIEF_ORDER };

export const WHICH = {
  name: "order",
  about: "its number, or its id",
  value: text("order"),
} as const satisfies Argument;

/** An order that gets another status. `variables` stand beside its id. */
export async function towards(
  api: Api,
  { order, action, status, reason, variables }: {
    order: string;
    action: string;
    status: string;
    reason?: string | undefined;
    variables: Record<string, unknown>;
  },
): Promise<Prepared> {
  const row = await find(api, wanted(order), action);
  return {
    what: `order ${row.order_number}`,
    before: { status: row.status },
    after: { status },
    reason,
    variables: { id: row.id, ...variables },
    row,
  };
}
