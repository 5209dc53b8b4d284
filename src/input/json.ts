import { isShallow } from "../fields/mod.ts";

/**
 * JSON whose numbers keep their digits when they are sent: money may have more of them than a number holds. Throws
 * `RangeError` for what nests deeper than can be shown.
 */
export function digits(json: string): unknown {
  const keep = (_name: string, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === "number" && source !== undefined ? JSON.rawJSON(source) : value;
  const value: unknown = JSON.parse(json, keep);
  if (isShallow(value)) return value;
  throw new RangeError();
}

/** Why a text could not be read as JSON: what nests deeper is JSON all the same. */
export const whyNot = (error: unknown): string => error instanceof RangeError ? "nests too deep" : "is not JSON";
