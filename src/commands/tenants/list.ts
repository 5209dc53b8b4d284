import { standings, TENANT, tenantsOf } from "../../account.ts";
import { ONLINE, verb } from "../../cli/mod.ts";
import { fields, type View, view } from "../../fields/mod.ts";
import { askedOf, CHOOSE, chosen, printNames } from "../../kinds/mod.ts";
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
  prints: ROW,
  options: CHOOSE,
  async run(app, { fields: names, query }) {
    const rowsOf = { plural: "tenants" };
    const destination = await (await askedOf(app, query, { of: ROW, fields: names, rows: rowsOf })).destination();
    if (names === true) return await printNames(destination, ROW);
    const face: View<never> = names === undefined ? view(ROW) : await chosen(ROW, names);
    const current = await app.tenant();
    using kept = await keepTenants(app.system, (await app.server()).origin);
    const api = await app.api();
    const tenants = await standings(api, await tenantsOf(api));
    await kept.keep(tenants.map(({ id }) => id));
    const writer = rows(destination, face, { none: "You are a member of no tenant." });
    await writer.page(tenants.map((tenant) => ({ ...tenant, current: tenant.id === current })) as never[]);
    await writer.end();
  },
});
