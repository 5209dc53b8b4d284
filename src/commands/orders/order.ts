import { member } from "../../api/mod.ts";
import { AppError } from "../../errors.ts";
import type { View } from "../../output/mod.ts";

/** An order as a list shows it. */
export interface Order {
  id: string;
  order_number: string;
  status: string;
  /** Decimal text, as the server sent it: `2999.00`. */
  total: string;
  currency: string;
  /** RFC 3339, UTC. */
  created_at: string;
}

/** The vendor's five columns and six keys. */
export const ORDERS: View<Order> = {
  columns: {
    ORDER: { key: "order_number" },
    STATUS: "status",
    TOTAL: { right: "total" },
    CURRENCY: "currency",
    CREATED: "created_at",
  },
  fields: ["id", "order_number", "status", { money: "total" }, "currency", "created_at"],
};

export const STATUSES = [
  "pending",
  "confirmed",
  "processing",
  "ready_to_ship",
  "shipped",
  "out_for_delivery",
  "delivered",
  "rto_initiated",
  "rto_received",
  "cancelled",
  "failed",
] as const;

export const PAYMENT_STATUSES = ["pending", "paid", "refunded", "partial", "failed", "cod"] as const;

/** The fields that are asked for, checked to be text: a server's answer is not believed. */
export function checked<T extends Order>(value: unknown, action: string): T {
  for (const name of ["id", "order_number", "status", "total", "currency", "created_at"]) {
    if (typeof member(value, name) !== "string") {
      throw new AppError("server", `cannot ${action}: the answer has an order without ${name}`, {
        hint: "server and autocom disagree: autocom doctor",
      });
    }
  }
  return value as T;
}
