/** Requests that are waited for: the runtime collects a request's signal that nobody else holds, and what listens to it. */
const waiting = new Set<Request>();

/** Never resolves; rejects with the reason when the request is given up. */
export async function givenUp(request: Request): Promise<never> {
  waiting.add(request);
  const { signal } = request;
  try {
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw signal.reason;
  } finally {
    waiting.delete(request);
  }
}
