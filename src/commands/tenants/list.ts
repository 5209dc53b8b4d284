import { type Tenant, tenantsOf } from "../../account/mod.ts";
import { list as rows, type View } from "../../output/mod.ts";
import { ONLINE, verb } from "../../cli/mod.ts";

type Row = Tenant & { current: boolean };

const TENANTS: View<Row> = {
  columns: {
    TENANT: { key: "id" },
    NAME: "name",
    ROLE: "role",
    CURRENT: ({ current }) => current ? "*" : "",
  },
  fields: ["id", "name", "role", "current"],
};

export const list = verb({
  name: "list",
  aliases: ["ls"],
  needs: ONLINE,
  examples: ["autocom tenants list", "autocom tenants list -o json"],
  summary: "list the tenants you belong to",
  does: "List the tenants you belong to, with your role in each; the one in use is marked.",
  async run(app) {
    const destination = await app.destination();
    const current = await app.tenant();
    const tenants = await tenantsOf(await app.api());
    const writer = rows(destination, TENANTS, "You are a member of no tenant.");
    await writer.page(tenants.map((tenant) => ({ ...tenant, current: tenant.id === current })));
    await writer.end();
  },
});
