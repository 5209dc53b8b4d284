import { AppError } from "../../errors.ts";
import { searchFor } from "../../nearest.ts";

export function notFound(word: string, requestId?: string, isPart = false): AppError {
  return new AppError("not-found", `there is no order "${word}" in this tenant`, {
    hint: searchFor("autocom orders list", word, isPart),
    ...(requestId ? { requestId } : {}),
  });
}

export function tooMany(number: string, pages: number): AppError {
  return new AppError("not-found", `order "${number}" is not among the first ${pages * 100} search results`, {
    hint: "write the whole order number, or the order's id: autocom orders list --fields order_number,id",
  });
}

/** The server finds a customer's orders by the id alone. */
export function notAnId(email: string): AppError {
  return new AppError("usage", "--customer takes a customer's id, not an e-mail", {
    hint: `find it: autocom customers get ${/^[\w.@+-]+$/.test(email) ? email : "EMAIL"} --fields id`,
  });
}
