/** What tests of commands that ask the platform have in common: a token, and a platform that answers what it is told. */
import assert from "node:assert/strict";
import type { Clock, Fetch } from "../../src/system/mod.ts";
import { pat, type User, type World, world } from "./harness.ts";

/** A world with a personal access token in the environment, and acme as its tenant: no login, no keychain. */
export async function withToken(user: User = "owner", changes: Partial<World> = {}): Promise<World> {
  const made = await world(changes);
  // Signing a token takes longer than a command.
  const token = changes.fetch ? "a-token-that-nobody-looks-at" : pat(made.sandbox, user);
  made.env = { AUTOCOM_TOKEN: token, AUTOCOM_TENANT: "acme", ...made.env };
  return made;
}

/** A platform that answers what it was told, and remembers what it was asked. */
export interface Script extends Fetch {
  asked: Request[];
  /** How many of its answers nobody has asked for. A world in which that is so at the end fails its test. */
  left(): number;
}

/** Answers with these in turn, the last one again and again. Without any it must not be asked. */
export function scripted(...answers: (() => Response | Promise<Response>)[]): Script {
  const asked: Request[] = [];
  const fetch = async (request: Request) => {
    asked.push(request.clone());
    request.signal.throwIfAborted();
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (!answer) throw new Error(`nobody was to be asked: ${request.url}`);
    return await answer();
  };
  return Object.assign(fetch, { asked, left: () => Math.max(0, answers.length - asked.length) });
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}) => () =>
  Response.json(body, { status, headers });

export const html = (body: string, status = 200) => () =>
  new Response(body, { status, headers: { "Content-Type": "text/html; charset=utf-8" } });

/** A GraphQL answer with one error, as webonyx writes it. */
export const refused = (message: string, extensions?: Record<string, unknown>, data: unknown = { orders: null }) =>
  json({ errors: [{ message, ...extensions ? { path: ["orders"], extensions } : {} }], ...extensions ? { data } : {} });

export interface Order {
  id: string;
  order_number: string;
  status: string;
  total: string;
  currency: string;
  created_at: string;
}

/** The vendor's example, or another one like it. */
export function order(number = 1, changes: Partial<Order> = {}): Order {
  return {
    id: `01J0000000000000000000${String(number).padStart(4, "0")}`,
    order_number: `ORD-20260503-${String(number).padStart(3, "0")}`,
    status: "pending",
    total: "2999.00",
    currency: "INR",
    created_at: "2026-05-03T10:14:22Z",
    ...changes,
  };
}

/** One page of orders. */
export const page = (orders: unknown, total_pages = 1) =>
  json({ data: { orders: { data: orders, meta: { current_page: 1, total_pages, total_items: 0, per_page: 100 } } } });

/** The JSON error on stderr: exactly one line, the last, behind nothing but warnings and debug lines. */
export function envelope(stderr: string): Record<string, unknown> {
  const lines = stderr.trimEnd().split("\n");
  const last = lines.pop()!;
  for (const line of lines) assert.match(line, /^(debug|warning): /);
  assert.ok(stderr.endsWith("\n"));
  const { error, ...rest } = JSON.parse(last);
  assert.deepEqual(rest, {});
  return error;
}

/** A world where nobody waits: the clock stands still, a wait between two tries is over at once, and is noted. */
export function hasty(waits: number[] = []): Pick<World, "system" | "env"> {
  const clock: Clock = {
    now: () => Date.parse("2026-05-03T10:00:00Z"),
    async sleep(ms, signal) {
      if (ms < LIMIT * 1000) return void waits.push(ms / 1000);
      await new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason)));
    },
  };
  return { system: { clock }, env: { AUTOCOM_TIMEOUT: String(LIMIT) } };
}

/** Seconds: longer than any wait between two tries, so that the alarms of a request can be told from them. */
const LIMIT = 100;
