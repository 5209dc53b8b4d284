/**
 * A platform that has nothing but orders and answers at once: `deno run pages.ts [--rows N] [--delay MS]` prints its
 * address. It stands in a process of its own, so that it takes no time of what is measured.
 *
 * @module
 */

import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { rows: { type: "string", default: "100000" }, delay: { type: "string", default: "0" } },
});
const [rows, delay, size] = [Number(values.rows), Number(values.delay), 100];
const pages = Math.ceil(rows / size);
const made = new Map<number, Uint8Array<ArrayBuffer>>();

/** A page as the platform sends it; made before it is asked for. */
function page(number: number): Uint8Array<ArrayBuffer> {
  const found = made.get(number);
  if (found) return found;
  const first = (number - 1) * size;
  const data = Array.from({ length: Math.max(0, Math.min(size, rows - first)) }, (_, at) => order(first + at));
  const meta = { current_page: number, total_pages: pages, total_items: rows, per_page: size };
  const bytes = new TextEncoder().encode(JSON.stringify({ data: { orders: { data, meta } } }));
  made.set(number, bytes);
  return bytes;
}

function order(at: number) {
  const number = String(at).padStart(6, "0");
  return {
    id: `0196a5a0-0000-4000-8000-000000${number}`,
    order_number: `ORD-20260503-${number}`,
    status: ["pending", "confirmed", "shipped", "delivered"][at % 4],
    total: `${(at % 9_000) + 100}.00`,
    currency: "INR",
    created_at: "2026-05-03T10:14:22Z",
  };
}

for (let number = 1; number <= pages; number++) page(number);

Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(`http://127.0.0.1:${port}`) },
  async (request) => {
    const { variables } = await request.json();
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    // Both get the same bytes: the runtime compresses for whoever says that it can read that, which curl does not.
    const headers = { "Content-Type": "application/json", "Cache-Control": "no-transform" };
    return new Response(page(Number(variables?.page ?? 1)), { headers });
  },
);
