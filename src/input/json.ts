/** JSON whose numbers keep their digits when they are sent: money may have more of them than a number holds. */
export function digits(json: string): unknown {
  const keep = (_name: string, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === "number" && source !== undefined ? JSON.rawJSON(source) : value;
  return JSON.parse(json, keep);
}

/** Why a text could not be read as JSON: what is nested deeper than the stack is JSON all the same. */
export const whyNot = (error: unknown): string => error instanceof RangeError ? "nests too deep" : "is no JSON";
