/** The three gates of REST: every way to be refused at each, in their order. */

import type { Exchanges } from "./mod.ts";
import { each, REFUSED_TENANTS, REFUSED_TOKENS } from "./refusals.ts";

export const gates: Exchanges = {
  "gate 1: no token": (scene) => scene.api("profile", { tenant: "acme" }),
  "gate 1: another scheme": (scene) =>
    scene.api("profile", { tenant: "acme", headers: { authorization: `Token ${scene.pat("owner")}` } }),
  "gate 1: a scheme in lower case passes": (scene) =>
    scene.api("auth/tenants", { headers: { authorization: `bearer ${scene.pat("owner")}` } }),
  "gate 1: a token in the address": (scene) =>
    scene.api(`profile?access_token=${scene.pat("owner")}`, { tenant: "acme" }),
  "gate 1: no token, and the client takes any type": (scene) => scene.api("profile", { tenant: "acme", accept: "*/*" }),
  "gate 1: no token, and the client wants a page": (scene) => scene.api("profile", { accept: "text/html" }),
  ...each(REFUSED_TOKENS, (name, token) => ({
    [`gate 1: ${name}`]: async (scene) => scene.api("profile", { bearer: await token(scene), tenant: "acme" }),
  })),
  "gate 1 comes before gate 2": (scene) => scene.api("orders", { bearer: "unknown", tenant: "nowhere" }),
  async "gate 1 comes after gate 2 where tenancy is first"(scene) {
    await scene.control.set({ TENANCY_FIRST: "1", ERRORS: "stock" });
    return scene.api("orders", { tenant: "nowhere" });
  },
  ...each(REFUSED_TENANTS, (name, ask) => ({
    [`gate 2: ${name}`]: (scene) => scene.api("orders?per_page=1", ask),
    async [`gate 2, the package's own error: ${name}`](scene) {
      await scene.control.set({ ERRORS: "stock" });
      return scene.api("orders?per_page=1", ask);
    },
  })),
  "gate 2: named in the address": (scene) => scene.api("orders?per_page=1&tenant=globex", { as: "owner" }),
  "gate 2: the header wins over the address": (scene) =>
    scene.api("orders?per_page=1&tenant=globex", { as: "owner", tenant: "acme" }),
  "gate 2 comes before gate 3": (scene) => scene.api("activity-logs", { as: "viewer", tenant: "nowhere" }),
  "gate 3: the permission is missing": (scene) => scene.api("activity-logs", { as: "viewer", tenant: "acme" }),
  async "gate 3: the package's own error"(scene) {
    await scene.control.set({ ERRORS: "stock" });
    return scene.api("activity-logs", { as: "viewer", tenant: "acme" });
  },
  async "gate 3: the package's own error as a page"(scene) {
    await scene.control.set({ ERRORS: "stock" });
    return scene.api("activity-logs", { as: "viewer", tenant: "acme", accept: "*/*" });
  },
  "gate 3: a role holds in its own tenant only": (scene) =>
    scene.api("activity-logs", { as: "owner", tenant: "globex" }),
};
