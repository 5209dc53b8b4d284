import assert from "node:assert/strict";
import { denoSystem } from "../../src/system/deno.ts";
import { autocom, type User } from "../support/harness.ts";
import { configOf, desktop, stored } from "../support/desk.ts";

/** A desktop of that user; `asking`: both ends are a terminal and these answers are given. */
async function of(user: User, asking?: string[]) {
  const terminal = asking ? { stdin: true, stderr: true } : {};
  return await desktop({ terminal, answers: asking ?? [], env: { NO_COLOR: "1" } }, user);
}

Deno.test("the only tenant is used without a question, and saved", async () => {
  await using world = await of("manager", []);
  await autocom("auth login", { err: /Saved tenant = acme in .*\nLogged in to .*, tenant acme\./ }, world);
  assert.match((await configOf(world))!, /^tenant = "acme"$/m);
  assert.deepEqual(world.seen.asked, []);
});

Deno.test("of several tenants one is chosen on a terminal, and saved", async () => {
  await using world = await of("admin", ["globex"]);
  await autocom("auth login", { err: /Saved tenant = globex in .*\nLogged in to .*, tenant globex\./ }, world);
  assert.deepEqual(world.seen.asked, ["Which tenant do you want to work in?"]);
});

Deno.test("a tenant that is suspended is marked where one is chosen", async () => {
  await using world = await of("owner", ["acme"]);
  await autocom("auth login", { err: /Saved tenant = acme in / }, world);
  const [offered] = world.seen.offered;
  assert.deepEqual(offered!.filter(({ hint }) => hint?.endsWith(", suspended")).map(({ value }) => value), ["initech"]);
  assert.ok(offered!.length > 1);
});

Deno.test("several tenants without a terminal, or with --no-input, are exit 5 with the slugs, and the session is kept", async () => {
  for (const [flag, asking] of [["", undefined], ["--no-input", []]] as const) {
    await using world = await of("admin", asking && [...asking]);
    const err =
      /error: logged in as admin@example\.test \(session kept in Secret Service\), but no tenant is chosen\nhint: choose one of yours \(acme, globex\): autocom tenants use acme\n$/;
    await autocom(`auth login ${flag}`, { code: 5, err }, world);
    assert.equal((await stored(world)).access!.email, "admin@example.test");
    assert.ok(!/tenant/.test((await configOf(world))!));
    await autocom("tenants use globex", { err: /globex/ }, world);
    await autocom("whoami", { out: /admin@example\.test/ }, world);
  }
});

Deno.test("a member of no tenant is exit 5, and the session is kept", async () => {
  await using world = await of("nobody");
  const err =
    /error: logged in \(session kept in .*\), but you are not a member of any tenant\nhint: ask an administrator for an invitation\n$/;
  await autocom("auth login", { code: 5, err }, world);
  const { access } = await stored(world);
  assert.deepEqual([access!.name, access!.email], [null, null]);
});

for (
  const [tenant, why, others] of [
    ["nope", "no such tenant", "acme, globex, initech"],
    ["initech", "suspended", "acme, globex"],
  ] as const
) {
  Deno.test(`a tenant that is named and cannot be used (${why}) is exit 5 with the other slugs, and the session is kept`, async () => {
    await using world = await of("owner");
    const err = new RegExp(
      `error: logged in as owner@example\\.test \\(session kept in .*\\), but .*tenant "${tenant}" was not accepted: .*\nhint: choose one of yours \\(${others}\\): autocom tenants use acme\n$`,
    );
    await autocom(`auth login --tenant ${tenant}`, { code: 5, err }, world);
    assert.equal((await stored(world)).access!.email, "owner@example.test");
    assert.ok(!/tenant/.test((await configOf(world))!));
  });
}

Deno.test("a tenant that is chosen on a terminal and cannot be used is exit 5, and the session is kept", async () => {
  await using world = await of("owner", ["initech"]);
  const err =
    /error: logged in as owner@example\.test .* tenant "initech" was not accepted: .*\nhint: choose one of yours \(acme, globex\)/;
  await autocom("auth login", { code: 5, err }, world);
  assert.equal((await stored(world)).access!.email, "owner@example.test");
});

Deno.test("a platform that answers an unknown tenant with a bare 500 keeps the session too", async () => {
  await using world = await of("owner");
  world.sandbox.options.errors = "stock";
  await autocom("auth login --tenant nope", { code: 5, err: /choose one of yours \(acme, globex, initech\)/ }, world);
  assert.equal((await stored(world)).access!.email, "owner@example.test");
});

Deno.test("flag, then AUTOCOM_TENANT, then the file name the tenant, and what was used is saved", async () => {
  await using world = await of("owner");
  await autocom("auth login --tenant acme", { err: /tenant acme\./ }, world);
  await autocom("auth login", { err: /Logged in .*, tenant acme\./ }, world);
  world.env.AUTOCOM_TENANT = "globex";
  await autocom("auth login", { err: /Saved tenant = globex .*\n.*, tenant globex\./ }, world);
  await autocom("auth login --tenant acme", { err: /Saved tenant = acme .*\n.*, tenant acme\./ }, world);
});

