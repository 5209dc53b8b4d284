/**
 * Requests without a token, to one origin.
 *
 * @module
 */

import type { Fetch } from "../system/mod.ts";
import { json } from "./answer.ts";
import type { Call } from "./call.ts";
import type { Asked } from "./failure.ts";
import { guard } from "./guard.ts";
import { limits } from "./limits.ts";
import type { Connection } from "./mod.ts";
import { trace } from "./trace.ts";
import { transport } from "./transport.ts";

/** A way to one origin within bounds of time and size, with no token: for the token endpoint. */
export function bounded(
  to: Pick<Connection, "system" | "timeout" | "userAgent" | "signal" | "debug" | "waiting"> & {
    origin: string;
    bytes: number;
  },
): Fetch {
  const { system, userAgent } = to;
  const sent = trace(to)(guard(to.origin)(transport(system.fetch)));
  const ask = limits({ ...to, clock: system.clock, answered: () => "read" })(sent);
  return async (request) => {
    const call: Call = {
      method: request.method,
      url: new URL(request.url),
      headers: { ...Object.fromEntries(request.headers), "user-agent": userAgent },
      ...request.body && { body: await request.text() },
    };
    const answer = () => ask(call);
    const { status, headers, body } = await (to.waiting ? to.waiting(call.url.host, answer) : answer());
    return new Response([204, 205, 304].includes(status) ? null : body, { status, headers });
  };
}

/** The JSON of an answer that was asked for without a token; throws what any other answer means. */
export async function bodyOf(answer: Response, asked: Asked, now: number): Promise<unknown> {
  const { status, headers } = answer;
  const requestId = headers.get("X-Request-Id") ?? "";
  return json({ status, headers, requestId, body: new Uint8Array(await answer.arrayBuffer()) }, asked, now);
}
