import assert from "node:assert/strict";
import { ENVIRONMENT } from "../../src/system/environment.ts";
import { HOST, installed, type Place, tlsTest } from "../support/binary/company.ts";

const SECRET = "hunter2-and-some-more";
const ORDERS = ["orders", "list", "-q", "--per-page", "1"];

const WAYS: [string, (place: Place) => Promise<Record<string, string>> | Record<string, string>][] = [
  ["in the system's store", installed],
  ["in SSL_CERT_FILE", ({ pem }) => ({ SSL_CERT_FILE: pem })],
  ["in AUTOCOM_CA_BUNDLE", ({ pem }) => ({ AUTOCOM_CA_BUNDLE: pem })],
];

for (const [where, trust] of WAYS) {
  tlsTest(`TR-13: a company's own authority ${where} is trusted, by address and by name`, async (place) => {
    const env = await trust(place);
    for (const host of ["127.0.0.1", HOST]) {
      const address = { AUTOCOM_API_URL: place.url("good", host) };
      const { code, out, err } = await place.run(ORDERS, { ...env, ...address });
      assert.deepEqual([code, err], [0, ""], host);
      assert.match(out, /^ORDER\t.*\nORD-\S+\t.*\n$/);
      const doctor = await place.run(["doctor"], { ...env, ...address });
      assert.equal(doctor.code, 0, doctor.out);
      assert.match(doctor.out, /^certificates\tok\t/m);
      assert.match(doctor.out, /^server\tok\t/m);
    }
    const stranger = await place.run(ORDERS, { ...env, AUTOCOM_API_URL: place.url("stranger") });
    assert.equal(stranger.code, 10, "an authority too many is trusted");
  });
}

tlsTest("TR-13: AUTOCOM_CA_BUNDLE adds to the authorities of the system, and takes none away", async (place) => {
  await installed(place);
  const bundle = `${place.room.folder}/stranger.pem`;
  await Deno.writeTextFile(bundle, place.stranger);
  for (const server of ["good", "stranger"]) {
    const env = { AUTOCOM_CA_BUNDLE: bundle, AUTOCOM_API_URL: place.url(server) };
    const { code, err } = await place.run(ORDERS, env);
    assert.deepEqual([code, err], [0, ""], server);
  }
  assert.equal((await place.run(ORDERS, { DENO_TLS_CA_STORE: "mozilla" })).code, 10, "what the person chose, counts");
});

tlsTest(
  "TR-13: an unknown authority ends with 10; the message names the certificate and AUTOCOM_CA_BUNDLE",
  async (place) => {
    const { code, out, err } = await place.run(ORDERS);
    assert.deepEqual([code, out], [10, ""]);
    assert.match(
      err,
      /^error: cannot list orders: the certificate of 127\.0\.0\.1:\d+ is trusted neither by .*\nhint: .*AUTOCOM_CA_BUNDLE.*\n$/,
    );
    const json = await place.run([...ORDERS, "-o", "json"]);
    assert.partialDeepStrictEqual(JSON.parse(json.err), { error: { code: "network", exit: 10 } });
    const doctor = await place.run(["doctor", "-o", "json"]);
    assert.equal(doctor.code, 10);
    const found = JSON.parse(doctor.out).find(({ check }: { check: string }) => check === "server");
    assert.equal(found.state, "failure");
    assert.match(`${found.detail} ${found.fix}`, /certificate.*AUTOCOM_CA_BUNDLE/);
    assert.deepEqual((await place.seen()).requests, []);
  },
);

for (
  const [server, why, words] of [
    [
      "other",
      "it is for another host",
      /^error: cannot list orders: the certificate is not for 127\.0\.0\.1:\d+\nhint: .*AUTOCOM_API_URL/,
    ],
    [
      "expired",
      "it has expired",
      /^error: cannot list orders: the certificate of 127\.0\.0\.1:\d+ has expired\nhint: .*clock/,
    ],
    [
      "early",
      "its time has not begun",
      /^error: cannot list orders: the certificate of 127\.0\.0\.1:\d+ is not valid yet\nhint: .*clock/,
    ],
  ] as const
) {
  tlsTest(`TR-13: a certificate of a trusted authority is refused when ${why}`, async (place) => {
    for (const trust of ["AUTOCOM_CA_BUNDLE", "SSL_CERT_FILE"]) {
      const { code, out, err } = await place.run(ORDERS, { [trust]: place.pem, AUTOCOM_API_URL: place.url(server) });
      assert.deepEqual([code, out], [10, ""]);
      assert.match(err, words);
    }
    assert.deepEqual((await place.seen()).requests, []);
  });
}

