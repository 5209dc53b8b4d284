import { choice, open, profileOf, standings, tenantsOf } from "../../account.ts";
import { checkTenant } from "../../config/mod.ts";
import { AppError } from "../../errors.ts";
import { some } from "../../output/mod.ts";
import { ONLINE, text, verb } from "../../cli/mod.ts";

export const use = verb({
  name: "use",
  needs: { before: ONLINE.before, after: ["read", "write"] },
  examples: ["autocom tenants use globex", "autocom tenants use acme --quiet"],
  summary: "choose the tenant for the commands that follow",
  does: "Check that you may work in a tenant, and save it for the commands that follow; an address that --api-url or " +
    "AUTOCOM_API_URL gave is saved with it.",
  args: [{ name: "slug", about: "the tenant's slug, as tenants list shows it", value: text("slug", "tenant") }],
  async run(app, _given, word) {
    const slug = checkTenant(word, "<slug>");
    const api = await app.api();
    const tenants = await tenantsOf(api);
    if (!tenants.some(({ id }) => id === slug)) {
      const yours = open(await standings(api, tenants));
      const meant = yours.find((id) => id.toLowerCase() === slug.toLowerCase());
      throw new AppError("tenant", `cannot use tenant "${slug}": you are not a member of it`, {
        hint: choice(yours, some(yours), meant),
      });
    }
    // Members of a suspended tenant are refused there.
    await profileOf(api, { tenant: slug, action: `use tenant "${slug}"` });
    // A tenant is one of its server: an address of this run's own is saved with it, as by a login.
    const { apiUrl, source } = await app.server();
    const own = source === "--api-url" || source === "AUTOCOM_API_URL";
    const [address] = own
      ? await app.settings.save({ api_url: apiUrl, tenant: slug })
      : await app.settings.save({ tenant: slug }, "api_url");
    if (own && address!.changed) await app.say.note(`Saved api_url = ${apiUrl} in ${app.settings.path()}.`);
    const { AUTOCOM_API_URL, AUTOCOM_TENANT } = app.system.env;
    const isHidden = AUTOCOM_TENANT !== undefined && AUTOCOM_TENANT !== slug;
    await app.say.note(
      isHidden ? `Saved tenant = ${slug} in ${app.settings.path()}.` : `Commands now work in tenant ${slug}.`,
    );
    if (AUTOCOM_API_URL && source === "--api-url") await app.say.warn(hidden("AUTOCOM_API_URL", "address"));
    if (isHidden) await app.say.warn(hidden("AUTOCOM_TENANT", "tenant"));
  },
});

function hidden(variable: string, what: string): string {
  return `${variable} is set: commands use it instead of the saved ${what}; to end that: unset ${variable}`;
}
