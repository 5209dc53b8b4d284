import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { type Keychain, Unavailable } from "../../src/keychain/mod.ts";
import type { System } from "../../src/system/mod.ts";

/** A state of the system's keychain that every store must meet in the same way. */
export type KeychainState = "unlocked" | "locked" | "no-bus" | "no-service" | "no-keyring" | "hung";

/** A system with a keychain, real or emulated, that can be brought into each state. */
export interface World {
  readonly system: Pick<System, "files" | "spawn" | "ffi" | "env" | "clock" | "host" | "sockets">;
  become(state: KeychainState): Promise<void>;
  close(): Promise<void>;
}

/** What is held to the contract. */
export interface Subject {
  /** Most bytes that it keeps of a value for `a.example:access`. */
  readonly capacity: number;
  /** The states that it can be in. */
  readonly states: readonly KeychainState[];
  become(state: KeychainState): Promise<void>;
  /** The keychain as a new run of the program opens it. */
  open(): Keychain;
  /** Another program on the same machine, where entries of one name can be several. */
  readonly other?: {
    /** Adds an entry, with further attributes if any. */
    put(account: string, value: string, ...attributes: string[]): Promise<void>;
    /** The values of all entries of that account. */
    all(account: string): Promise<string[]>;
  };
}

const ACCOUNT = "a.example:access";

