import { AppError } from "../errors.ts";
import { type Check, quote } from "./checks.ts";

/** An OAuth client's id: a UUID or another key that holds a digit, or the number of an older Passport. */
const checkClientId: Check<string> = (text, from) => {
  const id = text.trim();
  if (/^(?=.*\d)[A-Za-z0-9-]{1,64}$/.test(id)) return id;
  throw new AppError("usage", `cannot use ${from} ${quote(text)}: it is not a client id`, {
    hint: "it is a UUID like 019e2c5a-7d1f-7000-8000-000000000000, or a number",
  });
};

/** `local`, or a name of the IANA's, as the runtime writes it; an alias (Asia/Kolkata) stays what it is. */
const checkTimeZone: Check<string> = (text, from) => {
  const name = text.trim();
  if (name.toLowerCase() === "local") return "local";
  if (/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) {
    try {
      const found = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
      return found.toLowerCase() === name.toLowerCase() ? found : name;
    } catch { /* there is none of that name */ }
  }
  throw new AppError("usage", `cannot use ${from} ${quote(text)}: there is no such time zone`, {
    hint: "use a name like Europe/Paris, or UTC, or local",
  });
};

/** Loaded when such a value is given: most runs have none. */
export const RARE = { "client-id": checkClientId, "time-zone": checkTimeZone };
