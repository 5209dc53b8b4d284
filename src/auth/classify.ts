import { member } from "../api/mod.ts";
import { AppError } from "../errors.ts";

/**
 * What an error of the token endpoint means, in both dialects (league 8 answers a dead refresh token with 401
 * `invalid_request`). Pure. Only `unauthenticated` means that the grant is dead; everything else keeps the tokens.
 */
export function classify(
  status: number,
  body: unknown,
  at: { origin: string; clientId: string; retryAfter?: number | undefined },
): AppError {
  const error = member(body, "error");
  const description = member(body, "error_description");
  if (error === "invalid_grant" || (status === 401 && isDead(error, description)) || isSpentCode(status, body)) {
    return new AppError("unauthenticated", `${at.origin} did not accept the login (expired, used or revoked)`, {
      hint: "autocom auth login",
      status,
    });
  }
  if (error === "invalid_client" || error === "unauthorized_client") {
    return new AppError("failure", `${at.origin} does not know the client id "${at.clientId}"`, {
      hint: "name the platform's own: autocom auth login --client-id UUID or AUTOCOM_CLIENT_ID",
      status,
    });
  }
  if (typeof error === "string" && status < 429) {
    return new AppError(
      "failure",
      `${at.origin} refused the token request (${/^\w{1,40}$/.test(error) ? error : "error"})`,
      {
        status,
      },
    );
  }
  if (status === 429) {
    const when = at.retryAfter === undefined ? "in a minute" : `in ${at.retryAfter} s`;
    return new AppError("rate-limited", `${at.origin} limits the rate of logins`, {
      hint: `try again ${when}`,
      status,
    });
  }
  const what = status >= 300 && status < 400 ? "a redirect" : "no token answer";
  return new AppError("server", `${at.origin} answered with ${what} (status ${status})`, {
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
