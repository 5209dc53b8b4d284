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

/** The server finds a customer's orders by the id alone, which has a digit whatever its form is. */
export function mustBeId(customer: string): void {
  if (/\d/.test(customer) && !/[@\s]/.test(customer)) return;
  const isEmail = customer.includes("@");
  const [first = ""] = /^\w[\w+.-]*(?=\s|$)/.exec(customer) ?? [];
  const find = isEmail
    ? `autocom customers get ${/^[\w.@+-]+$/.test(customer) ? customer : "EMAIL"} --fields id`
    : `autocom customers list --search ${first || "NAME"} --fields id,first_name,last_name`;
  const what = isEmail ? "an e-mail" : /^[\p{L}\s.'-]+$/u.test(customer) ? "a name" : `"${customer.slice(0, 40)}"`;
  throw new AppError("usage", `--customer takes a customer's id, not ${what}`, {
    hint: `find it: ${find}`,
  });
}
