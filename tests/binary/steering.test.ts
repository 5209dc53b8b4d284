/** Variables that steer the runtime, and hosts where loopback is crowded or missing: the compiled program, in a room. */
import assert from "node:assert/strict";
import { STEERING } from "../../src/system/environment.ts";
import { HOST, tlsTest } from "../support/binary/company.ts";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";

const LOGIN = ["auth", "login", "--no-browser", "--tenant", "acme", "-o", "json"];
const ORDERS = ["orders", "list", "-q", "--per-page", "1"];

/** What each would do, if it could. */
const HOSTILE: Record<string, string> = {
  ...Object.fromEntries(STEERING.map((name) => [name, /proxy/i.test(name) ? "http://127.0.0.1:9" : "/nowhere/at/all"])),
  NO_PROXY: "",
  no_proxy: "",
  DENO_SERVE_ADDRESS: "tcp:0.0.0.0:9911",
  DENO_TLS_CA_STORE: "mozilla", // a setting as well: another word is refused
  DENO_TRUST_PROXY_HEADERS: "1",
  DENO_TRACE_PERMISSIONS: "1",
  NODE_CHANNEL_FD: "0",
  NODE_DEBUG: "*",
  NODE_OPTIONS: "--require /nowhere/at/all",
  NODE_TLS_REJECT_UNAUTHORIZED: "0",
  OTEL_DENO: "true",
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
  DENO_AUTH_TOKENS: "secret@127.0.0.1",
  DENO_V8_FLAGS: "--expose-gc",
  DENO_NO_PROMPT: "0",
};

function portOf(line: string): number {
  return Number(new URL(new URL(JSON.parse(line).url).searchParams.get("redirect_uri")!).port);
}

binaryTest("FT-11: no variable of the runtime moves the listener of a login, or breaks loopback", async (room) => {
  await room.shell("ip addr add 192.0.2.7/32 dev lo");
  // One alone moves it; all of them together might hinder each other.
  for (const env of [{ DENO_SERVE_ADDRESS: "tcp:0.0.0.0:9911" }, { DENO_SERVE_ADDRESS: "unix:/tmp/x" }, HOSTILE]) {
    const login = room.start(LOGIN, { env });
    const port = portOf(await login.line());
    assert.equal(port, 8765);
    assert.equal(await room.errand("answers", "127.0.0.1", port), true);
    for (const [host, other] of [["192.0.2.7", port], ["127.0.0.1", 9911], ["192.0.2.7", 9911]] as const) {
      assert.equal(await room.errand("answers", host, other), false, `${host}:${other}`);
    }
    login.signal("SIGTERM");
    assert.equal((await login.ended).code, 143);
  }
  const { code, err } = await room.logIn(["--store", "file"], { env: HOSTILE });
  assert.equal(code, 0, err);
  const list = await room.run(ORDERS, { env: HOSTILE });
  assert.deepEqual([list.code, list.err], [0, ""]);
});

tlsTest(
  "FT-11: with every variable of the runtime set, TLS trusts whom it did",
  async (place) => {
    const env = { ...HOSTILE, HTTPS_PROXY: "", https_proxy: "", ALL_PROXY: "", all_proxy: "" };
    const { code, err } = await place.run(ORDERS, { ...env, AUTOCOM_CA_BUNDLE: place.pem });
    assert.deepEqual([code, err], [0, ""]);
    const trusted = await place.run(ORDERS, { ...env, DENO_CERT: place.pem, NODE_EXTRA_CA_CERTS: place.pem });
    assert.equal(trusted.code, 10, "an authority that the person did not name for autocom is trusted");
  },
);

tlsTest("FT-11: while SSLKEYLOGFILE is set nothing is sent over TLS, and no key is written", async (place) => {
  const keys = `${place.room.folder}/keys`;
  for (const more of [{}, { HTTPS_PROXY: `http://127.0.0.1:${place.proxy}` }] as Record<string, string>[]) {
    const { code, out, err } = await place.run(ORDERS, { ...more, AUTOCOM_CA_BUNDLE: place.pem, SSLKEYLOGFILE: keys });
    assert.deepEqual([code, out], [3, ""]);
    assert.match(err, /^error: .*SSLKEYLOGFILE.*\nhint: unset SSLKEYLOGFILE\n$/);
  }
  // The runtime makes the file.
  assert.equal(await Deno.readTextFile(keys).catch(() => ""), "");
  assert.deepEqual((await place.seen()).requests, []);
  const plain = await place.room.run(ORDERS, { env: { ...account(place.room), SSLKEYLOGFILE: keys } });
  assert.deepEqual([plain.code, plain.err], [0, ""]);
});

