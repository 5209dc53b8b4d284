import type { System } from "../system/mod.ts";
import type { Layer } from "./call.ts";

/** By which a server knows a change again, and its row in the audit log is found. */
export type Marks = Readonly<Record<"idempotency-key" | "x-request-id", string>>;

export function marks({ random }: Pick<System, "random">): Marks {
  return { "idempotency-key": random.uuid(), "x-request-id": random.uuid() };
}

/** Gives the request its `X-Request-Id`, unless it has one, and says on the debug log what went out and came back: no query, no body. */
export function trace(to: { system: Pick<System, "clock" | "random">; debug: (line: string) => void }): Layer {
  return (next) => async (call) => {
    const { clock, random } = to.system;
    const id = call.headers["x-request-id"] ?? random.uuid();
    const { method, url } = call;
    const began = clock.now();
    to.debug(`> ${method} ${url.origin}${url.pathname} request-id=${id}`);
    const answer = await next({ ...call, headers: { ...call.headers, "x-request-id": id } });
    const took = clock.now() - began;
    to.debug(`< ${answer.status} in ${took} ms request-id=${answer.headers.get("X-Request-Id") ?? id}`);
    // It stands in hints, to be typed: of a server's only what a shell reads as one plain word.
    if (!/^\w[\w.:@=+\/-]{0,199}$/.test(answer.headers.get("X-Request-Id") ?? "")) ids.set(answer, id);
    return answer;
  };
}

/** The ids of answers that do not say theirs: to make another answer, with a header more, costs as much as to read it. */
const ids = new WeakMap<Response, string>();

/** The headers of an answer, with the id that it has or that it was asked with. */
export function withId(answer: Response): { headers: Headers } {
  const id = ids.get(answer);
  if (id === undefined) return answer;
  const headers = new Headers(answer.headers);
  headers.set("X-Request-Id", id);
  return { headers };
}
