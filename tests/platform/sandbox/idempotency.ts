import { problem } from "./answers.ts";
import { callerOf } from "./gates.ts";
import type { Incoming } from "./incoming.ts";
import type { Platform } from "./platform.ts";

/** A change with an `Idempotency-Key` is carried out once: the same request again gets the same answer again. */
export function once(platform: Platform, request: Incoming, answer: () => Response): Response {
  const key = request.headers.get("idempotency-key");
  const caller = key && platform.options.idempotency ? callerOf(platform, request) : undefined;
  if (!caller || !request.path.startsWith("api/")) return answer();
  const name = `${caller.user.id}/${request.headers.get("x-tenant")}/${key}`;
  const body = `${request.method} ${request.path} ${JSON.stringify(request.form)}`;
  const before = platform.answered.get(name);
  if (before && before.body !== body) {
    return problem(422, "IDEMPOTENCY_MISMATCH", "This idempotency key was used for another request.");
  }
  if (before) {
    const { status, headers } = before.response;
    const again = new Response(before.response.clone().body, { status, headers });
    again.headers.set("idempotent-replayed", "true");
    return again;
  }
  const response = answer();
  const carriedOut = request.changes && response.status < 500 && ![401, 429].includes(response.status);
  if (carriedOut) platform.answered.set(name, { body, response: response.clone() });
  return response;
}
