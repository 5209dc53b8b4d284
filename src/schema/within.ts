import type { Book, Operation } from "./book.ts";
import { objectOf, pageOf } from "./paged.ts";

/** The names that `--fields` takes at the place that is typed, and in what is there: `customer.` → `customer.email`. */
export function namesWithin(book: Book, { returns }: Operation, typed: string): string[] {
  const whole = objectOf(book, returns);
  const way = typed.split(".").slice(0, -1);
  const fieldsOf = (type = "") =>
    objectOf(book, type)?.fields.filter(({ demanding, deprecated }) => !demanding && !deprecated) ?? [];
  let fields = fieldsOf((whole && pageOf(book, whole))?.name ?? returns);
  for (const part of way) fields = fieldsOf(fields.find(({ name }) => name === part)?.type);
  const before = way.map((part) => `${part}.`).join("");
  return fields.flatMap(({ name, type }) => [
    before + name,
    ...fieldsOf(type).map((inner) => `${before}${name}.${inner.name}`),
  ]);
}
