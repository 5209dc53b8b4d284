import { member } from "../../api/mod.ts";
import { type Argument, text } from "../../cli/mod.ts";
import { checker, fields } from "../../fields/mod.ts";
import { found, showing } from "../../kinds/mod.ts";
import { searchFor } from "../../nearest.ts";
import { Contact, FULL_CUSTOMER, isHidden, LACKS, select } from "./customer.ts";

const document = (contact: boolean) =>
  `query ${contact ? "Customer" : "CustomerOnly"}($id: ID!) {
  customer(id: $id) { ${select(FULL_CUSTOMER, contact)} }
}`;

const FIND = `query FindCustomer($search: String, $page: Int) {
  customers(search: $search, page: $page, per_page: 100) { data { id email } meta { total_pages } }
}`;

const FOUND = fields({ id: { is: "text" }, email: { is: "text", nullable: true } });

const ACTION = "show the customer";

const WHICH = {
  name: "customer",
  about: "its e-mail where you may see it, or its id",
  value: text("customer"),
} as const satisfies Argument;

const LIST = "autocom customers list";
const one = found({ noun: "customer", called: "e-mail", list: LIST });

/** The server's search finds an e-mail for whoever may not see it, too. */
const byId = (email: string) => (error: unknown): never => {
  throw isHidden(error) ? Object.assign(error, { hint: `name it by its id; ${searchFor(LIST, email, true)}` }) : error;
};

export const get = showing({
  name: "get",
  aliases: ["view", "show"],
  documents: { Customer: document(true), CustomerOnly: document(false), FindCustomer: FIND },
  examples: ["autocom customers get customer1@acme.test", "autocom customers get customer1@acme.test -o json"],
  summary: "show one customer",
  does: "Show one customer. E-mail and phone are shown to whoever may see them.",
  permission: "customers.view",
  of: FULL_CUSTOMER,
  action: ACTION,
  args: [WHICH],
  check: (customer) => void one.wanted(customer),
  async look(api, customer) {
    const contact = new Contact();
    const row = checker(FOUND, ACTION);
    const shown = await one.one(customer, {
      async one(id) {
        return member(await contact.ask((contact) => api.query(document(contact), { id }, ACTION)), "customer");
      },
      ask: async (search, page) =>
        member(await api.query(FIND, { search, page }, ACTION).catch(byId(search)), "customers"),
      row,
      isMeant: ({ email }, word) => email?.toLowerCase() === word.toLowerCase(),
      action: ACTION,
    });
    return contact.isHidden && typeof shown === "object" ? { ...contact.filled(shown) as object, hidden: true } : shown;
  },
  lacks: (row) => member(row, "hidden") === true ? LACKS : undefined,
});
