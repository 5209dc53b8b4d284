import assert from "node:assert/strict";
import { join } from "node:path";
import { keychainContract } from "../contract/keychain.ts";
import { Remote } from "../support/keychain/remote.ts";
import { walkAuthorize } from "../platform/browser.ts";
import { createSandbox, serveSandbox } from "../platform/sandbox/mod.ts";
import { READY, windows } from "../support/binary/windows.ts";

Deno.test({
  name: "the Windows program does the main job, and its Credential Manager meets the contract of a keychain",
  ignore: !READY,
  async fn(t) {
    const sandbox = await createSandbox();
    const { url, shutdown } = serveSandbox(sandbox);
    await using _ = { [Symbol.asyncDispose]: shutdown };
    const { client_id, users } = sandbox.descriptor(url);
    await using machine = await windows({ AUTOCOM_API_URL: `${url}/api/v1`, AUTOCOM_CLIENT_ID: client_id });
    const run = async (line: string, want: { code?: number; out?: RegExp; err?: RegExp }, stdin?: string) => {
      const { code, out, err } = await machine.run(line.split(" "), stdin);
      assert.equal(code, want.code ?? 0, err);
      assert.match(out, want.out ?? /^$/);
      assert.match(err, want.err ?? /^$/);
    };

    await t.step("it starts, and keeps its settings in the profile", async () => {
      await run("--version", { out: /^autocom \d+\.\d+\.\d+\n$/ });
      await run("config path", { out: /^[A-Z]:\\.*\\\.autocom\\config\.toml\n$/ });
      await run("auth status", { code: 4, err: /^error: not logged in/ });
    });

    await t.step("a login with a token is kept in Credential Manager", async () => {
      await run("auth login --token-stdin --tenant acme", { err: /kept in Credential Manager\.\n$/ }, users.owner.pat);
      await run("auth status", { out: /\tpat\tCredential Manager\t/ });
      await run("whoami", { out: /^Owner Example\towner@example\.test\tacme\t/m });
      await run("orders list --per-page 2 -q", { out: /^ORDER\t.*\nORD-.*\nORD-.*\n$/ });
      for (const _ of [1, 2]) await run("schema refresh", { out: /\tacme\t\d+\t\d+\tserver\n$/ });
      await run("orders export --limit 2 -q --output-file a.csv", {});
      await run("auth logout", { err: /deleted from Credential Manager/ });
      await run("whoami", { code: 4, err: /^error: not logged in/ });
    });

    await t.step("a login by pasting the address of the redirection is kept and renewed there", async () => {
      const login = machine.open(["auth", "login", "--no-browser", "--tenant", "acme", "-o", "json"]);
      const { url: authorize } = JSON.parse(await login.line());
      const redirected = await walkAuthorize(fetch, authorize, users.owner);
      await login.type(`${redirected}\n`);
      const { code, out, err } = await login.end();
      assert.equal(code, 0, err);
      assert.equal(JSON.parse(out.split("\n")[1]!).store, "Credential Manager");
      await run("auth status", { out: /\toauth\tCredential Manager\t/ });
      sandbox.expireAccessTokens();
      await run("auth refresh", { err: /^Renewed the session .*, kept in Credential Manager/ });
      await run("orders list --per-page 1 -q", { out: /\nORD-/ });
      await run("auth logout", { err: /deleted from Credential Manager/ });
      assert.deepEqual(sandbox.alive(), { access: 0, refresh: 0 });
      await run("auth status", { code: 4, err: /^error: not logged in/ });
    });

    await t.step("KW-8: an advapi32.dll in the working folder is not loaded", async () => {
      await Deno.writeTextFile(join(machine.cwd, "advapi32.dll"), "no library");
      await run("auth status", { code: 4, err: /^error: not logged in/ });
    });

    const agent = machine.start(await machine.compile("tests/support/keychain/agent.ts", "agent"));
    await using remote = new Remote(agent);
    await t.step("Credential Manager meets the contract of a keychain", async (t) => {
      await keychainContract(t, {
        capacity: 2_560,
        states: ["unlocked"],
        become: () => Promise.resolve(),
        open: () => remote.open(),
      });
    });

    await t.step("KW-2: an entry is what go-keyring makes of it", async () => {
      const [keychain, target] = [remote.open(), "autocom-cli:go.example:access"];
      await keychain.set("go.example:access", "tok-ä-€");
      const raw = { type: 1, target, user: "go.example:access", persist: 2, blob: "746f6b2dc3a42de282ac" };
      assert.deepEqual(await remote.call(0, "raw", target), raw);
      await remote.call(0, "raw", target, "746f6b2dc3b6");
      assert.deepEqual(await keychain.get("go.example:access"), { state: "present", value: "tok-ö" });
      assert.equal(await keychain.delete("go.example:access"), true);
      assert.equal(await remote.call(0, "raw", target), undefined);
    });

    await t.step("KW-6: UTF-16 of another program is damaged, not a token", async () => {
      await remote.call(0, "raw", "autocom-cli:utf16.example:access", "74006f006b00");
      assert.deepEqual(await remote.open().get("utf16.example:access"), { state: "present", value: "" });
      assert.equal(await remote.open().delete("utf16.example:access"), true);
    });
  },
});
