/** What the platform answers when it is busy or down. */

import type { Maintenance, Switches } from "../../platform/control.ts";
import type { Scene } from "../scene.ts";
import type { Exchanges } from "./mod.ts";

const FORMS: Maintenance[] = ["down", "retry", "render", "redirect", "status500"];

function down(form: Maintenance): Exchanges {
  const whenDown = (send: (scene: Scene) => Promise<Response>) => async (scene: Scene) => {
    await scene.control.down(form);
    return await send(scene);
  };
  return {
    [`down (${form}): REST`]: whenDown((scene) => scene.api("orders", { as: "owner", tenant: "acme" })),
    [`down (${form}): REST, and the client takes any type`]: whenDown((scene) =>
      scene.api("orders", { accept: "*/*" })
    ),
    [`down (${form}): GraphQL`]: whenDown((scene) => scene.graphql("{ profile { id } }")),
    [`down (${form}): a refresh`]: whenDown((scene) => scene.refresh("abc")),
    [`down (${form}): the approval page`]: whenDown((scene) => scene.browser().open(scene.authorizePath())),
  };
}

/** The answer to the last of three requests, where two a minute are allowed. */
const third = (switches: Switches, send: (scene: Scene) => Promise<Response>) => async (scene: Scene) => {
  await scene.control.set(switches);
  for (let request = 1; request < 3; request++) await (await send(scene)).body?.cancel();
  return await send(scene);
};

export const operations: Exchanges = {
  ...Object.assign({}, ...FORMS.map(down)),
  "within the limit": (scene) => scene.api("orders?per_page=1", { as: "owner", tenant: "globex" }),
  "too many requests: REST": third({ API_RATE: "2" }, (scene) => scene.api("profile", { as: "owner", tenant: "acme" })),
  "too many requests: REST, and the client takes any type": third(
    { API_RATE: "2" },
    (scene) => scene.api("profile", { as: "owner", tenant: "acme", accept: "*/*" }),
  ),
  "too many requests: GraphQL": third({ API_RATE: "2" }, (scene) => scene.graphql("{ profile { id } }")),
  "too many requests: GraphQL on the route": third(
    { API_RATE: "2", GRAPHQL_GATES: "route" },
    (scene) => scene.graphql("{ profile { id } }"),
  ),
  "too many requests: GraphQL without a token is counted by address": third(
    { API_RATE: "2" },
    (scene) => scene.graphql("{ profile { id } }", { bearer: "" }),
  ),
  "requests without a token are never counted in REST": third({ API_RATE: "2" }, (scene) => scene.api("profile")),
  "too many requests: the token endpoint": third({ TOKEN_RATE: "2" }, (scene) => scene.refresh("abc")),
  "too many requests: the token endpoint, and the client takes any type": third(
    { TOKEN_RATE: "2" },
    (scene) => scene.token({ grant_type: "refresh_token", refresh_token: "abc" }, { accept: "*/*" }),
  ),
  async "all tokens of a user share one limit"(scene) {
    await scene.control.set({ API_RATE: "2" });
    const { access_token } = await scene.signIn();
    const answers = [];
    for (const bearer of [access_token, scene.pat("owner"), access_token]) {
      answers.push(await scene.api("auth/tenants", { bearer }));
    }
    return answers;
  },
};
