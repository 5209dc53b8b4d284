import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { type Keychain, openKeychain, Unavailable } from "../../src/keychain/mod.ts";
import type { System } from "../../src/system/mod.ts";

/** A state of the system's keychain that every store must meet in the same way. */
export type KeychainState = "unlocked" | "locked" | "no-bus" | "no-service" | "no-keyring" | "hung";

/** A system with a keychain, real or emulated, that can be brought into each state. */
export interface World {
  readonly system: Pick<System, "spawn" | "env" | "clock" | "host">;
  become(state: KeychainState): Promise<void>;
  close(): Promise<void>;
}

/** What every keychain does, whatever it is made of. */
export async function keychainContract(t: Deno.TestContext, world: World): Promise<void> {
  const inState = (state: KeychainState, name: string, body: (keychain: Keychain) => Promise<void>) =>
    t.step(name, async () => {
      await world.become(state);
      await body(openKeychain(world.system)!);
    });

  await inState("unlocked", "an entry that was never kept is missing", async (keychain) => {
    assert.deepEqual(await keychain.get("never.example:access"), { state: "missing" });
    assert.equal(await keychain.delete("never.example:access"), false);
  });

  await inState("unlocked", "a value is kept, replaced and removed", async (keychain) => {
    await keychain.set("a.example:access", "one");
    await keychain.set("a.example:access", "two");
    assert.deepEqual(await keychain.get("a.example:access"), { state: "present", value: "two" });
    assert.equal(await keychain.delete("a.example:access"), true);
    assert.deepEqual(await keychain.get("a.example:access"), { state: "missing" });
  });

  await inState("unlocked", "entries of two accounts are apart", async (keychain) => {
    await keychain.set("b.example:access", "access");
    await keychain.set("b.example:refresh", "refresh");
    await keychain.delete("b.example:access");
    assert.deepEqual(await keychain.get("b.example:refresh"), { state: "present", value: "refresh" });
  });

  for (const [name, value] of VALUES) {
    await inState("unlocked", `a value comes back as it was: ${name}`, async (keychain) => {
      await keychain.set("value.example:access", value);
      assert.deepEqual(await keychain.get("value.example:access"), { state: "present", value });
    });
  }

  await inState("unlocked", "KL-2: entries that another program left for an account become one", async (keychain) => {
    const { spawn, env } = world.system;
    const account = ["service", "autocom-cli", "username", "two.example:access"];
    const options = { env: { ...env }, timeout: 10_000 };
    await spawn.run(TOOL, ["store", "--label", "old", ...account], { ...options, stdin: "old" });
    assert.deepEqual(await keychain.get("two.example:access"), { state: "present", value: "old" });
    const [old, other] = [["old"], ["other", "extra", "1"]] as [[string], [string, ...string[]]];
    for (const entries of [[old, other], [other, old]]) {
      await keychain.delete("two.example:access");
      for (const [text, ...more] of entries) {
        await spawn.run(TOOL, ["store", "--label", text!, ...account, ...more], { ...options, stdin: text });
      }
      await keychain.set("two.example:access", "new");
      const { stdout } = await spawn.run(TOOL, ["search", "--all", ...account], options);
      assert.deepEqual(new TextDecoder().decode(stdout).match(/^secret = .*$/gm), ["secret = new"]);
    }
  });

  await inState(
    "unlocked",
    "KL-11: a value of 8,000 bytes is kept, a larger one refused and nothing changed",
    async (keychain) => {
      const fits = "ä".repeat(4_000);
      await keychain.set("size.example:access", fits);
      for (const size of [8_001, 8_191, 8_192, 100_000]) {
        await assert.rejects(keychain.set("size.example:access", "x".repeat(size)), Unavailable);
      }
      assert.deepEqual(await keychain.get("size.example:access"), { state: "present", value: fits });
    },
  );

  await inState(
    "unlocked",
    "KL-19: an account that could be an option or a second line is refused",
    async (keychain) => {
      for (const account of ["--unlock", "-x", "", "a b", "a'b", 'a"b', "a\nb", "a=b", "ä", "a".repeat(129)]) {
        await assert.rejects(keychain.get(account), isKeychainError, account);
        await assert.rejects(keychain.set(account, "value"), isKeychainError, account);
        await assert.rejects(keychain.delete(account), isKeychainError, account);
      }
    },
  );

  await t.step("KL-5, KL-8: a locked keychain is locked, not empty, and keeps what it has", async () => {
    await world.become("unlocked");
    const keychain = openKeychain(world.system)!;
    await keychain.set("locked.example:access", "kept");
    await world.become("locked");
    assert.deepEqual(await keychain.get("locked.example:access"), { state: "locked" });
    await assert.rejects(
      keychain.set("locked.example:access", "new"),
      refusal(/cannot save .*the keychain is locked/, /--store file/),
    );
    await assert.rejects(
      keychain.set("new.example:access", "new"),
      refusal(/cannot save .*the keychain is locked/, /--store file/),
    );
    const stillThere = refusal(/cannot remove "locked\.example:access": .*locked/, /still be there/);
    await assert.rejects(keychain.delete("locked.example:access"), stillThere);
    await world.become("unlocked");
    assert.deepEqual(await keychain.get("locked.example:access"), { state: "present", value: "kept" });
    assert.deepEqual(await keychain.get("new.example:access"), { state: "missing" });
  });

  for (const [state, id, why] of ABSENT) {
    await inState(state, `${id}: ${why} makes the keychain unavailable`, async (keychain) => {
      assert.deepEqual(await keychain.get("a.example:access"), { state: "unavailable", why });
      await assert.rejects(keychain.set("a.example:access", "value"), Unavailable);
      await assert.rejects(keychain.delete("a.example:access"), Unavailable);
    });
  }

  await inState(
    "no-keyring",
    "KL-10: where no keyring was ever made, nothing is missing from it and none is made",
    async (keychain) => {
      assert.deepEqual(await keychain.get("a.example:access"), { state: "missing" });
      await assert.rejects(keychain.set("a.example:access", "value"), Unavailable);
    },
  );

  await t.step("KL-9: a keychain that never answers is given up in 4 s, and not asked again in that run", async () => {
    await world.become("hung");
    const keychain = openKeychain(world.system)!;
    const before = world.system.clock.now();
    assert.deepEqual(await keychain.get("a.example:access"), { state: "hung" });
    assert.ok(world.system.clock.now() - before < 4_000);
    await world.become("unlocked");
    assert.deepEqual(await keychain.get("a.example:access"), { state: "hung" });
    await assert.rejects(keychain.set("a.example:access", "value"), refusal(/does not answer/, /--store file/));
    await assert.rejects(keychain.delete("a.example:access"), refusal(/does not answer/, /still be there/));
    assert.deepEqual(await openKeychain(world.system)!.get("a.example:access"), { state: "missing" });
  });
}

const TOOL = "/usr/bin/secret-tool";

const VALUES: [string, string][] = [
  ["empty", ""],
  ["a session", JSON.stringify({ v: 1, origin: "https://a.example", access_token: "e.y-J_".repeat(300) })],
  ["line ends", "\nfirst\r\n\n second\t\n\n"],
  ["text beyond ASCII", "ä € 😀 \u{feff} क्ष"],
  ["lines of the tool's own format", "x\nsecret = y\ncreated = 2026-05-03 10:14:22\nmodified = \n[/9]\nlabel = z\n"],
];

const ABSENT: [KeychainState, string, string][] = [
  ["no-bus", "KL-3", "there is no session bus (D-Bus)"],
  ["no-service", "KL-4", "no keyring service is running (Secret Service)"],
];

function isKeychainError(error: unknown): boolean {
  return error instanceof AppError && error.exit === 12 && !(error instanceof Unavailable);
}

function refusal(message: RegExp, hint: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(isKeychainError(error), String(error));
    assert.match((error as AppError).message, message);
    assert.match((error as AppError).hint!, hint);
    return true;
  };
}
