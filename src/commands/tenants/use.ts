import { choice, profileOf, tenantsOf } from "../../account.ts";
import { checkTenant } from "../../config/mod.ts";
import { AppError } from "../../errors.ts";
import { some } from "../../output/mod.ts";
import { ONLINE, text, verb } from "../../cli/mod.ts";

export const use = verb({
  name: "use",
  needs: { before: ONLINE.before, after: ["read", "write"] },
  examples: ["autocom tenants use globex", "autocom tenants use acme --quiet"],
  summary: "choose the tenant for the commands that follow",
  does: "Check that you may work in a tenant, and save it for the commands that follow.",
  args: [{ name: "slug", about: "the tenant's slug, as tenants list shows it", value: text("slug", "tenant") }],
  async run(app, _given, word) {
    const slug = checkTenant(word, "<slug>");
    const api = await app.api();
    const yours = (await tenantsOf(api)).map(({ id }) => id);
    if (!yours.includes(slug)) {
      const meant = yours.find((id) => id.toLowerCase() === slug.toLowerCase());
      throw new AppError("tenant", `cannot use tenant "${slug}": you are not a member of it`, {
        hint: choice(yours, some(yours), meant),
      });
    }
    // Members of a suspended tenant are refused there.
    await profileOf(api, { tenant: slug, action: `use tenant "${slug}"` });
    await app.settings.set("tenant", slug);
    await app.say.note(`Commands now work in tenant ${slug}.`);
    if (app.system.env.AUTOCOM_TENANT) {
      await app.say.warn("AUTOCOM_TENANT is set: commands use it instead of the saved tenant");
    }
  },
});
