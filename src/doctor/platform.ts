/**
 * What is right or wrong at the platform: from its first answer to its schema.
 *
 * @module
 */

import { choice, open, profileOf, standings, type Tenant, tenantsOf } from "../account.ts";
import { type Api, bodyOf, dateOf, member } from "../api/mod.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { grouped, some } from "../output/mod.ts";
import type { System } from "../system/mod.ts";
import type { Healthy } from "./examine.ts";

/** Seconds of difference between the clocks that nobody needs to know. */
const SKEW_TOLERATED = 120;

/** What is asked without a token: it needs no tenant. */
const FIRST = "/auth/tenants";

const LOOK = `query Look { orders(per_page: 1) { meta { total_items } } }`;

/** As deep as the standard query of tools, which is why a limit on depth can refuse it. Ours is not. */
const INTROSPECTION = `query Introspection {
  __schema { types { fields { args { type {
    ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } }
  } } } } }
}`;

/** What is refused where there is no introspection at all. */
const SHALLOW = `query Introspection { __schema { types { name } } }`;

/** `documents`: every GraphQL document of the program, by the name of its operation. */
export function platform(app: App, documents: Record<string, string>) {
  const first = once(() => ask(app));
  const api = once(() => app.api());
  const mine = once(async () => await tenantsOf(await api()));
  return {
    async server(): Promise<Healthy> {
      const { apiUrl, origin } = await app.server();
      const { answer, took } = await first();
      // Without a token the API says 401, and says it in JSON.
      if (answer.status === 401 && /json/.test(answer.headers.get("Content-Type") ?? "")) {
        return { detail: `${origin} answers in ${took} ms` };
      }
      const path = new URL(`${apiUrl}${FIRST}`).pathname;
      await bodyOf(answer, { action: "ask the API", origin, path, central: true }, app.system.clock.now());
      throw new AppError("server", `${origin} answers, but not like the API (status ${answer.status})`, {
        hint: "another program, or another address? autocom config get api_url",
        status: answer.status,
      });
    },
    async clock(): Promise<Healthy> {
      const { answer, at } = await first();
      const date = dateOf(answer.headers.get("Date"));
      if (date === undefined) return { detail: "the server does not tell its time" };
      const skew = Math.round((date - at) / 1000);
      if (Math.abs(skew) <= SKEW_TOLERATED) return { detail: "agrees with the server's" };
      const detail = `this machine is ${Math.abs(skew)} s ${skew > 0 ? "behind" : "ahead of"} the server`;
      return { detail, warning: `set the clock: ${SET_CLOCK[app.system.host.os]}` };
    },
    async token(): Promise<Healthy> {
      const tenants = await mine();
      return { detail: `accepted (gate 1); tenants: ${some(tenants.map(({ id }) => id)) || "none"}` };
    },
    async tenant(): Promise<Healthy> {
      const slug = await app.tenant();
      if (!slug) {
        throw new AppError("tenant", "no tenant is chosen", {
          hint:
            "see which are yours: autocom tenants list; then name one with --tenant SLUG, or for good: autocom tenants use SLUG",
        });
      }
      const { role } = await profileOf(await api()).catch(async (error: unknown) => {
        throw await unknownTenant(error, slug, await mine(), await api());
      });
      return { detail: `${slug} accepted (gate 2); your role: ${role ?? "unknown"}` };
    },
    async permissions(): Promise<Healthy> {
      const answer = await (await api()).query(LOOK, {}, "list orders");
      const total = member(member(member(answer, "orders"), "meta"), "total_items");
      if (typeof total !== "number") {
        throw new AppError("server", 'cannot list orders: "meta.total_items" of the answer is not a number', {
          hint: "server and autocom disagree about the schema: autocom upgrade",
        });
      }
      return { detail: `you may list orders (gate 3): ${grouped(total)} there` };
    },
    /** The server itself validates each document, and carries none out: that needs no introspection. */
    async schema(): Promise<Healthy> {
      const names = Object.keys(documents);
      const refused: string[] = [];
      for (const name of names) {
        const why = await (await api()).validate(documents[name]!, "check the schema");
        if (why) refused.push(`${name}: ${why}`);
      }
      if (refused.length === 0) return { detail: `${names.length} documents are valid` };
      const count = `${refused.length} of ${names.length} documents`;
      throw new AppError("rejected", `the server refuses ${count}: ${refused.join("; ")}`, {
        hint: "server and autocom disagree about the schema: autocom upgrade",
      });
    },
    async introspection(): Promise<Healthy> {
      const why = await (await api()).validate(INTROSPECTION, "look at the schema");
      if (!why) return { detail: "allowed" };
      const isOff = await (await api()).validate(SHALLOW, "look at the schema") !== undefined;
      return {
        detail: `refused by the server: ${why}`,
        warning: isOff
          ? "call and schema need it: save the schema where it is allowed, then: autocom schema import FILE"
          : "nothing to fix: call and schema ask for less at once",
      };
    },
  };
}

const SET_CLOCK: Record<System["host"]["os"], string> = {
  linux: "sudo timedatectl set-ntp true",
  darwin: "sudo sntp -sS time.apple.com",
  windows: "w32tm /resync",
};

/** A server that fails over a tenant (a bare 500) does not say that there is none; the list of the person's tenants does. */
async function unknownTenant(error: unknown, slug: string, tenants: Tenant[], api: Api): Promise<unknown> {
  if (!(error instanceof AppError) || error.kind !== "server" || tenants.some(({ id }) => id === slug)) return error;
  const all = some(tenants.map(({ id }) => id));
  const yours = open(await standings(api, tenants));
  return new AppError("tenant", `"${slug}" is not one of your tenants (${all || "you have none"})`, {
    hint: choice(yours, some(yours)),
    ...error.requestId && { requestId: error.requestId },
  });
}

/** A request without a token: its answer, the milliseconds it took, and when it came. */
async function ask(app: App): Promise<{ answer: Response; took: number; at: number }> {
  const { clock } = app.system;
  const { apiUrl } = await app.server();
  const send = await app.tokenEndpoint();
  const began = clock.now();
  const answer = await send(new Request(`${apiUrl}${FIRST}`, { headers: { Accept: "application/json" } }));
  const at = clock.now();
  return { answer, took: at - began, at };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => made ??= make();
}
