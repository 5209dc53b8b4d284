import { fields } from "../../fields/mod.ts";

/** An order as a list shows it: the vendor's five columns and six keys. */
export const ORDER = fields({
  id: { is: "text", about: "the API's id" },
  order_number: { is: "text", column: "ORDER", key: true, about: "the number that people use" },
  status: { is: "text", column: "STATUS" },
  total: { is: "money", column: "TOTAL" },
  currency: { is: "text", column: "CURRENCY" },
  created_at: { is: "instant", column: "CREATED", about: "RFC 3339" },
});

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
