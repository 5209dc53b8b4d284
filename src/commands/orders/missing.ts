import { AppError } from "../../errors.ts";
import { searchFor } from "../../nearest.ts";

export function notFound(word: string, requestId?: string): AppError {
  return new AppError("not-found", `there is no order "${word}" in this tenant`, {
    hint: `search for it: ${searchFor("autocom orders list", word)}`,
    ...(requestId ? { requestId } : {}),
  });
}

export function tooMany(number: string, pages: number): AppError {
  return new AppError("not-found", `order "${number}" is not among the first ${pages * 100} search results`, {
    hint: "write the whole order number, or the order's id: autocom orders list --fields order_number,id",
  });
}
