import type { Fetch, System } from "../system/mod.ts";

/** Gives the request its `X-Request-Id` and says on the debug log what went out and came back: no query, no body. */
export function trace(
  to: { system: Pick<System, "clock" | "random">; debug: (line: string) => void },
): (next: Fetch) => Fetch {
  return (next) => async (request) => {
    const { clock, random } = to.system;
    const id = request.headers.get("X-Request-Id") ?? random.uuid();
    request.headers.set("X-Request-Id", id);
    const url = new URL(request.url);
    const began = clock.now();
    to.debug(`> ${request.method} ${url.origin}${url.pathname} request-id=${id}`);
    const answer = await next(request);
    const took = clock.now() - began;
    to.debug(`< ${answer.status} in ${took} ms request-id=${answer.headers.get("X-Request-Id") ?? id}`);
    if (answer.headers.has("X-Request-Id")) return answer;
    const named = new Headers(answer.headers);
    named.set("X-Request-Id", id);
    return new Response(answer.body, { status: answer.status, headers: named });
  };
}
