/**
 * Two runs that change one file: what each of them reported as saved is there.
 *
 * @module
 */

import assert from "node:assert/strict";
import { autocom, beside, execute, pat, type World, world } from "../support/harness.ts";
import { credentials, entries, expire, intercept, LISTED, ORDERS, sessionIn } from "../support/kept.ts";
import { json } from "../support/scripted.ts";
import { systemOf } from "../support/world.ts";

const settings = ({ home }: World) => `${home}/.autocom/config.toml`;

/** Files of a run whose own renames of that file wait for `before`, which may fail. */
function renaming(of: World, path: string, before: (from: string) => Promise<void>): void {
  const { files } = systemOf(of);
  const rename: typeof files.rename = async (from, to) => {
    if (`${to}` === path) await before(`${from}`);
    await files.rename(from, to);
  };
  of.system = { ...of.system, files: { ...files, rename } };
}

Deno.test("a settings file and the link to it have one lock: of two changes at once none is lost", async () => {
  await using of = await world();
  const target = `${of.home}/dotfiles/autocom.toml`;
  await Deno.mkdir(`${of.home}/dotfiles`, { mode: 0o700 });
  await Deno.mkdir(`${of.home}/.autocom`, { mode: 0o700 });
  await Deno.writeTextFile(target, "");
  await Deno.symlink(target, settings(of));
  const [linked, named] = [beside(of), beside(of)];
  named.env = { ...of.env, AUTOCOM_CONFIG: target };
  // The first one is about to replace the file when the second one is done, or waits for its lock.
  const { clock } = systemOf(of);
  const waits = Promise.withResolvers<void>();
  const sleep: typeof clock.sleep = (ms, signal) => {
    if (!signal) waits.resolve();
    return clock.sleep(ms, signal);
  };
  named.system = { clock: { ...clock, sleep } };
  let second: ReturnType<typeof execute> | undefined;
  renaming(linked, target, async () => {
    second = execute("config set tenant acme", named);
    await Promise.race([second, waits.promise]);
  });
  await autocom("config set ring edge", { err: /^Saved ring = edge/ }, linked);
  assert.match((await second!).err, /^Saved tenant = acme/);
  const text = await Deno.readTextFile(target);
  assert.match(text, /ring = "edge"/);
  assert.match(text, /tenant = "acme"/);
  assert.ok((await Deno.lstat(settings(of))).isSymlink);
  const { out, err } = await execute("doctor", of);
  assert.match(err, /not logged in/);
  assert.match(out, /\.autocom\.toml\.lock: yours/);
});

/** Another program, whose lock is not ours, took our new file for a dead run's, once, and wrote the file itself. */
function disturbed(of: World, path: string, write: () => Promise<void>): void {
  let once = false;
  renaming(of, path, async (from) => {
    if (once) return;
    once = true;
    await write();
    await Deno.remove(from);
  });
}

Deno.test("a change of a setting is made once more, to what is there by then, when its new file was taken away", async () => {
  await using of = await world();
  await autocom("config set tenant acme", { err: /Saved/ }, of);
  disturbed(of, settings(of), () => Deno.writeTextFile(settings(of), 'tenant = "globex"\n'));
  await autocom("config set ring edge", { err: /^Saved ring = edge/ }, of);
  assert.equal(await Deno.readTextFile(settings(of)), 'tenant = "globex"\nring = "edge"\n');
});

Deno.test("so is the renewal of a session: the session of another server that came meanwhile stays", async () => {
  await using of = await sessionIn("file");
  expire(of);
  const before = (await entries(of)).access!.access_token;
  const other = { access: { v: 1 } };
  disturbed(of, credentials(of), async () => {
    const data = JSON.parse(await Deno.readTextFile(credentials(of)));
    data.sessions["https://other.example"] = other;
    await Deno.writeTextFile(credentials(of), JSON.stringify(data));
  });
  await autocom(ORDERS, { out: LISTED }, of);
  const { sessions } = JSON.parse(await Deno.readTextFile(credentials(of)));
  assert.deepEqual(sessions["https://other.example"], other);
  assert.notEqual((await entries(of)).access!.access_token, before);
});

Deno.test("a session's new name is on the disk before the command goes on: its folder is synced behind the rename", async () => {
  await using of = await sessionIn("file");
  expire(of);
  const { files } = systemOf(of);
  const done: string[] = [];
  const open: typeof files.open = async (path, how) => {
    const file = await files.open(path, how);
    if (`${path}` !== `${of.home}/.autocom`) return file;
    const { sync } = file;
    return Object.assign(file, { sync: async () => (await sync.call(file), void done.push("synced")) });
  };
  const rename: typeof files.rename = async (from, to) => {
    await files.rename(from, to);
    if (`${to}` === credentials(of)) done.push("renamed");
  };
  of.system = { ...of.system, files: { ...files, open, rename } };
  intercept(of, "/graphql", () => (done.push("asked"), undefined));
  await autocom(ORDERS, { out: LISTED }, of);
  assert.deepEqual(done.slice(0, 3), ["renamed", "synced", "asked"]);
});

Deno.test("tenants use beside a change of the address saves no tenant of the one for the other: exit 3", async () => {
  await using of = await sessionIn("file");
  const { AUTOCOM_API_URL: address, AUTOCOM_TENANT: _, ...env } = of.env;
  of.env = env;
  const text = (address: string) => `api_url = "${address}"\n`;
  await Deno.writeTextFile(settings(of), text(address!), { mode: 0o600 });
  intercept(of, "/auth/tenants", async () => {
    await Deno.writeTextFile(settings(of), text("https://b.example/api/v1"));
    return undefined;
  });
  const said =
    /^error: nothing was saved in \S+config\.toml: another program changed api_url meanwhile\nhint: look at it: autocom config get api_url\n$/;
  await autocom("tenants use acme", { code: 3, err: said }, of);
  assert.equal(await Deno.readTextFile(settings(of)), text("https://b.example/api/v1"));
});

Deno.test("tenants use at the built-in address, beside the first address that is saved, is refused likewise", async () => {
  await using of = await world();
  of.env.AUTOCOM_TOKEN = pat(of.sandbox);
  const { AUTOCOM_API_URL: _, ...env } = of.env;
  of.env = env;
  of.fetch = async (request) => {
    if (request.url.endsWith("/auth/tenants")) {
      await Deno.mkdir(`${of.home}/.autocom`, { mode: 0o700 });
      await Deno.writeTextFile(settings(of), 'api_url = "https://b.example/api/v1"\n', { mode: 0o600 });
      return json({ tenants: [{ id: "acme", name: "Acme", role: null, status: null }] })();
    }
    return json({ id: 1, name: "A", email: "a@example.test", current_tenant: { id: "acme" } })();
  };
  await autocom("tenants use acme", { code: 3, err: /^error: nothing was saved in / }, of);
  assert.doesNotMatch(await Deno.readTextFile(settings(of)), /tenant/);
});
