import { AppError, type Details, isSystemError, type Kind } from "../errors.ts";
import type { Fetch, ThroughProxy } from "../system/mod.ts";
import type { Send } from "./call.ts";
import type { At } from "./cause.ts";

/** A request that got no answer, or a part of one. */
export class ConnectionFailure extends AppError {
  /** True when it cannot have been carried out: it was never sent. */
  readonly unsent: boolean;
  /** True when what is safe to repeat is worth another try. */
  readonly brokeOff: boolean;
  /** True when the runtime may have sent it twice before it gave up. */
  twice = false;

  constructor(
    kind: Kind,
    message: string,
    { unsent = false, brokeOff = false, ...details }: Details & { unsent?: boolean; brokeOff?: boolean },
  ) {
    super(kind, message, details);
    this.unsent = unsent;
    this.brokeOff = brokeOff;
  }
}

/**
 * The innermost layer: it follows no redirect (which would re-send a body, token and all), and a request that fails
 * does so in our words; whatever else goes wrong above is a defect of ours.
 *
 * What is no read is sent once. The runtime repeats a request whose connection was closed without an answer when it has
 * the body's bytes, or when there is no body (measured on 2.7.11: two POSTs); what it gets as a stream, and be that empty,
 * it cannot send again. A change would be made twice, and a code or a refresh token that arrives twice looks like a replay.
 * A read is not worth a stream: one a page is a tenth of a long list's time, and the first 2 ms of a start.
 */
export function transport(fetch: Fetch): Send {
  return async ({ url, method, headers, body = "", signal, read }) => {
    // Pairs are taken as they are; a record is looked through for what it could be instead.
    const init: RequestInit = { method, headers: Object.entries(headers), redirect: "manual", ...signal && { signal } };
    if (!/^(GET|HEAD)$/.test(method)) init.body = read ? body : new Response(body).body;
    const sent = fetch.unmade ? fetch.unmade(url, init) : fetch(new Request(url, init));
    const answer = await sent.catch(async (error: unknown) => {
      if (error instanceof AppError) throw error;
      const failure = await transportFailure(error, url);
      if (failure instanceof ConnectionFailure) failure.twice = read === true || init.body === undefined;
      throw failure;
    });
    if (answer.status < 200 || answer.status > 599) {
      await answer.body?.cancel();
      throw new AppError("server", `what ${url.host} answered is not HTTP (status ${answer.status})`, {
        hint: "check the address: autocom config get api_url",
      });
    }
    return answer;
  };
}

/** What the runtime says, to be looked through and never shown; since 2.9 it stands in `cause`. */
export function words(error: unknown): string {
  return error instanceof Error ? `${error.message} ${words(error.cause)}` : "";
}

/** A failed `fetch` in the words of `causes.ts`. One that was given up because time ran out keeps its own. */
export async function transportFailure(error: unknown, url: URL): Promise<AppError> {
  const proxied = isSystemError(error, "ThroughProxy") ? error as ThroughProxy : undefined;
  const proxy = proxied && seen(proxied);
  if (proxied?.cause instanceof AppError) return stopped(proxied.cause, proxy!);
  const { causeOf } = await import("./causes.ts");
  // Without addresses: a host's name may hold any of the table's words. Bounded: a certificate may have any number of names.
  const report = words(error).replaceAll(url.href, "").slice(0, 4_000).split(" ").filter((word) =>
    !word.includes("://")
  ).join(" ");
  const { kind, message, ...details } = causeOf(report, { host: url.host, ...proxy && { proxy } });
  return new ConnectionFailure(kind, message, details);
}

function seen({ proxy: { url, variable, shown } }: ThroughProxy): NonNullable<At["proxy"]> {
  const login = url.username !== "" || url.password !== "";
  return { shown, variable, login, tls: url.protocol === "https:" };
}

/** Time ran out, or the person ended it. */
function stopped(reason: AppError, { shown, variable }: NonNullable<At["proxy"]>): AppError {
  if (reason.kind !== "network") return reason;
  return new ConnectionFailure("network", `${reason.message}, through the proxy ${shown}`, {
    hint: `check ${variable}; or allow more time with --timeout`,
  });
}
