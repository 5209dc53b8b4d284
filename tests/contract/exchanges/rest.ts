/** REST beyond the gates: lists, single things, account, and what Laravel answers to a wrong request. */

import type { Exchanges } from "./mod.ts";
import type { Scene } from "../scene.ts";

const paths = {
  "orders, two of them": "orders?per_page=2",
  "orders of a status": "orders?per_page=1&status=pending&payment_status=pending",
  "orders between two times": "orders?from=2026-01-01T07:00:00Z&to=2026-01-01T10:00:00%2B00:00",
  "products with text that a terminal must not be given": "products?page=4&per_page=6",
  "customers with names of many scripts": "customers?search=customer1&per_page=12",
  "a page beyond the end": "orders?page=9999&per_page=2",
  "a page that is none": "orders?page=0",
  "bad values": "orders?status=nope&per_page=1000&from=yesterdayish",
  "a list where one value is asked for": "orders?status[]=pending",
  "an order that is not there": "orders/00000000-0000-4000-8000-000000000000",
  "an empty audit log": "activity-logs",
  "a path that is none": "nope",
};

export const rest: Exchanges = {
  ...Object.fromEntries(
    Object.entries(paths).map((
      [name, path],
    ) => [name, (scene: Scene) => scene.api(path, { as: "owner", tenant: "acme" })]),
  ),
  async "an order with its items"(scene) {
    const list = await (await scene.api("orders?per_page=1&to=2026-01-01T08:00:00Z", { as: "owner", tenant: "acme" }))
      .json();
    return scene.api(`orders/${list.data[0].id}`, { as: "owner", tenant: "acme" });
  },
  "an order of another tenant": async (scene) => {
    const list = await (await scene.api("orders?per_page=1", { as: "owner", tenant: "acme" })).json();
    return scene.api(`orders/${list.data[0].id}`, { as: "owner", tenant: "globex" });
  },
  "a method that is none": (scene) => scene.api("orders", { as: "owner", tenant: "acme", method: "DELETE" }),
  "what methods there are, without a token": (scene) => scene.api("orders", { method: "OPTIONS" }),
  "bad values, and the client takes any type": (scene) =>
    scene.api("orders?status=nope", { as: "owner", tenant: "acme", accept: "*/*" }),
  "a path that is none as a page": (scene) => scene.api("nope", { accept: "text/html" }),
  "a method that is none as a page": (scene) => scene.api("orders", { method: "DELETE", accept: "*/*" }),
  "the profile": (scene) => scene.api("profile", { as: "agent", tenant: "globex" }),
  "the tenants of a user": (scene) => scene.api("auth/tenants", { as: "owner" }),
  "the tenants of a user without one": (scene) => scene.api("auth/tenants", { as: "nobody" }),
  async "an audit row"(scene) {
    const headers = { "x-request-id": "one-mutation-of-mine", "user-agent": "autocom/test" };
    await (await scene.graphql('mutation { orders_cancel(id: "5", reason: "a/b") { id } }', { headers })).body
      ?.cancel();
    return scene.api("activity-logs?request_id=one-mutation-of-mine", { as: "owner", tenant: "acme" });
  },
  async "a logout, and another"(scene) {
    const { access_token, refresh_token } = await scene.signIn();
    const logout = () => scene.api("auth/logout", { method: "POST", bearer: access_token });
    return [await logout(), await logout(), await scene.refresh(refresh_token)];
  },
  async "a logout that forgets the refresh token"(scene) {
    await scene.control.set({ LOGOUT: "naive" });
    const { access_token, refresh_token } = await scene.signIn();
    return [
      await scene.api("auth/logout", { method: "POST", bearer: access_token }),
      await scene.api("auth/tenants", { bearer: access_token }),
      await scene.refresh(refresh_token),
    ];
  },
  async "a logout with a personal access token revokes it"(scene) {
    const logout = () => scene.api("auth/logout", { method: "POST", as: "manager" });
    return [await logout(), await logout()];
  },
};
