/** Descriptors and signals as whoever starts the program leaves them. */
import assert from "node:assert/strict";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";
import { onTerminal } from "../support/binary/tty.ts";

const token = (room: Room) => ({ AUTOCOM_TOKEN: room.platform.users.owner.pat, AUTOCOM_TENANT: "acme" });
const ALL = ["orders", "list", "--all", "--per-page", "100"];

/** Makes a stream of this process non-blocking, for whoever has it too: the program that follows. */
const NONBLOCKING =
  `perl -MFcntl -e 'my $fd = shift; open my $s, ">&=", $fd; fcntl $s, F_SETFL, fcntl($s, F_GETFL, 0) | O_NONBLOCK; exec @ARGV'`;

/** Makes a stream of this process a socket whose other end was reset, for the program that follows. */
const RESET = "perl -MSocket -MPOSIX -e '" + [
  "my $fd = shift; socket my $l, PF_INET, SOCK_STREAM, 0; bind $l, sockaddr_in(0, INADDR_LOOPBACK); listen $l, 1",
  "socket my $c, PF_INET, SOCK_STREAM, 0; connect $c, getsockname $l or die; accept my $a, $l",
  "setsockopt $a, SOL_SOCKET, SO_LINGER, pack(q(ii), 1, 0); close $a; POSIX::dup2(fileno $c, $fd); exec @ARGV",
].join("; ") + "'";

for (const format of ["tsv", "json"]) {
  binaryTest(`FT-26: a slow reader on a non-blocking pipe gets every row (${format})`, async (room) => {
    const env = token(room);
    const whole = await room.run([...ALL, "-o", format], { env });
    const shell = `{ ${NONBLOCKING} 1 "$@"; echo "exit $?" >&2; } | { sleep 0.5; cat; }`; // full by then
    const { out, err } = await room.run([...ALL, "-o", format], { env, shell });
    assert.equal(err.trim(), "exit 0");
    assert.ok(out === whole.out, `${out.length} characters of ${whole.out.length}, or others`);
  }, ["perl"]);
}

binaryTest("FT-26: a terminal that does not block shows every row once", async (room) => {
  const env = token(room);
  const program = `${room.folder}/nonblocking`;
  await Deno.writeTextFile(program, `#!/bin/sh\nexec ${NONBLOCKING} 1 '${room.binary}' "$@"\n`, { mode: 0o755 });
  const { out } = await room.run([...ALL, "-o", "tsv"], { env });
  const tty = await onTerminal(room, [...ALL, "-o", "tsv", "-q"], { env, program });
  const { code, screen } = await tty.end();
  assert.equal(code, 0, screen.slice(-500));
  assert.ok(screen.replaceAll("\r\n", "\n") === out, "the rows");
}, ["perl", "script"]);

binaryTest("FT-26: a non-blocking stdin is waited for", async (room) => {
  const pat = room.platform.users.owner.pat;
  const shell = `{ read -r go; echo "$go"; } | { ${NONBLOCKING} 0 "$@"; }`;
  const login = room.start(["auth", "login", "--token-stdin", "--store", "file", "--tenant", "acme"], { shell });
  await login.type(`${pat}\n`);
  const { code, err } = await login.end();
  assert.equal(code, 0, err);
}, ["perl"]);

binaryTest("FT-27: signals that were ignored at the start stay ignored, others end the program", async (room) => {
  const env = token(room);
  const lines: [ignored: string, sent: Deno.Signal, code: number][] = [
    ["HUP", "SIGHUP", 0],
    ["INT", "SIGINT", 0],
    ["TERM", "SIGTERM", 0],
    ["HUP", "SIGTERM", 143],
    ["HUP", "SIGINT", 130],
    ["INT", "SIGHUP", 129],
  ];
  await room.errand("latency", 50); // between the first answer and the last there is time for a signal
  for (const [ignored, sent, expected] of lines) {
    const listing = room.start(["orders", "list", "--all"], { env, shell: `trap '' ${ignored}; exec "$@"` });
    await listing.line();
    listing.signal(sent);
    const { code, out, err } = await listing.end();
    const about = `${sent} while ${ignored} is ignored\n${err}`;
    assert.equal(code, expected, about);
    if (code === 0) assert.equal(out.trimEnd().split("\n").length, 2_001, about);
  }
});

binaryTest("FT-27: nohup in the background of a script, then HUP and INT: every row", async (room) => {
  const env = token(room);
  await room.errand("latency", 100);
  const shell =
    `nohup "$@" >rows 2>said & pid=$!; until [ -s rows ]; do :; done; kill -HUP $pid; kill -INT $pid; wait $pid; echo "exit $?"; wc -l <rows`;
  const { out } = await room.run(["orders", "list", "--all"], { env, shell });
  assert.equal(out, "exit 0\n2001\n");
});

binaryTest("FT-10: an output that cannot be written is exit 1 with its reason", async (room) => {
  const env = token(room);
  for (const args of [["config", "get", "output"], ["orders", "list"], ["--version"], ["--help"]]) {
    const { code, err } = await room.run(args, { env, shell: 'exec "$@" 1</etc/passwd' });
    assert.equal(code, 1, args.join(" "));
    assert.match(err, /^error: cannot write the output: it is open for reading only\n/m);
  }
  const silent = await room.run(["config", "get", "output"], { shell: 'exec "$@" 1</etc/passwd 2>&-' });
  assert.equal(silent.code, 1);
  const full = await room.run(["config", "get", "output"], { shell: 'exec "$@" >/dev/full 2>/dev/full' });
  assert.equal(full.code, 1);
  // Whoever wants no output gets none, and that is no failure.
  const unwanted = await room.run(["config", "get", "output"], { shell: 'exec "$@" 1<>/dev/null' });
  assert.deepEqual([unwanted.code, unwanted.err], [0, ""]);
});