binaryTest("FT-12: a request with a Host that is none prints nothing, and the login goes on", async (room) => {
  const login = room.start(["auth", "login", "--no-browser", "--tenant", "acme"]);
  const [, address] = await login.until("err", /^ {2}(http:\S+)$/m);
  await login.until("err", /Waiting for your approval/);
  const before = login.err;
  const callback = await room.approve(address!);
  const { pathname, search, port } = new URL(callback);
  for (const host of ["a b", "[", "", "a\rb", "\x1b]0;x\x07", "127.0.0.1:99999999", "é"]) {
    const answer = await room.errand(
      "send",
      Number(port),
      `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 40[03] /, host);
  }
  for (
    const bytes of [
      "GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "\x16\x03\x01\x02\x00\x01",
    ]
  ) {
    await room.errand("send", Number(port), bytes);
  }
  await room.fetch(new Request(callback));
  const { code, err } = await login.ended;
  assert.equal(code, 0, err);
  const after = err.slice(before.length).split("\n").filter(Boolean);
  for (const line of after) assert.match(line, /^(Saved (api_url|tenant|client_id) = |Logged in to )/);
});

binaryTest("FT-20: 1,200 connections to the port of a login that may open 256 files do not end it", async (room) => {
  const login = room.start(LOGIN, { shell: 'ulimit -Sn 256; ulimit -Hn 256; exec "$@"' });
  const line = await login.line();
  const callback = await room.approve(JSON.parse(line).url);
  const beginnings = [
    "",
    "GET /callback?code=x HTTP/1.1\r\nHost: 127.0.0.1",
    `GET / HTTP/1.1\r\n${"X: y\r\n".repeat(900)}`,
    "\x16\x03",
  ];
  const open = await room.errand("crowd", portOf(line), 1_200, beginnings);
  assert.ok(open > 256, `${open} connections could be opened`);
  await room.fetch(new Request(callback));
  const { code, err } = await login.ended;
  assert.equal(code, 0, err);
});

binaryTest("FT-23: on a host without 127.0.0.1 a login says so, and the pasted address logs in", async (room) => {
  // A second network inside the room's.
  const without = `ip link set lo up && ip addr del 127.0.0.1/8 dev lo && exec "$@"`;
  const shell = `exec unshare --net sh -c '${without}' sh "$@"`;
  const browser = await room.run(["auth", "login"], { env: { DISPLAY: ":0" }, shell });
  assert.equal(browser.code, 1, browser.err);
  assert.match(
    browser.err,
    /^error: cannot listen for the login: this machine has no address 127\.0\.0\.1\nhint: paste .*--no-browser\n/m,
  );
  // The paste is waited for; what the platform cannot be asked from here is said as a failure of the network, not as a defect.
  const paste = room.start(LOGIN, { shell });
  const url = new URL(JSON.parse(await paste.line()).url);
  assert.equal(url.searchParams.get("redirect_uri"), "http://127.0.0.1/callback");
  await paste.type(`http://127.0.0.1/callback?code=abc&state=${url.searchParams.get("state")}\n`);
  const { code, err } = await paste.end();
  assert.equal(code, 10, err);
  assert.match(err, /this machine has no route to 127\.0\.0\.1/);
  const list = await room.run(ORDERS, { env: account(room), shell });
  assert.equal(list.code, 10, list.err);
});

function account(room: Room): Record<string, string> {
  return { AUTOCOM_TOKEN: room.platform.users.agent.pat, AUTOCOM_TENANT: "acme" };
}

tlsTest(
  "FT-18: AUTOCOM_CA_BUNDLE that is a pipe ends with 3, and is not opened for loopback in clear text",
  async (place) => {
    const { room } = place;
    const fifo = `${room.folder}/fifo`;
    await room.shell(`mkfifo '${fifo}'`);
    for (const variable of ["AUTOCOM_CA_BUNDLE", "SSL_CERT_FILE"]) {
      const { code, err } = await place.run(ORDERS, { [variable]: fifo });
      assert.equal(code, 3, err);
      assert.ok(err.includes(`cannot use ${variable} "${fifo}": it is not a regular file\nhint: `), err);
      for (const DENO_TLS_CA_STORE of ["", "system"]) {
        const plain = await room.run(ORDERS, { env: { ...account(room), DENO_TLS_CA_STORE, [variable]: fifo } });
        assert.deepEqual([plain.code, plain.err], [0, ""]);
      }
    }
  },
);

tlsTest("FT-34: SSL_CERT_FILE that cannot be used is exit 3 and named, before anybody is asked", async (place) => {
  for (const path of ["/nowhere.pem", "/etc", "/dev/null", "/etc/hostname"]) {
    for (const address of [place.url(), "https://127.0.0.1:9/api/v1"]) {
      const { code, err } = await place.run(ORDERS, { SSL_CERT_FILE: path, AUTOCOM_API_URL: address });
      assert.equal(code, 3, err);
      assert.match(
        err,
        /^error: cannot list orders: cannot use SSL_CERT_FILE "\S+": .*\nhint: .*unset SSL_CERT_FILE\n$|^error: cannot use SSL_CERT_FILE/,
      );
    }
    const doctor = await place.run(["doctor", "-o", "json"], { SSL_CERT_FILE: path });
    assert.equal(doctor.code, 3);
    const found = JSON.parse(doctor.out).find(({ check }: { check: string }) => check === "certificates");
    assert.match(found.detail, /SSL_CERT_FILE/);
  }
  const { code } = await place.run(ORDERS, { DENO_TLS_CA_STORE: "bogus" });
  assert.equal(code, 3);
  assert.deepEqual((await place.seen()).requests, []);
});

tlsTest("variables that decide what is trusted are refused when they are not UTF-8, never ignored", async (place) => {
  for (const variable of ["SSL_CERT_FILE", "AUTOCOM_CA_BUNDLE", "DENO_TLS_CA_STORE", "SSLKEYLOGFILE"]) {
    const shell = `export ${variable}=$(printf '/tmp/\\377'); exec "$@"`;
    const env = { ...account(place.room), AUTOCOM_API_URL: place.url(), AUTOCOM_CA_BUNDLE: place.pem };
    const { code, out, err } = await place.room.run(ORDERS, { env, shell });
    assert.deepEqual([code, out], [3, ""], err);
    assert.match(err, new RegExp(`^error: .*${variable}.*\nhint: .*unset ${variable}\n$`));
  }
  assert.deepEqual((await place.seen()).requests, []);
});

tlsTest("FT-36: the usual forms of NO_PROXY work, and doctor says which way is taken", async (place) => {
  const env = {
    AUTOCOM_API_URL: place.url("good", HOST),
    AUTOCOM_CA_BUNDLE: place.pem,
    HTTPS_PROXY: `http://me:secret@127.0.0.1:${place.proxy}`,
  };
  const { port } = new URL(place.url());
  for (const list of ["*.shop.test", ".shop.test", "shop.test", HOST, `${HOST}:${port}`, "x.test  *.shop.test", "*"]) {
    const { code, err } = await place.run(ORDERS, { ...env, NO_PROXY: list });
    assert.deepEqual([code, err], [0, ""], list);
    const { out } = await place.run(["doctor"], { ...env, NO_PROXY: list });
    assert.match(
      out,
      new RegExp(
        `^proxy\tok\thttp://127\\.0\\.0\\.1:\\d+ with a login \\(from HTTPS_PROXY\\), not used for ${HOST}`,
        "m",
      ),
    );
  }
  assert.deepEqual((await place.seen()).proxied, []);
});

tlsTest("FT-36: a proxy that is at fault is named, by orders and by doctor", async (place) => {
  const env = { AUTOCOM_API_URL: `https://${HOST}/api/v1`, AUTOCOM_CA_BUNDLE: place.pem };
  for (
    const [proxy, said] of [["http://proxy.nowhere.test:1", "cannot be found"], [
      "http://me:secret@127.0.0.1:9",
      "refused the connection",
    ]] as const
  ) {
    for (const args of [ORDERS, ["doctor"]]) {
      const { code, out, err } = await place.run(args, { ...env, HTTPS_PROXY: proxy });
      assert.equal(code, 10, err);
      assert.match(out + err, new RegExp(`the proxy ${proxy.replace("me:secret@", "")} ${said}`));
      assert.ok(!`${out}${err}`.includes("secret"));
    }
  }
});
