/**
 * Sends 1,000 requests of junk to a login's listener, then the valid one, in a process of its own, whose memory nothing
 * else uses. Prints how much larger the heap was then, in bytes, as JSON.
 * Run with `--v8-flags=--expose-gc`.
 *
 * @module
 */

import { listen } from "../../../src/auth/callback.ts";
import { newAttempt } from "../../../src/auth/pkce.ts";
import { denoSystem } from "../../../src/system/deno.ts";
import { get, send } from "./sockets.ts";

const { serve, random } = denoSystem();
const attempt = await newAttempt(random);
const callback = listen({ ...serve, ports: [0] }, attempt, "https://api.example.com", () => {});
const port = Number(new URL(callback.redirectUri).port);

const before = await flood(50);
const after = await flood(1_000);
const valid = send(port, get(port, `/callback?code=abc&state=${attempt.state}`));
await callback.code;
await callback.close(true);
const { status } = await valid;
console.log(JSON.stringify({ grown: after - before, status }));

async function flood(count: number): Promise<number> {
  for (let sent = 0; sent < count; sent += 50) {
    await Promise.all(Array.from({ length: 50 }, async (_, at) => {
      const { status } = await send(port, get(port, `/callback?code=${"x".repeat(8_000)}&state=${sent + at}`));
      if (status !== 400) throw new Error(`junk was answered ${status}`);
    }));
  }
  (globalThis as unknown as { gc(): void }).gc();
  return Deno.memoryUsage().heapUsed;
}
