import { AppError } from "../errors.ts";

/** Nobody approved within so many milliseconds. `paste`: the address could be pasted. Loaded when that is so. */
export function late(lifetime: number, paste: boolean): AppError {
  const time = lifetime >= 120_000 ? `${Math.round(lifetime / 60_000)} minutes` : `${lifetime / 1000} s`;
  return new AppError(
    "unauthenticated",
    `not logged in: no answer from the browser within ${time} (an error page there means a wrong client id or ` +
      "redirect URI; a 403, that another login was open in a second tab; a page that stays after Authorize, that the " +
      "platform's form-action policy blocks the way back)",
    {
      hint: (paste ? "when the browser cannot connect to 127.0.0.1, paste that page's address here; " : "") +
        "close other login tabs, then: autocom auth login",
    },
  );
}
