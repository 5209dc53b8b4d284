/**
 * The login that a hint names, with what this one was given: else it would be another login, of another account, or one
 * that a browser has to approve. Loaded when a login fails.
 *
 * @module
 */

import { AppError } from "../../errors.ts";
import { shellQuote } from "../../storage/mod.ts";
import type { Given } from "./perform.ts";

export function onceMore(error: unknown, tenant: string | undefined, given: Given): unknown {
  if (!(error instanceof AppError) || !error.hint) return error;
  const hint = error.hint.replace(/(?<=autocom auth login)[^;]*/g, (own) => own + missing(own, tenant, given));
  return hint === error.hint ? error : Object.assign(error, { hint });
}

/** The options that the command has not. A token is never repeated: stdin takes it. */
function missing(own: string, tenant: string | undefined, given: Given): string {
  const { clientId, browser, tokenStdin, withToken, store, force } = given;
  const byToken = tokenStdin || withToken !== undefined || own.includes("--token-stdin");
  const words: [flag: string, value: string | boolean | undefined][] = [
    ["--token-stdin", byToken],
    ["--tenant", tenant],
    ["--store", store],
    ["--client-id", byToken ? undefined : clientId],
    ["--no-browser", !byToken && !browser],
    ["--force", force],
  ];
  return words.filter(([flag, value]) => value && !own.includes(flag))
    .map(([flag, value]) => ` ${flag}${typeof value === "string" ? ` ${shellQuote(value)}` : ""}`).join("");
}
