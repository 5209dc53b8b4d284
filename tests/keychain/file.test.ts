import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { changeSessions, credentialsPath, readSessions, type Sessions } from "../../src/keychain/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { inFolder, modeOf, names } from "../support/storage/folder.ts";

const system = denoSystem();
type Sys = ReturnType<typeof at>;
const at = (home: string, env: Record<string, string> = {}) => ({ ...system, env: { HOME: home, ...env } });

const A = { refresh: { gen: 1, refresh_token: "r" }, access: { gen: 1, access_token: "a", expires_at: null } };
const B = { access: { kind: "pat", access_token: "p" } };

/** Sets one session, or takes it away. */
const put = (origin: string, session?: Sessions[string]) => (sessions: Sessions): Sessions => {
  const { [origin]: _, ...others } = sessions;
  return session ? { ...others, [origin]: session } : others;
};

async function place(home: string, bytes: Uint8Array | string, mode = 0o600): Promise<string> {
  await Deno.mkdir(`${home}/.autocom`, { recursive: true, mode: 0o700 });
  const path = `${home}/.autocom/credentials`;
  await Deno.writeFile(path, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
  await Deno.chmod(path, mode);
  return path;
}

Deno.test(
  "sessions are kept by origin in one file of 0600 in a folder of 0700, in the documented form",
  inFolder(async (home) => {
    await changeSessions(at(home), put("https://a.example", A));
    await changeSessions(at(home), put("https://b.example:8443", B));
    const path = credentialsPath(at(home));
    assert.equal(path, `${home}/.autocom/credentials`);
    assert.deepEqual(JSON.parse(await Deno.readTextFile(path)), {
      v: 1,
      sessions: { "https://a.example": A, "https://b.example:8443": B },
    });
    assert.deepEqual({ ...await readSessions(at(home)) }, { "https://a.example": A, "https://b.example:8443": B });
    assert.deepEqual([modeOf(path), modeOf(`${home}/.autocom`)], ["600", "700"]);
  }),
);

Deno.test(
  "the file goes with the last session",
  inFolder(async (home) => {
    await changeSessions(at(home), put("https://a.example", A));
    await changeSessions(at(home), put("https://b.example", B));
    await changeSessions(at(home), put("https://a.example"));
    assert.deepEqual({ ...await readSessions(at(home)) }, { "https://b.example": B });
    await changeSessions(at(home), put("https://b.example"));
    assert.deepEqual(await names(`${home}/.autocom`), []);
    await changeSessions(at(home), put("https://b.example"));
    assert.deepEqual(await names(`${home}/.autocom`), []);
  }),
);

Deno.test("there are no sessions where there is no file, and none where there is no home", async () => {
  assert.deepEqual({ ...await readSessions(at("/nonexistent")) }, {});
  assert.deepEqual({ ...await readSessions({ ...system, env: {} }) }, {});
  await assert.rejects(changeSessions({ ...system, env: {} }, put("https://a.example", A)), (error: AppError) => {
    assert.equal(error.exit, 3);
    assert.match(error.hint!, /AUTOCOM_CREDENTIALS_FILE/);
    return true;
  });
});

Deno.test(
  "AUTOCOM_CREDENTIALS_FILE moves the file",
  inFolder(async (home) => {
    const moved = at(home, { AUTOCOM_CREDENTIALS_FILE: `${home}/elsewhere` });
    await changeSessions(moved, put("https://a.example", A));
    assert.deepEqual(await names(home), ["elsewhere"]);
    assert.deepEqual({ ...await readSessions(moved) }, { "https://a.example": A });
  }),
);

Deno.test(
  "CF-3: a folder that others may change gets no session",
  inFolder(async (home) => {
    await Deno.mkdir(`${home}/.autocom`);
    await Deno.chmod(`${home}/.autocom`, 0o777);
    await assert.rejects(changeSessions(at(home), put("https://a.example", A)), (error: AppError) => {
      assert.equal(error.exit, 3);
      assert.match(error.hint!, /^chmod 700 /);
      return true;
    });
    assert.deepEqual(await names(`${home}/.autocom`), []);
  }),
);

Deno.test(
  "CF-4: a file that others can read gives no session and takes none",
  inFolder(async (home) => {
    const path = await place(home, JSON.stringify({ v: 1, sessions: {} }), 0o644);
    for (const call of [readSessions, (system: Sys) => changeSessions(system, put("https://a.example", A))]) {
      await assert.rejects(call(at(home)), (error: AppError) => error.exit === 3 && error.hint === `chmod 600 ${path}`);
    }
  }),
);

Deno.test(
  "CF-15: a damaged file is named, and neither read, changed nor overwritten",
  inFolder(async (home) => {
    const good = JSON.stringify({ v: 1, sessions: { "https://a.example": A } });
    const damaged = [
      "",
      "\n",
      good.slice(0, -1),
      `\ufeff${good}`,
      "[]",
      "null",
      '"x"',
      "{}",
      '{"v":2,"sessions":{}}',
      '{"v":"1","sessions":{}}',
      '{"v":1,"sessions":[]}',
      '{"v":1,"sessions":null}',
      '{"v":1,"sessions":{"https://a.example":"token"}}',
      '{"v":1,"sessions":{"https://a.example":{"access":"token"}}}',
      '{"v":1,"sessions":{"https://a.example":{"refresh":[]}}}',
      '{"v":1,"sessions":{"https://a.example":{"access":null}}}',
      new Uint8Array([0x7b, 0xff, 0x7d]),
    ];
    for (const bytes of damaged) {
      const path = await place(home, bytes);
      const before = await Deno.readFile(path);
      for (const call of [readSessions, (system: Sys) => changeSessions(system, () => ({}))]) {
        await assert.rejects(call(at(home)), (error: AppError) => {
          assert.equal(error.exit, 3, String(bytes));
          assert.match(error.message, /is damaged/);
          assert.ok(error.message.includes(path) && error.hint!.includes(path));
          assert.doesNotMatch(error.message, /token/);
          return true;
        });
      }
      assert.deepEqual(await Deno.readFile(path), before);
    }
  }),
);

Deno.test(
  "CF-15: a file over 64 KiB is refused, and none is written that could not be read again",
  inFolder(async (home) => {
    await place(home, JSON.stringify({ v: 1, sessions: {}, padding: "x".repeat(70_000) }));
    await assert.rejects(readSessions(at(home)), (error: AppError) => error.exit === 3 && /larger/.test(error.message));
    await place(home, JSON.stringify({ v: 1, sessions: { "https://a.example": A } }));
    const huge = { access: { access_token: "x".repeat(70_000) } };
    await assert.rejects(changeSessions(at(home), put("https://b.example", huge)), (error: AppError) => {
      assert.equal(error.exit, 3);
      assert.match(error.message, /larger than 65536 bytes/);
      return true;
    });
    assert.deepEqual({ ...await readSessions(at(home)) }, { "https://a.example": A });
  }),
);

Deno.test(
  "a change that fails changes nothing",
  inFolder(async (home) => {
    await changeSessions(at(home), put("https://a.example", A));
    const failing = changeSessions(at(home), () => {
      throw new RangeError("no");
    });
    await assert.rejects(failing, RangeError);
    assert.deepEqual({ ...await readSessions(at(home)) }, { "https://a.example": A });
  }),
);

Deno.test(
  "an origin is looked up, never what every object has",
  inFolder(async (home) => {
    await place(home, '{"v":1,"sessions":{"__proto__":{"access":{"access_token":"x"}}}}');
    const sessions = await readSessions(at(home));
    assert.deepEqual(Object.keys(sessions), ["__proto__"]);
    for (const name of ["constructor", "toString", "access"]) assert.equal(sessions[name], undefined);
  }),
);
