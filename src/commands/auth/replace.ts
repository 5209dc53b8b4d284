import type { App } from "../../app.ts";
import { AppError } from "../../errors.ts";
import type { Person } from "./identify.ts";
import type { Stored } from "./keep.ts";

const UNKNOWN = "an account whose e-mail is not known";

/** Asks whether another session may go, and throws when it may not. */
export async function replace(app: App, origin: string, person: Person, { found, other }: Stored): Promise<void> {
  const email = found?.access?.email;
  const now = person.email ?? (email ? "another account" : "one, too");
  const change = found
    ? `${email || UNKNOWN} is logged in to ${origin}; you are now ${now}`
    : `the keychain keeps one session under the name of ${new URL(origin).host}, and has that of ${other}`;
  const question = `${change}. Replace the session?`;
  if (app.interactive && await app.system.io.prompt.confirm(question, app.paint, "yes")) return;
  const both = found ? "" : "keep both: autocom auth login --store file; or ";
  throw new AppError("usage", `not logged in: ${change}`, {
    hint: `${both}replace it: autocom auth login --force`,
  });
}
