import assert from "node:assert/strict";
import { walkAuthorize } from "../platform/browser.ts";
import { binaryTest } from "../support/binary/driver.ts";
import { type Allowed, leaks, readTrace, secretsOf, type Seen, strayFiles, tracing } from "../support/binary/leaks.ts";
import { LOGINS } from "../support/binary/logins.ts";
import { fewLines, FULL, type Line, lines, sweep } from "../support/binary/scene.ts";
import { KEYRING, type Situation, SITUATIONS } from "../support/binary/situations.ts";
import { openStage } from "../support/binary/stage.ts";

/** Everything where all is well; else, unless in full, a third of the commands, another third in the next situation. */
function chosen(situation: Situation): Line[] {
  const turn = SITUATIONS.indexOf(situation);
  if (FULL || turn === 0) return lines();
  return fewLines().filter((_, index) => (index + turn) % 3 === 0);
}

Deno.test("a leak is found wherever it is", () => {
  const secrets = new Map([["s3cret", "token"]]);
  const own = '1 execve("/autocom", ["autocom"], ["AUTOCOM_TOKEN=s3cret"]) = 0';
  const of = (seen: Partial<Seen>, allowed: Partial<Allowed> = {}) =>
    leaks({ out: "", err: "", ...seen, trace: [own, ...seen.trace ?? []] }, secrets, { port: "8790", ...allowed });
  assert.deepEqual(of({}), []);
  assert.deepEqual(of({ out: "s3cret" }), ["token in stdout"]);
  assert.deepEqual(of({ out: "s3cret" }, { out: true }), []);
  assert.deepEqual(of({ err: "debug: s3cret" }), ["token in stderr"]);
  for (
    const [call, where] of [
      ['execve("/x", ["x", "s3cret"], ["HOME=/"]', "the arguments of /x"],
      ['execve("/x", ["x"], ["TOKEN=s3cret"]', "the environment of /x"],
      ['write(9<TCP:[127.0.0.1:50000->127.0.0.1:9]>, "s3cret"', "write to TCP:[127.0.0.1:50000->127.0.0.1:9]"],
      ['write(9</home/.autocom/config.toml>, "s3cret"', "write to /home/.autocom/config.toml"],
      ['pwrite64(9</tmp/x>, "s3cret"', "pwrite64 to /tmp/x"],
      ['sendto(9<UNIX-STREAM:[1->2]>, "s3cret"', "sendto to UNIX-STREAM:[1->2]"],
      ['write(9<pipe:[1]>, "s3cret"', "write to pipe:[1]"],
      ['write(2</dev/pts/0<char 136:0>>, "s3cret"', "write to /dev/pts/0<char 136:0>"],
    ] as const
  ) assert.deepEqual(of({ trace: [`23 ${call}, 6) = 6`] }), [`token in ${where}`]);
  for (
    const call of [
      'write(9<TCP:[127.0.0.1:50000->127.0.0.1:8790]>, "s3cret"',
      'write(9</home/.autocom/.credentials.0123456789abcdef.tmp>, "s3cret"',
      'execve("/x", ["x", "http://127.0.0.1:8790/oauth/authorize?state=s3cret"], ["HOME=/"]',
    ]
  ) assert.deepEqual(of({ trace: [`23 ${call}, 6) = 6`] }), [], call);
  assert.deepEqual(of({ trace: ['23 write(9<pipe:[1]>, "s3cret", 6) = 6'] }, { keyring: true }), []);
});

