import { tenantsOf } from "../../account/mod.ts";
import { checkTenant } from "../../config/mod.ts";
import { AppError } from "../../errors.ts";
import { Command, verb } from "../verb.ts";

export const use = verb({
  needs: { before: ["net", "read", "run", "write"], after: ["read", "write"] },
  examples: ["autocom tenants use globex", "autocom tenants use acme --quiet"],
  command: () =>
    new Command("use")
      .summary("choose the tenant of the next commands")
      .description("Save a tenant as the default of the next commands, after checking that it is one of yours.")
      .argument("<slug>", "the tenant's slug, as tenants list shows it"),
  async run(app, _options, text) {
    const slug = checkTenant(text, "<slug>");
    const tenants = await tenantsOf(await app.api());
    if (!tenants.some(({ id }) => id === slug)) {
      const yours = tenants.map(({ id }) => id).join(", ");
      throw new AppError("tenant", `cannot use tenant "${slug}": you are not a member of it`, {
        hint: yours ? `yours are: ${yours}` : "ask an administrator for an invitation",
      });
    }
    await app.settings.set("tenant", slug);
    await app.say.note(`Commands now work in tenant ${slug}.`);
    if (app.system.env.AUTOCOM_TENANT) await app.say.warn("AUTOCOM_TENANT is set: it goes before the saved tenant");
  },
});