Deno.test("with -o json a login without a tenant has its address on stdout and the failure on stderr", async () => {
  await using world = await of("admin");
  const err = (text: string) => {
    const { error } = JSON.parse(text);
    assert.deepEqual([error.code, error.exit], ["tenant", 5]);
    assert.match(error.hint, /acme, globex/);
  };
  await autocom("auth login -o json", { code: 5, out: /^\{"url":.*\}\n$/, err }, world);
});

Deno.test("LK-13, LK-15: names that the platform gives cannot draw on the terminal, in a question either", async () => {
  const evil = "Acme\x1b[2J\r\nYes, all of it";
  await using world = await of("admin", ["globex"]);
  const { fetch } = world;
  const rename = async (answer: Response, change: (body: Record<string, unknown>) => unknown) =>
    Response.json(change(await answer.json()), answer);
  world.fetch = async (request) => {
    const answer = await fetch(request);
    if (request.url.endsWith("/auth/tenants")) {
      return await rename(answer, ({ tenants }) => ({
        tenants: (tenants as Record<string, unknown>[]).map((tenant) => ({ ...tenant, name: evil, role: evil })),
      }));
    }
    if (request.url.endsWith("/profile")) return await rename(answer, (body) => ({ ...body, name: evil, email: evil }));
    return answer;
  };
  await autocom(
    "auth login",
    { err: (text) => assert.ok(!text.includes("\x1b") && !text.includes("\r"), text) },
    world,
  );
  assert.equal(world.seen.offered.length, 1);
  for (const { label, hint } of world.seen.offered[0]!) assert.ok(!`${label}${hint}`.includes("\x1b"), hint);

  world.fetch = fetch;
  world.answers = [true];
  await autocom("auth login", { err: /Logged in/ }, world);
  assert.match(world.seen.asked[1]!, /^Acme\\x1b\[2J\\r\\nYes, all of it is logged in to .* Replace the session\?$/);
});

Deno.test("FT-19: a login of a member of very many tenants that all refuse asks ten of them for a name, and no more", async () => {
  await using world = await of("admin");
  const platform = world.fetch;
  let profiles = 0;
  world.fetch = async (request) => {
    if (request.url.endsWith("/auth/tenants")) {
      return Response.json({
        tenants: Array.from({ length: 5_000 }, (_, at) => ({ id: `t${at}`, name: "T", role: null })),
      });
    }
    if (!request.url.endsWith("/profile")) return await platform(request);
    profiles++;
    return Response.json({ message: "suspended", code: "TENANT_SUSPENDED" }, { status: 403 });
  };
  await autocom("auth login", { code: 5, err: /but no tenant is chosen\nhint: choose one of yours \(t0, / }, world);
  assert.equal(profiles, 10);
});

/** A world whose platform tells of these tenants; each of their profiles is answered by `profile`, where that is given. */
async function listing(ids: string[], profile?: () => Response, asking?: string[]) {
  const world = await of("owner", asking);
  const platform = world.fetch;
  world.fetch = async (request) => {
    if (request.url.endsWith("/auth/tenants")) {
      return Response.json({ tenants: ids.map((id) => ({ id, name: "T", role: null })) });
    }
    return profile && request.url.endsWith("/profile") ? profile() : await platform(request);
  };
  return world;
}

for (const ids of [["größe ag", "acme", "globex"], ["acme", "größe ag", "globex"], ["acme", "globex", "größe ag"]]) {
  Deno.test(`a tenant whose id is no slug costs no login, and is not offered (${ids})`, async () => {
    await using world = await listing(ids);
    const err =
      /logged in as owner@example\.test .* no tenant is chosen\nhint: choose one of yours \(acme, globex\): autocom tenants use acme\n$/;
    await autocom("auth login", { code: 5, err }, world);
    assert.equal((await stored(world)).access!.email, "owner@example.test");

    await using terminal = await listing(ids, undefined, ["globex"]);
    await autocom("auth login", { err: /tenant globex\./ }, terminal);
    assert.deepEqual(terminal.seen.offered[0]!.map(({ value }) => value), ["acme", "globex"]);
  });
}

Deno.test("of tenants of which one has a slug that one is used, and with none the session is kept", async () => {
  await using one = await listing(["größe ag", "acme"]);
  await autocom("auth login", { err: /Logged in to .*, tenant acme\./ }, one);

  for (const line of ["auth login", "auth login --token-stdin"]) {
    await using none = await listing(["größe ag", "x".repeat(64)]);
    none.stdin = none.sandbox.descriptor().users.owner.pat;
    const err =
      /error: logged in \(session kept in .*\), but none of your tenants has a slug that can be sent \(größe ag, x+\)\nhint: ask an administrator for an invitation\n$/;
    await autocom(line, { code: 5, err }, none);
    assert.equal((await stored(none)).place, "keychain");
  }
});

for (const status of [404, 422, 429, 503]) {
  Deno.test(`a tenant that nobody chose and that answers ${status} costs no login`, async () => {
    await using world = await listing(["acme", "globex"], () => Response.json({ message: "Odd" }, { status }));
    const { clock } = denoSystem();
    // Pauses between tries are over at once; the alarms of a request are not.
    world.system = { clock: { ...clock, sleep: (ms, signal) => clock.sleep(ms > 1_000 ? ms : 0, signal) } };
    await autocom(
      "auth login",
      { code: 5, err: /no tenant is chosen\nhint: choose one of yours \(acme, globex\)/ },
      world,
    );
    assert.equal((await stored(world)).access!.email, null);
  });
}