/** What every keychain does, whatever it is made of. */
export async function keychainContract(t: Deno.TestContext, subject: Subject): Promise<void> {
  const inState = async (state: KeychainState, name: string, body: (keychain: Keychain) => Promise<void>) => {
    const fn = async () => {
      await subject.become(state);
      await body(subject.open());
    };
    await t.step({ name, ignore: !subject.states.includes(state), fn });
  };

  await inState("unlocked", "an entry that was never kept is missing", async (keychain) => {
    assert.deepEqual(await keychain.get("never.example:access"), { state: "missing" });
    assert.equal(await keychain.delete("never.example:access"), false);
  });

  await inState("unlocked", "a value is kept, replaced and removed", async (keychain) => {
    await keychain.set(ACCOUNT, "one");
    await keychain.set(ACCOUNT, "two");
    assert.deepEqual(await subject.open().get(ACCOUNT), { state: "present", value: "two" });
    assert.equal(await keychain.delete(ACCOUNT), true);
    assert.deepEqual(await keychain.get(ACCOUNT), { state: "missing" });
  });

  await inState("unlocked", "entries of two accounts are apart", async (keychain) => {
    await keychain.set("b.example:access", "access");
    await keychain.set("b.example:refresh", "refresh");
    await keychain.delete("b.example:access");
    assert.deepEqual(await keychain.get("b.example:refresh"), { state: "present", value: "refresh" });
    assert.equal(await keychain.delete("b.example:refresh"), true);
  });

  for (const [name, value] of VALUES) {
    await inState("unlocked", `a value comes back as it was: ${name}`, async (keychain) => {
      await keychain.set(ACCOUNT, value);
      assert.deepEqual(await keychain.get(ACCOUNT), { state: "present", value });
      assert.equal(await keychain.delete(ACCOUNT), true);
    });
  }

  await t.step({
    name: "KL-2: entries that another program left for an account become one",
    ignore: !subject.other,
    async fn() {
      await subject.become("unlocked");
      const [keychain, other] = [subject.open(), subject.other!];
      await other.put(ACCOUNT, "old");
      assert.deepEqual(await keychain.get(ACCOUNT), { state: "present", value: "old" });
      const [old, further] = [[], ["extra", "1"]];
      for (const entries of [[old, further], [further, old]]) {
        await keychain.delete(ACCOUNT);
        for (const attributes of entries) await other.put(ACCOUNT, "old", ...attributes);
        await keychain.set(ACCOUNT, "new");
        assert.deepEqual(await other.all(ACCOUNT), ["new"]);
      }
      await keychain.delete(ACCOUNT);
    },
  });

  await inState(
    "unlocked",
    "KL-11, KM-3, KW-3: the largest value is kept, a larger one refused and nothing changed",
    async (keychain) => {
      const fits = "ä".repeat(subject.capacity / 2);
      await keychain.set(ACCOUNT, fits);
      for (const size of [subject.capacity + 1, 8_191, 8_192, 100_000]) {
        await assert.rejects(keychain.set(ACCOUNT, "x".repeat(size)), Unavailable);
      }
      assert.deepEqual(await keychain.get(ACCOUNT), { state: "present", value: fits });
      assert.equal(await keychain.delete(ACCOUNT), true);
    },
  );

  await inState(
    "unlocked",
    "KL-19, KM-4: an account that could be an option, a quote or a second line is refused",
    async (keychain) => {
      for (
        const account of ["--unlock", "-w", "", "x y", "O'Brien", 'a"b', "a\\b", "a\nb", "a=b", "ä", "a".repeat(129)]
      ) {
        await assert.rejects(keychain.get(account), isKeychainError, account);
        await assert.rejects(keychain.set(account, "value"), isKeychainError, account);
        await assert.rejects(keychain.delete(account), isKeychainError, account);
      }
    },
  );

  await inState("locked", "KL-5, KL-8: a locked keychain is locked, not empty, and keeps what it has", async () => {
    await subject.become("unlocked");
    await subject.open().set("locked.example:access", "kept");
    await subject.become("locked");
    const keychain = subject.open();
    assert.deepEqual(await keychain.get("locked.example:access"), { state: "locked" });
    for (const account of ["locked.example:access", "new.example:access"]) {
      const locked = refusal(/cannot save .*the keychain is locked/, /--store file/);
      await assert.rejects(keychain.set(account, "new"), locked, account);
    }
    const stillThere = refusal(/cannot remove "locked\.example:access": .*locked/, /still be there/);
    await assert.rejects(keychain.delete("locked.example:access"), stillThere);
    await subject.become("unlocked");
    assert.deepEqual(await subject.open().get("locked.example:access"), { state: "present", value: "kept" });
    assert.deepEqual(await subject.open().get("new.example:access"), { state: "missing" });
  });

  for (const [state, id, why] of ABSENT) {
    await inState(state, `${id}: ${why} makes the keychain unavailable`, async (keychain) => {
      assert.deepEqual(await keychain.get(ACCOUNT), { state: "unavailable", why });
      await assert.rejects(keychain.set(ACCOUNT, "value"), Unavailable);
      await assert.rejects(keychain.delete(ACCOUNT), Unavailable);
    });
  }

  await inState(
    "no-keyring",
    "KL-10: where no keyring was ever made, nothing is missing from it and none is made",
    async (keychain) => {
      assert.deepEqual(await keychain.get(ACCOUNT), { state: "missing" });
      await assert.rejects(keychain.set(ACCOUNT, "value"), Unavailable);
    },
  );

  await inState(
    "hung",
    "KL-9, KM-7: a keychain that never answers is given up, and not asked again in that run",
    async (keychain) => {
      assert.equal((await keychain.get(ACCOUNT)).state, "hung");
      await subject.become("unlocked");
      assert.equal((await keychain.get(ACCOUNT)).state, "hung");
      await assert.rejects(keychain.set(ACCOUNT, "value"), refusal(/does not answer/, /--store file/));
      await assert.rejects(keychain.delete(ACCOUNT), refusal(/does not answer/, /still be there/));
      assert.deepEqual(await subject.open().get(ACCOUNT), { state: "missing" });
    },
  );
}

const VALUES: [string, string][] = [
  ["empty", ""],
  ["a session", JSON.stringify({ v: 1, origin: "https://a.example", access_token: "e.y-J_".repeat(300) })],
  ["line ends", "\nfirst\r\n\n second\t\n\n"],
  ["text beyond ASCII", "ä € 😀 \u{feff} क्ष"],
  ["quotes, backslashes and options", `-w 'a' "b" \\ \\n $HOME`],
  ["lines of secret-tool's own format", "x\nsecret = y\ncreated = 2026-05-03 10:14:22\nmodified = \n[/9]\nlabel = z\n"],
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
