import { profileOf } from "../../account.ts";
import { state, tokenVariable } from "../../auth/mod.ts";
import { ONLINE, verb } from "../../cli/mod.ts";
import { fields, view } from "../../fields/mod.ts";
import { askedOf, CHOOSE } from "../../kinds/mod.ts";
import { detail } from "../../output/mod.ts";

const PERSON = fields({
  name: { is: "text", column: "NAME", nullable: true },
  email: { is: "text", column: "EMAIL", nullable: true },
  tenant: { is: "text", column: "TENANT", nullable: true },
  role: { is: "text", column: "ROLE", nullable: true },
  api_url: { is: "text", column: "API_URL", key: true },
});

/** What is known without asking. */
const { role: _, ...STORED } = PERSON;

export const whoami = verb({
  name: "whoami",
  needs: ONLINE,
  prints: [STORED, PERSON],
  examples: ["autocom whoami", "autocom whoami --refresh -o json"],
  summary: "show who you are",
  does: "Show the account of the session and the tenant in use, as they were at login.",
  options: {
    refresh: { about: "ask the server: also shows your role (AUTOCOM_TOKEN always asks)" },
    query: CHOOSE.query,
  },
  async run(app, options) {
    const destination = await (await askedOf(app, options.query, { of: PERSON })).destination();
    const { apiUrl, origin } = await app.server();
    const tenant = await app.tenant() ?? null;
    if (!options.refresh && !tokenVariable(app.system)) {
      const now = await state(app.system, app.sessions, origin);
      if (now.is === "none") throw await now.error();
      const { name = null, email = null } = now.is === "stored" ? now.found.access ?? {} : {};
      return await detail(destination, view(PERSON, Object.keys(STORED)), {
        name,
        email,
        tenant,
        role: null,
        api_url: apiUrl,
      });
    }
    const profile = await profileOf(await app.api());
    const { name, email, role } = profile;
    await detail(destination, view(PERSON), { name, email, tenant: profile.tenant ?? tenant, role, api_url: apiUrl });
  },
});
