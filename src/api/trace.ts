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
    const said = answer.headers.get("X-Request-Id") ?? id;
    to.debug(`< ${answer.status} in ${took} ms request-id=${said}`);
    // It stands in hints, to be typed: of a server's only what a shell reads as one plain word.
    ids.set(answer, /^\w[\w.:@=+\/-]{0,199}$/.test(said) ? said : id);
    return answer;
  };
}

const ids = new WeakMap<Response, string>();

/** The id of an answer that came through here. */
export function idOf(answer: Response): string {
  return ids.get(answer) ?? "";
}
