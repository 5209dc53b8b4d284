import { standings, TENANT, tenantsOf } from "../../account/mod.ts";
import { ONLINE, verb } from "../../cli/mod.ts";
import { fields, view } from "../../fields/mod.ts";
import { list as rows } from "../../output/mod.ts";
import { keepTenants } from "../../storage/mod.ts";

const ROW = fields({
  id: { ...TENANT.id, column: "TENANT", key: true },
  name: { ...TENANT.name, column: "NAME" },
  role: { ...TENANT.role, column: "ROLE" },
  status: { ...TENANT.status, column: "STATUS" },
  current: { is: "switch", column: "CURRENT", made: true, cell: (current) => current ? "*" : "" },
});

export const list = verb({
  name: "list",
  aliases: ["ls"],
  needs: ONLINE,
  examples: ["autocom tenants list", "autocom tenants list -o json"],
  summary: "list the tenants you belong to",
  does: "List the tenants you belong to, with your role in each and whether it lets you in; the one in use is marked.",
  async run(app) {
    const destination = await app.destination();
    const current = await app.tenant();
    using kept = await keepTenants(app.system, (await app.server()).origin);
    const api = await app.api();
    const tenants = await standings(api, await tenantsOf(api));
    await kept.keep(tenants.map(({ id }) => id));
    const writer = rows(destination, view(ROW), { none: "You are a member of no tenant." });
    await writer.page(tenants.map((tenant) => ({ ...tenant, current: tenant.id === current })));
    await writer.end();
  },
});