binaryTest("LK-1 LK-2 LK-8: no command leaks a secret, whatever becomes of it", async (room) => {
  const found: string[] = [];
  const used = { count: 0 };
  await sweep(room.binary, {
    situations: SITUATIONS,
    lines: chosen,
    async program({ room, home, env }) {
      env.AUTOCOM_DEBUG = "1";
      env.TRACE = `${room.folder}/${home.split("/").at(-1)}.trace`;
      await Deno.writeTextFile(`${home}/bin/traced`, tracing(room.binary, env.TRACE), { mode: 0o755 });
      return `${home}/bin/traced`;
    },
    async look({ line: { command, text }, situation, scene: { stage, home, env }, session, code, out, err }) {
      const secrets = secretsOf(await stage.call("exchanges"), {
        ...{ "access token": session?.access_token, "refresh token": session?.refresh_token },
        ...{ PAT: env.TOKEN, AUTOCOM_TOKEN: env.AUTOCOM_TOKEN },
      });
      const trace = await readTrace(env.TRACE!);
      await Deno.remove(`${home}/bin`, { recursive: true });
      const allowed: Allowed = {
        port: new URL(stage.apiUrl).port,
        keyring: situation.keyring !== undefined,
        out: command === "auth token",
      };
      const at = (what: string) => found.push(`${text}, with ${situation.name} (exit ${code}): ${what}`);
      leaks({ out, err, trace }, secrets, allowed, used).forEach(at);
      (await strayFiles(home, secrets)).forEach(at);
    },
  });
  assert.deepEqual(found, []);
  assert.ok(used.count > 100, `${used.count} secrets were seen where they belong`);
}, ["strace", ...KEYRING]);

/** What a login through the browser has to hide. */
const MARKED = [
  ...["PAT", "access token", "access token's signature", "refresh token"],
  ...["code", "verifier", "state", "cookie"],
];

for (const { how, args = [], env, keyring, argv, exit, act } of LOGINS) {
  binaryTest(`LK-1 LK-2 OA-24: a login ${how} leaks no secret`, async (room) => {
    await using stage = await openStage(room);
    const { pat } = stage.platform.users.owner;
    const trace = `${room.folder}/trace`;
    await Deno.writeTextFile(`${room.folder}/traced`, tracing(room.binary, trace), { mode: 0o755 });
    for (const folder of ["tmp", "cwd"]) await Deno.mkdir(`${room.home}/${folder}`);
    const login = room.program(
      [`${room.folder}/traced`, "auth", "login", "--tenant", "acme", ...args.map((word) => word.replace("PAT", pat))],
      {
        cwd: `${room.home}/cwd`,
        env: {
          ...(keyring && await room.errand("keyring", "unlocked")),
          ...env,
          HOME: room.home,
          TMPDIR: `${room.home}/tmp`,
          AUTOCOM_API_URL: stage.apiUrl,
          AUTOCOM_DEBUG: "1",
        },
      },
    );
    const others: Record<string, string> = { PAT: pat };
    const open = async (decision: "approve" | "deny" = "approve") => {
      const [shown] = await login.until(args.includes("json") ? "out" : "err", /http:\S+\/oauth\/authorize\?[^\s"]+/);
      const callback = new URL(await walkAuthorize(room.fetch, shown, stage.platform.users.owner, decision));
      for (const name of ["code", "state"]) others[name] = callback.searchParams.get(name) ?? "";
      return callback;
    };
    await act?.({ login, room, stage, open });
    const { code, out, err } = await login.end();
    assert.equal(code, exit, err);
    const secrets = secretsOf(await stage.call("exchanges"), others);
    const allowed: Allowed = { port: new URL(stage.apiUrl).port, keyring: keyring ?? false, argv: argv ?? false };
    const used = { count: 0 };
    assert.deepEqual(leaks({ out, err, trace: await readTrace(trace) }, secrets, allowed, used), []);
    assert.deepEqual(await strayFiles(room.home, secrets), []);
    if (exit === 0) assert.ok(used.count > 0, "no secret was seen where it belongs");
    if (exit === 0 && !argv && !args.includes("--token-stdin")) {
      assert.deepEqual(new Set(MARKED).difference(new Set(secrets.values())), new Set());
    }
  }, keyring ? ["strace", ...KEYRING] : ["strace"]);
}
