import { member } from "../../api/mod.ts";
import { AppError } from "../../errors.ts";
import { type Fields, fields, selection } from "../../fields/mod.ts";

/** How to reach somebody: kept from whoever lacks the permission. */
const CONTACT = fields({
  email: { is: "text", column: "EMAIL", key: true, nullable: true, about: "needs customers.view_sensitive" },
  phone: { is: "text", nullable: true, about: "needs customers.view_sensitive" },
});

/** A customer as a list shows it. */
export const CUSTOMER = fields({
  id: { is: "text", column: "ID", spare: true },
  first_name: { is: "text", column: "FIRST NAME", nullable: true },
  last_name: { is: "text", column: "LAST NAME", nullable: true },
  ...CONTACT,
  total_orders: { is: "number", column: "ORDERS" },
  total_spent: { is: "money", column: "SPENT" },
  tags: { is: "texts", column: "TAGS" },
});

/** A customer with all that belongs to it. */
export const FULL_CUSTOMER = fields({
  ...CUSTOMER,
  phone: { ...CONTACT.phone, column: "PHONE", key: true },
  accepts_marketing: { is: "switch", column: "MARKETING" },
  source_module: { is: "text", column: "SOURCE", about: "the module that it comes from" },
  created_at: { is: "instant", column: "CREATED" },
});

/** What a document asks for: with the way to reach them, or without. */
export function select({ email, phone, ...of }: Fields, contact: boolean): string {
  return selection({ ...of, ...contact && email && { email }, ...contact && phone && { phone } });
}

const SENSITIVE = "customers.view_sensitive";

export const LACKS = `e-mail and phone are left out: the permission "${SENSITIVE}" is missing`;

/** Just that is refused. */
export function isHidden(error: unknown): error is AppError {
  return error instanceof AppError && error.kind === "forbidden" && error.message.includes(`"${SENSITIVE}"`);
}

/** Asks with them; once more without them when just that is refused. What is left out is null in `filled`. */
export class Contact {
  /** Unset until it is known. */
  #allowed: boolean | undefined;

  get isHidden(): boolean {
    return this.#allowed === false;
  }

  async ask<T>(query: (contact: boolean) => Promise<T>): Promise<T> {
    if (this.#allowed === false) return await query(false);
    try {
      const answer = await query(true);
      this.#allowed = true;
      return answer;
    } catch (error) {
      if (!isHidden(error)) throw error;
      const answer = await query(false);
      this.#allowed = false;
      return answer;
    }
  }

  filled(row: unknown): unknown {
    if (!this.isHidden || typeof row !== "object" || row === null) return row;
    return { ...row, email: member(row, "email") ?? null, phone: member(row, "phone") ?? null };
  }
}
