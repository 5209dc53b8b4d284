/** Numbers of an answer with digits that the program's own would lose: money, which came as text, is none of them. */
export const numbers = new WeakSet<object>();

/** The digits of a number that is an id; what is no number stays what it was. */
export function digits(value: unknown): unknown {
  return typeof value === "number" || JSON.isRawJSON(value) ? JSON.stringify(value) : value;
}
