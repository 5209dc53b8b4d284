import { member } from "../../api/mod.ts";
import type { App } from "../../app.ts";
import { AppError } from "../../errors.ts";
import { detail, safe, type View } from "../../output/mod.ts";
import { type Command, ONLINE } from "../verb.ts";
import { absent, type Brief, BRIEF_ORDER, find, FIND_ORDER, isId, named } from "./find.ts";
import { checked, type Order, ORDERS } from "./order.ts";

/** A mutation of one order. */
export interface Change {
  /** Completes "cannot …": `cancel the order`. */
  action: string;
  document: string;
  /** The mutation's field in the answer. */
  field: string;
  /** Beside the order's id. */
  variables: Record<string, unknown>;
  /** What will be different, shown before it is asked for: `cancelled`. */
  becomes: string;
}

export interface Options {
  yes?: true | undefined;
  dryRun?: true | undefined;
}

/** A verb that changes an order looks it up first; both documents stand beside its own. */
export const LOOK_UP = { FindOrder: FIND_ORDER, BriefOrder: BRIEF_ORDER };
export const NEEDS = ONLINE;

/** The two options that every change has. */
export function confirmable<A extends unknown[], O extends Record<string, unknown>>(command: Command<A, O>) {
  return command
    .option("--yes", "do it without asking; needed where nobody can be asked")
    .option("--dry-run", "send nothing: print the document and its variables");
}

/** Shows what will change, asks, sends, and says what finds it in the audit log. */
export async function change(app: App, text: string, options: Options, to: Change): Promise<void> {
  const wanted = named(text);
  const destination = await app.destination();
  if (options.dryRun) return await detail(destination, DRY, dry(wanted, to));
  if (!options.yes && !app.interactive) {
    throw new AppError("usage", `cannot ${to.action} "${wanted}": nobody can be asked whether it is meant`, {
      hint: "add --yes, or --dry-run to see what would be sent",
    });
  }
  const tenant = await app.tenant();
  const api = await app.api();
  const order = await find(api, wanted, to.action);
  await app.say.ask(`Order ${order.order_number} of tenant ${tenant}: ${order.status} → ${to.becomes}`);
  await confirm(app, order, options);
  const { data, requestId } = await api.mutate(to.document, { id: order.id, ...to.variables }, to.action)
    .catch(absent(wanted));
  const changed = checked<Order>(member(data, to.field), to.action);
  await detail(destination, ORDERS, changed);
  await app.say.note(
    `Order ${changed.order_number} is ${changed.status}. Request ${requestId}: autocom audit list --request-id ${requestId}`,
  );
}

async function confirm({ system, paint }: App, order: Brief, { yes }: Options): Promise<void> {
  if (yes || await system.io.prompt.confirm(safe(`Change order ${order.order_number}?`), paint)) return;
  throw new AppError("failure", `order ${order.order_number} was not changed: you said no`);
}

interface Dry {
  document: string;
  variables: Record<string, unknown>;
}

const DRY: View<Dry> = {
  columns: {
    DOCUMENT: ({ document }) => document.replaceAll(/\s+/g, " "),
    VARIABLES: ({ variables }) => JSON.stringify(variables),
  },
  fields: ["document", "variables"],
};

/** Nothing is sent, so an order number stays one: its id would have to be asked for. */
function dry(wanted: string, { document, variables }: Change): Dry {
  const id = isId(wanted) ? wanted : `(the id of ${wanted})`;
  return { document, variables: { id, ...variables } };
}
