import { profileOf } from "../../account/mod.ts";
import { state, tokenVariable } from "../../auth/mod.ts";
import { detail, type View } from "../../output/mod.ts";
import { ONLINE, verb } from "../../cli/mod.ts";

interface Person {
  name: string | null;
  email: string | null;
  tenant: string | null;
  role: string | null;
  api_url: string;
}

const STORED: View<Person> = {
  columns: { NAME: "name", EMAIL: "email", TENANT: "tenant", API_URL: "api_url" },
  fields: ["name", "email", "tenant", "api_url"],
};

const ASKED: View<Person> = {
  columns: { NAME: "name", EMAIL: "email", TENANT: "tenant", ROLE: "role", API_URL: "api_url" },
  fields: ["name", "email", "tenant", "role", "api_url"],
};

export const whoami = verb({
  name: "whoami",
  needs: ONLINE,
  examples: ["autocom whoami", "autocom whoami --refresh -o json"],
  summary: "show who you are",
  does: "Show the account of the session and the tenant in use, as they were at login.",
  options: { refresh: { about: "ask the server: also shows your role (AUTOCOM_TOKEN always asks)" } },
  async run(app, options) {
    const destination = await app.destination();
    const { apiUrl, origin } = await app.server();
    const tenant = await app.tenant() ?? null;
    if (!options.refresh && !tokenVariable(app.system)) {
      const now = await state(app.system, app.sessions, origin);
      if (now.is === "none") throw await now.error();
      const { name = null, email = null } = now.is === "stored" ? now.found.access ?? {} : {};
      return await detail(destination, STORED, { name, email, tenant, role: null, api_url: apiUrl });
    }
    const profile = await profileOf(await app.api());
    await detail(destination, ASKED, { ...profile, tenant: profile.tenant ?? tenant, api_url: apiUrl });
  },
});
