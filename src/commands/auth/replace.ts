import type { App } from "../../app.ts";
import type { Found } from "../../auth/mod.ts";
import { AppError } from "../../errors.ts";
import type { Person } from "./identify.ts";

const UNKNOWN = "an account whose e-mail is not known";

/** Asks whether another session may go, and throws when it may not. `before`: undefined when it is the other scheme's. */
export async function replace(app: App, origin: string, person: Person, before: Found | undefined): Promise<void> {
  const email = before?.access?.email;
  const now = person.email ?? (email ? "another account" : "one, too");
  const change = before
    ? `${email || UNKNOWN} is logged in to ${origin}; you are now ${now}`
    : `the keychain keeps one session for http and https of ${new URL(origin).host}, and has the other one's`;
  const question = `${change}. Replace the session?`;
  if (app.interactive && await app.system.io.prompt.confirm(question, app.paint, "yes")) return;
  const both = before ? "" : "keep both: autocom auth login --store file; or ";
  throw new AppError("usage", `not logged in: ${change}`, {
    hint: `${both}replace it: autocom auth login --force`,
  });
}
