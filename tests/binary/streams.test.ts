import assert from "node:assert/strict";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";

const token = (room: Room) => ({ AUTOCOM_TOKEN: room.platform.users.owner.pat, AUTOCOM_TENANT: "acme" });

binaryTest("RT-6: closed streams end nothing and hang nothing", async (room) => {
  const env = token(room);
  const list = ["orders", "list", "-q", "--per-page", "1"];
  assert.match((await room.run(list, { env, shell: 'exec "$@" <&-' })).out, /^ORDER\t.*\nORD-/);
  assert.equal((await room.run(list, { env, shell: 'exec "$@" <&- >&- 2>&-' })).code, 0);
  const slow = '"$@" | { n=0; while read -r _; do n=$((n + 1)); done; echo "$n"; }'; // the pipe is full most of the time
  assert.equal((await room.run(["orders", "list", "--all"], { env, shell: slow })).out, "2001\n");
  const login = await room.run(["auth", "login", "--token-stdin"], { shell: 'exec "$@" <&-' });
  assert.deepEqual([login.code, login.out], [2, ""]);
  assert.match(login.err, /^error: there is no token on stdin\n/);
  assert.equal((await room.run(["whoami"], { shell: 'exec "$@" 2>&-' })).code, 4);
});

binaryTest("a list in a file has every byte that a pipe gets, and stands behind what was there", async (room) => {
  const env = token(room);
  for (const format of ["tsv", "csv", "jsonl", "json", "yaml"]) {
    const list = ["orders", "list", "--all", "-q", "-o", format];
    const { out: piped } = await room.run(list, { env });
    const { out: kept } = await room.run(list, { env, shell: 'echo before >rows; "$@" >>rows; cat rows' });
    assert.ok(piped.length > 100_000);
    assert.ok(kept === `before\n${piped}`, format);
  }
});

for (
  const args of [["--version"], ["--help"], ["orders", "list", "--all"], ["orders", "list", "--all", "-o", "json"]]
) {
  binaryTest(`OI-7: autocom ${args.join(" ")} ends with 141 in silence when its reader is gone`, async (room) => {
    const gone = `${room.folder}/gone`;
    const reader = `{ exec <&-; echo >'${gone}'; }`;
    const shell = `mkfifo '${gone}'; { read _ <'${gone}'; "$@"; echo "exit $?" >&2; } | ${reader}`;
    const { err } = await room.run(args, { env: token(room), shell });
    assert.equal(err, "exit 141\n");
  });
}

binaryTest("a full disk under stdout is an error that says so", async (room) => {
  const env = token(room);
  for (const args of [["orders", "list"], ["orders", "list", "--all"], ["--version"], ["--help"]]) {
    const { code, err } = await room.run(args, { env, shell: 'exec "$@" >/dev/full' });
    assert.deepEqual([code, err.match(/^error: cannot write the output: .*no space left/gim)?.length], [1, 1], err);
  }
  const json = await room.run(["auth", "login", "--no-browser", "-o", "json"], { shell: 'exec "$@" >/dev/full' });
  assert.equal(json.code, 1);
  assert.equal(await room.errand("answers", "127.0.0.1", 8765), false);
  assert.equal((await room.run(["whoami"], { shell: 'exec "$@" 2>/dev/full' })).code, 4); // none can be told
});

binaryTest("CF-17: a full disk under HOME keeps the session that was there, byte for byte", async (room) => {
  await room.shell('mount -t tmpfs -o size=256k,mode=700 room "$HOME"');
  await room.signIn("agent");
  await room.shell('head -c 1M /dev/zero >"$HOME/full" || true');
  const before = await room.shell('cd "$HOME/.autocom" && sha256sum * && ls -a');
  assert.match(before, / {2}credentials$/m);
  const { code, out, err } = await room.run(
    ["auth", "login", "--token-stdin", "--store", "file", "--force", "--tenant", "acme"],
    { stdin: room.platform.users.owner.pat },
  );
  assert.deepEqual([code, out], [3, ""]);
  assert.match(err, /^error: cannot write .*no space left/m);
  assert.equal(await room.shell('cd "$HOME/.autocom" && sha256sum * && ls -a'), before);
  const whoami = await room.run(["whoami", "-o", "json"], { env: { AUTOCOM_TENANT: "acme" } });
  assert.equal(JSON.parse(whoami.out).email, "agent@example.test");
});

binaryTest("CF-17: a read-only HOME serves commands that read, and changes are exit 3", async (room) => {
  await room.signIn();
  const before = await room.shell('find "$HOME" -type f -exec sha256sum {} +');
  await room.shell('mount --bind "$HOME" "$HOME" && mount -o remount,ro,bind "$HOME"');
  for (const args of [["whoami"], ["orders", "list", "-q"], ["auth", "status"]]) {
    const { code, err } = await room.run(args);
    assert.deepEqual([code, err], [0, ""], args.join(" "));
  }
  const stdin = room.platform.users.agent.pat;
  for (
    const args of [["auth", "login", "--token-stdin", "--force"], ["config", "set", "tenant", "globex"], [
      "auth",
      "logout",
    ]]
  ) {
    const { code, out, err } = await room.run(args, { stdin });
    assert.deepEqual([code, out], [3, ""], args.join(" "));
    assert.match(err, /^error: cannot .*read-only.*\nhint: .*\n$/m);
  }
  assert.equal(await room.shell('find "$HOME" -type f -exec sha256sum {} +'), before);
});

binaryTest("without HOME a command that needs a place says what to set", async (room) => {
  const lines: [args: string[], hint: RegExp][] = [
    [["whoami"], /^error: .*HOME is not set\nhint: set HOME, or AUTOCOM_\w+ to .*\n$/],
    [
      ["auth", "login", "--no-browser"],
      /^error: there is no place for credentials: HOME is not set\nhint: set HOME, or AUTOCOM_CREDENTIALS_FILE to .*\n$/,
    ],
    [["config", "set", "tenant", "acme"], /^error: .*HOME is not set\nhint: set HOME, or AUTOCOM_\w+ to .*\n$/],
  ];
  for (const [args, hint] of lines) {
    const { code, out, err } = await room.run(args, { env: { HOME: "" } });
    assert.deepEqual([code, out], [3, ""]);
    assert.match(err, hint);
  }
  const { code, err } = await room.run(["whoami"], { env: { HOME: "/nonexistent" } });
  assert.equal(code, 4);
  assert.match(err, /^error: not logged in to .*\nhint: autocom auth login/);
});