binaryTest(
  "FT-10: a change whose row cannot be written says that it was carried out, and by which request",
  async (room) => {
    const env = token(room);
    const { out: rows } = await room.run(["orders", "list", "--status", "pending", "--per-page", "5", "-o", "jsonl"], {
      env,
    });
    const orders = rows.trim().split("\n").map((row) => JSON.parse(row));
    const [first, second] = orders.map(({ order_number }) => order_number);
    const [, , third, fourth, fifth] = orders.map(({ id }) => id);
    const shell = 'exec "$@" >/dev/full';
    const { code, err } = await room.run(["orders", "cancel", first, "--yes"], { env, shell });
    assert.equal(code, 1);
    const said =
      /\nerror: cannot write the output: .*; the change was carried out \(request (\S+)\)\nhint: do not repeat it, see: autocom audit list --request-id \1\n$/;
    assert.match(err, said);
    const audit = await room.run(["audit", "list", "--request-id", said.exec(err)![1]!, "-o", "jsonl"], { env });
    assert.equal(JSON.parse(audit.out).result, "ok");
    const json = await room.run(["orders", "cancel", second, "--yes", "-o", "json"], { env, shell });
    assert.match(JSON.parse(json.err).error.message, /; the change was carried out$/);
    const document = "mutation Cancel($id: ID!) { orders_cancel(id: $id) { id } }";
    const others = [
      ["call", "orders_cancel", "--id", third],
      ["graphql", document, "-f", `id=${fourth}`],
      ["api", "POST", "/graphql", "-f", `query=${document.replace("($id: ID!)", "").replace("$id", `"${fifth}"`)}`],
    ];
    for (const line of others) {
      const { code, err } = await room.run([...line, "--yes"], { env, shell });
      assert.equal(code, 1, err);
      assert.match(
        err,
        /; the change was carried out \(request (\S+)\)\nhint: do not repeat it, see: autocom audit list --request-id \1\n$/,
      );
    }
  },
);

binaryTest(
  "FT-18: an input that is a pipe without a writer, or a terminal, is refused in words; <(…) is read",
  async (room) => {
    const env = token(room);
    await room.shell(`mkfifo '${room.folder}/pipe'`);
    for (const path of [`${room.folder}/pipe`, "/dev/tty", "/dev/zero"]) {
      const tty = await onTerminal(room, ["graphql", "--input", path], { env });
      const { code, screen } = await tty.end();
      assert.equal(code, 3, screen);
      assert.match(
        screen,
        /cannot read --input "\S+": it is not a regular file\r\n\S*hint:\S* give it to stdin: --input - < \S+/,
      );
    }
    const shell = `exec bash -c '"$@" --input <(echo "{ orders(per_page: 1) { data { status } } }")' bash "$@"`;
    const { code, out, err } = await room.run(["graphql"], { env, shell });
    assert.deepEqual([code, err], [0, ""]);
    assert.ok(JSON.parse(out).data.orders.data[0].status);
  },
  ["script", "mkfifo", "bash"],
);

binaryTest("an export whose file is written, and whose object cannot be, says that it is", async (room) => {
  const shell = 'exec "$@" >/dev/full';
  const path = `${room.folder}/w.csv`;
  const line = ["orders", "export", "--limit", "5", "--output-file", path, "-o", "json"];
  const { code, err } = await room.run(line, { env: token(room), shell });
  const { error } = JSON.parse(err.trim().split("\n").at(-1)!);
  assert.deepEqual([code, error.message.endsWith(`; "${path}" was written`)], [1, true], err);
});

binaryTest("FT-10: a change whose notes cannot be written is carried out, once, and ends as it would", async (room) => {
  const env = token(room);
  const { out: rows } = await room.run(["orders", "list", "--status", "pending", "--per-page", "3", "-o", "jsonl"], {
    env,
  });
  const ends = ['exec "$@" 2>/dev/full', `exec ${RESET} 2 "$@"`, 'exec "$@" 2>&-'];
  for (const [at, row] of rows.trim().split("\n").entries()) {
    const line = ["orders", "update-status", JSON.parse(row).id, "confirmed", "--yes", "-o", "tsv"];
    const { code, out } = await room.run(line, { env, shell: ends[at]! });
    assert.deepEqual([code, /\tconfirmed\t/.test(out)], [0, true], `${ends[at]}\n${out}`);
  }
}, ["perl"]);

binaryTest("OI-7: a reader of stdout whose socket was reset is one that went away: 141 in silence", async (room) => {
  const { code, err } = await room.run(ALL, { env: token(room), shell: `exec ${RESET} 1 "$@"` });
  assert.deepEqual([code, err], [141, ""]);
}, ["perl"]);

binaryTest("a logout that cannot be said deletes the session all the same", async (room) => {
  await room.signIn("agent");
  assert.equal((await room.run(["auth", "logout"], { shell: 'exec "$@" 2>/dev/full' })).code, 0);
  assert.equal((await room.run(["whoami"])).code, 4);
});
