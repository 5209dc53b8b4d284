import { AppError } from "../errors.ts";

/** What `--query` does with JSON: see `kinds/asked.ts`. */
export interface Asked {
  tell(value: unknown): Promise<void>;
  tooLarge(length: number): Promise<AppError>;
}

/** Characters of answers that are kept for an expression. */
export const MOST_ASKED = 1 << 25;

/** Asks an answer; nothing where there is none. A number that the program would write otherwise keeps its digits. */
export async function tellRaw(asked: Asked, body: string | Uint8Array): Promise<void> {
  if (body.length === 0) return;
  if (body.length > MOST_ASKED) throw await asked.tooLarge(body.length);
  await asked.tell(parsed(typeof body === "string" ? body : new TextDecoder().decode(body)));
}

function parsed(json: string): unknown {
  const keep = (_name: string, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === "number" && source !== undefined && String(value) !== source ? JSON.rawJSON(source) : value;
  try {
    return JSON.parse(json, keep as (this: unknown, name: string, value: unknown) => unknown);
  } catch (error) {
    const why = error instanceof RangeError ? "it nests too deep" : "it is not JSON";
    throw new AppError("server", `cannot use --query on the answer: ${why}`, { hint: "leave --query out to see it" });
  }
}