tlsTest("TR-13: no variable and no flag switches the check off", async (place) => {
  const given = ["AUTOCOM_TOKEN", "AUTOCOM_TENANT", "AUTOCOM_API_URL", "AUTOCOM_CONFIG", "AUTOCOM_CREDENTIALS_FILE"];
  const paths = [
    "HOME",
    "USERPROFILE",
    "PATH",
    "AUTOCOM_CA_BUNDLE",
    "SSL_CERT_FILE",
    "DENO_TLS_CA_STORE",
    "SSLKEYLOGFILE",
  ];
  const kept = [...given, ...paths, "AUTOCOM_OUTPUT", ...ENVIRONMENT.filter((name) => /_proxy$/i.test(name))];
  const switches = ENVIRONMENT.filter((name) => !kept.includes(name));
  const foreign = [
    ...["NODE_TLS_REJECT_UNAUTHORIZED", "PYTHONHTTPSVERIFY", "GIT_SSL_VERIFY", "AUTOCOM_TLS_VERIFY"],
    ...["AUTOCOM_INSECURE", "GIT_SSL_NO_VERIFY", "DENO_UNSAFELY_IGNORE_CERTIFICATE_ERRORS", "CURL_INSECURE"],
  ];
  for (const value of ["0", "1", "true", "false"]) {
    const env = Object.fromEntries([...switches, ...foreign].map((name) => [name, value]));
    const { code, err } = await place.run(ORDERS, { ...env, AUTOCOM_TIMEOUT: "30" });
    assert.equal(code, 10);
    assert.match(err, /^error: .* certificate /m);
  }
  for (const flag of ["--insecure", "-k", "--no-verify", "--insecure-skip-tls-verify", "--no-check-certificate"]) {
    const { code, err } = await place.run([...ORDERS, flag]);
    assert.equal(code, 2, err);
  }
  assert.deepEqual((await place.seen()).requests, []);
});

tlsTest("FT-35: a file that holds no certificate is a fault of the set-up: 3, and what to do", async (place) => {
  const { folder } = place.room;
  await Deno.writeTextFile(`${folder}/notes`, "no certificate here\n");
  await Deno.writeTextFile(`${folder}/cut`, (await Deno.readTextFile(place.pem)).slice(0, 200));
  await Deno.writeTextFile(`${folder}/wrong`, "-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n");
  for (const variable of ["AUTOCOM_CA_BUNDLE", "SSL_CERT_FILE"]) {
    for (const name of ["missing", "notes", "cut", "wrong", "home"]) {
      const path = `${folder}/${name}`;
      const { code, out, err } = await place.run(ORDERS, { [variable]: path });
      assert.deepEqual([code, out], [3, ""], `${name}: ${err}`);
      assert.ok(err.startsWith(`error: cannot use ${variable} "${path}": `), err);
      assert.ok(err.endsWith(`\nhint: name a file with PEM certificates, or unset ${variable}\n`), err);
    }
  }
});

tlsTest("FT-34: SSL_CERT_FILE that is set but empty counts as unset", async (place) => {
  await installed(place);
  const env = {
    AUTOCOM_TOKEN: place.room.platform.users.agent.pat,
    AUTOCOM_TENANT: "acme",
    AUTOCOM_API_URL: place.url(),
  };
  const { code, err } = await place.room.run(ORDERS, { env, shell: 'export SSL_CERT_FILE=; exec "$@"' });
  assert.deepEqual([code, err], [0, ""]);
});

tlsTest(
  "an intercepting proxy works once its authority is trusted, by every variable that names a proxy",
  async (place) => {
    const address = { AUTOCOM_API_URL: `https://${HOST}/api/v1` }; // nobody listens there
    const proxy = `http://127.0.0.1:${place.proxy}`;
    const unknown = await place.run(ORDERS, { ...address, HTTPS_PROXY: proxy });
    assert.deepEqual([unknown.code, unknown.out], [10, ""]);
    assert.match(unknown.err, /certificate of api\.shop\.test is trusted neither .*\nhint: .*AUTOCOM_CA_BUNDLE/);
    for (const variable of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) {
      const env = { ...address, [variable]: proxy, AUTOCOM_CA_BUNDLE: place.pem };
      const { code, out, err } = await place.run(ORDERS, env);
      assert.deepEqual([code, err], [0, ""], variable);
      assert.match(out, /\nORD-/);
      assert.match(
        (await place.run(["doctor"], env)).out,
        new RegExp(`^proxy\tok\t${proxy} \\(from ${variable}\\)`, "m"),
      );
    }
    const { proxied, requests } = await place.seen();
    assert.deepEqual([...new Set(proxied.map((head) => head.split("\r\n", 1)[0]))], [`CONNECT ${HOST}:443 HTTP/1.1`]);
    assert.ok(requests.every(({ server, url }) => server === "good" && url.startsWith(`https://${HOST}/`)));
  },
);

