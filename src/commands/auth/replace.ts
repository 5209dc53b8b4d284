import type { App } from "../../app.ts";
import { AppError } from "../../errors.ts";
import type { Person } from "./identify.ts";

/** Asks whether another session may go, and throws when it may not. `email`: its account's; undefined when it is the other scheme's. */
export async function replace(app: App, origin: string, person: Person, email: string | undefined): Promise<void> {
  const change = email === undefined
    ? `the keychain keeps one session for http and https of ${new URL(origin).host}, and has the other one's`
    : `${email} is logged in to ${origin}; you are now ${person.email ?? "another account"}`;
  const question = `${change}. Replace the session?`;
  if (app.interactive && await app.system.io.prompt.confirm(question, app.paint, "yes")) return;
  const both = email === undefined ? "keep both: autocom auth login --store file; or " : "";
  throw new AppError("usage", `not logged in: ${change}`, {
    hint: `${both}replace it: autocom auth login --force`,
  });
}
