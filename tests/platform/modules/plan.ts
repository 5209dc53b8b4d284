/**
 * What the generated modules are called and who may use them.
 *
 * @module
 */

/** A module: its things in the singular, what can be done with one, and the permissions of reading and changing. */
export interface Plan {
  things: readonly [string, string, string, string];
  actions: readonly [string, string, string, string];
  view: string;
  edit: string;
}

const plan = (things: string, actions: string, view: string, edit: string): Plan => ({
  things: things.split(" ") as unknown as Plan["things"],
  actions: actions.split(" ") as unknown as Plan["actions"],
  view,
  edit,
});

/** 24 of the 25 modules; the last, `lab`, is written by hand and holds what is hard. */
export const PLANS: Record<string, Plan> = {
  accounting: plan("ledger entry account statement", "close post reopen export", "reports.view", "reports.create"),
  analytics: plan("dashboard funnel cohort goal", "refresh rebuild pin archive", "reports.view", "reports.create"),
  crm: plan("contact deal segment task", "merge win recalculate finish", "customers.view", "customers.edit"),
  email: plan("campaign template audience sender", "schedule test sync verify", "marketing.view", "marketing.create"),
  giftcards: plan("card batch redemption design", "block print revert publish", "marketing.view", "marketing.create"),
  helpdesk: plan(
    "ticket macro queue article",
    "assign apply pause publish",
    "communication.view",
    "communication.send_email",
  ),
  integrations: plan("connection mapping webhook job", "test apply rotate retry", "settings.view", "settings.edit"),
  inventory: plan("bin movement count reservation", "lock revert approve release", "products.view", "products.edit"),
  invoices: plan("invoice creditNote reminder series", "void issue send reset", "orders.view", "orders.edit"),
  loyalty: plan("member reward tier campaign", "enroll grant recalculate pause", "marketing.view", "marketing.create"),
  marketplace: plan("listing channel feed fee", "publish pause refresh waive", "products.view", "products.edit"),
  notifications: plan(
    "message channel preference digest",
    "resend mute reset send",
    "communication.view",
    "communication.send_email",
  ),
  payments: plan("payment payout dispute gateway", "capture retry contest disable", "orders.view", "orders.refund"),
  pricing: plan(
    "priceList rule markdown currency",
    "activate simulate extend refresh",
    "products.view",
    "products.edit",
  ),
  promotions: plan(
    "coupon discount bundle banner",
    "disable extend split publish",
    "marketing.view",
    "marketing.create",
  ),
  reports: plan("report schedule export template", "run pause cancel copy", "reports.view", "reports.create"),
  returns: plan("request inspection pickup policy", "approve finish reschedule publish", "orders.view", "orders.edit"),
  reviews: plan("review question badge invite", "hide answer award resend", "customers.view", "customers.edit"),
  shipping: plan(
    "label manifest courier rate",
    "cancel close suspend expire",
    "shipping.view",
    "shipping.create_label",
  ),
  subscriptions: plan("plan subscription renewal box", "retire pause skip swap", "orders.view", "orders.edit"),
  suppliers: plan(
    "supplier purchaseOrder receipt contract",
    "block confirm accept renew",
    "products.view",
    "products.edit",
  ),
  taxes: plan("zone class exemption filing", "merge archive revoke submit", "settings.view", "settings.edit"),
  warehouse: plan("location wave pick shipment", "close release confirm hold", "products.view", "products.edit"),
  workflows: plan("workflow run trigger step", "enable cancel fire skip", "workflows.view", "workflows.run"),
};

/** The modules by their names, in order. */
export const MODULES: readonly string[] = [...Object.keys(PLANS), "lab"].toSorted();

/**
 * `all`, `none`, or names with commas; `-name` takes one away: `all,-loyalty`.
 * @throws an Error that names what is no module.
 */
export function modulesOf(text: string): string[] {
  const chosen = new Set<string>();
  for (const word of text.split(",").map((one) => one.trim()).filter(Boolean)) {
    const name = word.replace(/^-/, "");
    if (name === "all") { for (const one of MODULES) chosen.add(one); }
    else if (name === "none") chosen.clear();
    else if (!MODULES.includes(name)) throw new Error(`there is no module "${name}"`);
    else if (word === name) chosen.add(name);
    else chosen.delete(name);
  }
  return [...chosen].toSorted();
}
