import { AppError } from "../errors.ts";
import { errorsOf, json, malformed, member } from "./answer.ts";
import type { Answer } from "./call.ts";
import type { Exchanged } from "./mod.ts";

/**
 * Why an answer is none, for who prints its bytes: `outcome` is `nothing` for an empty 2xx. With `graphql` errors in the
 * body count. What is not JSON may be printed when the status is fine and it is no HTML page.
 */
export async function judge(exchanged: Exchanged, now: number, graphql: boolean): Promise<AppError | undefined> {
  const { answer, outcome } = exchanged;
  const asked: typeof exchanged.asked = { ...exchanged.asked, typed: true };
  const ok = answer.status >= 200 && answer.status < 300;
  if (ok && answer.body.length === 0 && !graphql) return undefined;
  if (ok && !graphql && !isJson(answer) && !isPage(answer)) return undefined;
  try {
    return await outcome(async () => {
      const body = await json(answer, graphql ? exchanged.asked : asked, now);
      // A batch has an answer for each.
      const results = !graphql ? [] : Array.isArray(body) && body.length > 0 ? body : [body];
      if (results.some((one) => errorsOf(one).length > 0)) {
        throw (await import("./refused.ts")).graphqlFailure(results, answer, asked, now);
      }
      for (const one of results) {
        const data = member(one, "data");
        if (typeof data !== "object" || data === null) throw await malformed(asked, answer);
      }
      return undefined;
    });
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

function isJson({ headers }: Answer): boolean {
  return /\bjson\b/i.test(headers.get("Content-Type") ?? "");
}

/** HTML where an API was asked is a proxy's, or maintenance. */
function isPage({ headers, body }: Answer): boolean {
  const beginning = new TextDecoder().decode(body.subarray(0, 64));
  return /\bhtml\b/i.test(headers.get("Content-Type") ?? "") || /^\s*<(!doctype|html)/i.test(beginning);
}