tlsTest("the proxy's credentials reach the proxy, and nothing and nobody else", async (place) => {
  const user = "robot@acme";
  const env = {
    AUTOCOM_API_URL: `https://${HOST}/api/v1`,
    AUTOCOM_CA_BUNDLE: place.pem,
    HTTPS_PROXY: `http://${encodeURIComponent(user)}:${SECRET}@127.0.0.1:${place.proxy}`,
  };
  const encoded = btoa(`${user}:${SECRET}`);
  const said: string[] = [];
  const hold = async (wanted: number, args: string[], more: Record<string, string> = {}) => {
    const { code, out, err } = await place.run(args, { ...env, ...more });
    assert.equal(code, wanted, `${args.join(" ")}: ${err}`);
    said.push(out, err);
  };
  for (const format of [[], ["-o", "json"]]) {
    for (const more of [[], ["--debug"]]) {
      await hold(0, [...ORDERS, ...format, ...more]);
      await hold(0, ["doctor", ...format, ...more]);
    }
    await hold(0, ["config", "list", ...format]);
    const wrong = { HTTPS_PROXY: env.HTTPS_PROXY.replace("robot", "human") };
    await hold(10, [...ORDERS, "--debug", ...format], wrong);
    await hold(10, ["doctor", "--debug", ...format], wrong);
    await hold(10, [...ORDERS, "--debug", ...format], { HTTPS_PROXY: env.HTTPS_PROXY.replace(/\d+$/, "9") });
    await hold(10, [...ORDERS, "--debug", ...format], { AUTOCOM_CA_BUNDLE: "" });
  }
  assert.match(
    said.join(""),
    /the proxy http:\/\/127\.0\.0\.1:\d+ did not accept the name and password in HTTPS_PROXY/,
  );
  const { proxied, requests } = await place.seen();
  assert.ok(proxied.some((head) => head.includes(`Basic ${encoded}`)));
  const leaks = [SECRET, encodeURIComponent(user), user, encoded, btoa(`human@acme:${SECRET}`)];
  for (const text of [...said, ...requests.map((request) => JSON.stringify(request))]) {
    for (const leak of leaks) assert.ok(!text.includes(leak), text);
  }
}, `robot@acme:${SECRET}`);

tlsTest("HTTPS_PROXY goes before ALL_PROXY, as doctor says", async (place) => {
  const proxies = { HTTPS_PROXY: `http://127.0.0.1:${place.proxy}`, ALL_PROXY: "http://127.0.0.1:9" };
  const env = { ...proxies, AUTOCOM_API_URL: `https://${HOST}/api/v1`, AUTOCOM_CA_BUNDLE: place.pem };
  const { code, err } = await place.run(ORDERS, env);
  assert.deepEqual([code, err], [0, ""]);
});

tlsTest("a proxy's address that is none ends with 10 and names the variable, not what it holds", async (place) => {
  for (const address of [`http://robot:${SECRET}@`, `ftp://robot:${SECRET}@127.0.0.1`, `http://${SECRET}:port`]) {
    const far = { HTTPS_PROXY: address, AUTOCOM_API_URL: place.url("good", HOST) };
    const { code, out, err } = await place.run([...ORDERS, "--debug"], far);
    assert.deepEqual([code, out], [10, ""]);
    assert.match(err, /^error: .*HTTPS_PROXY is not the address of a proxy\nhint: .*http:\/\/HOST:PORT.*\n/m);
    assert.ok(!err.includes(SECRET), err);
  }
  assert.deepEqual((await place.seen()).requests, []);
  // Where no proxy is asked it is not looked at.
  const trusting = { HTTPS_PROXY: "socks4://10.0.0.1:1080", AUTOCOM_CA_BUNDLE: place.pem };
  for (const host of ["127.0.0.1", HOST]) {
    const exempt = { AUTOCOM_API_URL: place.url("good", host), NO_PROXY: host === HOST ? "*" : "" };
    const { code, err } = await place.run(ORDERS, { ...trusting, ...exempt });
    assert.deepEqual([code, err], [0, ""]);
  }
});

tlsTest("NO_PROXY: a host that it names is reached without the proxy", async (place) => {
  const address = place.url("good", HOST);
  const env = {
    AUTOCOM_API_URL: address,
    AUTOCOM_CA_BUNDLE: place.pem,
    HTTPS_PROXY: `http://127.0.0.1:${place.proxy}`,
  };
  for (const [name, value] of [["NO_PROXY", HOST], ["no_proxy", "other.test, shop.test"], ["NO_PROXY", "*"]] as const) {
    const { code, err } = await place.run(ORDERS, { ...env, [name]: value });
    assert.deepEqual([code, err], [0, ""], `${name}=${value}`);
  }
  assert.deepEqual((await place.seen()).proxied, []);
  assert.equal((await place.run(ORDERS, { ...env, NO_PROXY: "other.test" })).code, 0);
  assert.equal((await place.seen()).proxied.length, 1);
});

tlsTest("TR-10: loopback is never asked through a proxy, whatever variables say", async (place) => {
  const proxy = `http://127.0.0.1:${place.proxy}`;
  const variables = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
  const proxies = Object.fromEntries(variables.map((variable) => [variable, proxy]));
  for (const address of [place.room.apiUrl, `http://[::1]:${place.loopback}/api/v1`, place.url()]) {
    for (const exempt of [{}, { NO_PROXY: "other.test" }, { no_proxy: "other.test" }] as Record<string, string>[]) {
      const env = { ...proxies, ...exempt, AUTOCOM_API_URL: address, AUTOCOM_CA_BUNDLE: place.pem };
      const { code, err } = await place.run(ORDERS, env);
      assert.deepEqual([code, err], [0, ""], `${address} ${JSON.stringify(exempt)}`);
    }
  }
  assert.deepEqual((await place.seen()).proxied, []);
});
