import { failure, member } from "../api/mod.ts";
import { AppError, type Kind } from "../errors.ts";

/**
 * What an error of the token endpoint means, in both dialects (league 8 answers a dead refresh token with 401
 * `invalid_request`). Pure. Only `unauthenticated` means that the grant is dead; everything else keeps the tokens.
 */
export function classify(
  status: number,
  body: unknown,
  at: { origin: string; clientId: string; action: string; renewal?: boolean; retryAfter?: number | undefined },
): AppError {
  const { action, origin, retryAfter } = at;
  // In the words of every other command; what the server or a proxy is busy with says nothing about the grant.
  if (status === 407 || status === 429 || status >= 500) {
    const message = member(body, "message");
    const said = typeof message === "string" && message !== "" ? { message } : {};
    return failure({ status, retryAfter, ...said }, { action, origin, central: true });
  }
  // RFC 6749, section 5.2: with another status it is not the token endpoint's word.
  const error = status === 400 || status === 401 ? member(body, "error") : undefined;
  const description = member(body, "error_description");
  if (error === "invalid_grant" || (status === 401 && isDead(error, description)) || isSpentCode(status, body)) {
    return new AppError("unauthenticated", `${at.origin} did not accept the login (expired, used or revoked)`, {
      hint: "autocom auth login",
      status,
    });
  }
  if (error === "invalid_client" || error === "unauthorized_client") {
    return new AppError("failure", `${at.origin} does not know the client id "${at.clientId}"`, {
      // A session is renewed with the id that it was obtained with, whatever is set now.
      hint: `${
        at.renewal ? "" : "set AUTOCOM_CLIENT_ID to the platform's own, or: "
      }autocom auth login --client-id UUID`,
      status,
    });
  }
  if (typeof error === "string") {
    return new AppError(
      "failure",
      `${at.origin} refused the token request (${/^\w{1,40}$/.test(error) ? error : "error"})`,
      {
        status,
      },
    );
  }
  const what = status >= 300 && status < 400 ? "a redirect" : "no token answer";
  return new AppError("server", `cannot ${action}: ${origin} answered with ${what} (status ${status})`, {
    hint: "maintenance, a proxy, or not the API? check the address: autocom config get api_url",
    status,
  });
}

function isDead(error: unknown, description: unknown): boolean {
  return error === "invalid_request" && description === "The refresh token is invalid.";
}

/** League 8 on a code that was used, has expired or is garbage: the words stand in `hint` or in the description. */
function isSpentCode(status: number, body: unknown): boolean {
  const words = [member(body, "error_description"), member(body, "hint")].filter((one) => typeof one === "string").join(
    " ",
  );
  return status === 400 && member(body, "error") === "invalid_request" &&
    /authorization code (has|is)|the authorization code/i.test(words);
}

const SELF_EXPLAINED: Kind[] = ["unauthenticated", "interrupted", "hangup", "terminated"];

/**
 * What failed says what it was for: the person may have asked for something else. `spent`: only a login from its beginning
 * is a way on, because a code is good for one request, whatever became of it.
 */
export function withAction(error: unknown, action: string, spent: boolean): unknown {
  if (!(error instanceof AppError) || SELF_EXPLAINED.includes(error.kind)) return error;
  const { kind, message } = error;
  const full = message.startsWith(`cannot ${action}`) ? message : `cannot ${action}: ${message}`;
  return new AppError(kind, full, { ...error, ...spent && { hint: afresh(error.hint) } });
}

function afresh(hint: string | undefined): string {
  if (hint?.includes("autocom auth login") || hint?.startsWith("try again")) return hint;
  return `${hint ? `${hint}; then: ` : ""}autocom auth login`;
}
