import { AppError } from "../errors.ts";

/** Nobody can approve: a login would wait for its whole time. `why` completes "cannot log in: ". */
export function unattended(why: string): AppError {
  return new AppError("usage", `cannot log in: ${why}`, {
    hint: 'set AUTOCOM_TOKEN, or: echo "$TOKEN" | autocom auth login --token-stdin',
  });
}
