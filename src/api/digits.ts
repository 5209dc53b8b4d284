import { numbers } from "./numbers.ts";

/**
 * What `text` holds as JSON, `body`, with the digits of each number that would be another one in it; with `every` of each
 * that would be written otherwise.
 */
export function exact(body: unknown, text: string, every = false): unknown {
  const keep = (_name: string, value: unknown, { source = "" }: { source?: string }) =>
    typeof value === "number" && (every || source.length > 15) && String(value) !== source ? number(source) : value;
  try {
    return JSON.parse(text, keep as (this: unknown, name: string, value: unknown) => unknown);
  } catch {
    return body; // nested deeper than this reads: whoever looks at it says so
  }
}

function number(digits: string): unknown {
  const kept = JSON.rawJSON(digits);
  numbers.add(kept);
  return kept;
}
