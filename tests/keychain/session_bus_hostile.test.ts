import assert from "node:assert/strict";
import { ACCOUNT, at, BEHIND, FOUND, open, scene, test } from "../support/keychain/bus_scene.ts";
import type { FakeBus } from "../support/keychain/fake_bus.ts";
import { packMessage, type Sent, type Value } from "../support/keychain/wire.ts";

for (
  const greeting of [
    "REJECTED EXTERNAL\r\n",
    "ERROR\r\n",
    "\r\n",
    "HTTP/1.1 400 Bad Request\r\n\r\n",
    "x".repeat(5_000),
  ]
) {
  test(`a bus that does not admit us is left to libsecret: ${JSON.stringify(greeting.slice(0, 20))}`, async () => {
    await using all = await scene();
    all.bus.greeting = greeting;
    assert.deepEqual(await open(all.tool, { env: at(all.bus) }).get(ACCOUNT), BEHIND);
  });
}

const answer = (to: Sent, signature: string, values: Value[]) =>
  packMessage({ type: 2, serial: 9, fields: { to: to.serial, signature }, values });
/** With other bytes from there on. */
const patched = (bytes: Uint8Array, at: number, ...others: number[]) => {
  bytes.set(others, at);
  return bytes;
};
const MANY = Array.from({ length: 2_000 }, (_, at) => `/org/freedesktop/secrets/collection/login/${at}`);
const SIGNAL = packMessage({
  type: 4,
  serial: 3,
  fields: { path: "/a", of: "a.b", member: "C", signature: "s" },
  values: ["x".repeat(20_000)],
});

const HOSTILE: [string, string, FakeBus["tamper"]][] = [
  ["noise", "SearchItems", (_, bytes) => bytes.map((byte) => byte ^ 0x5a)],
  ["the other byte order", "SearchItems", (_, bytes) => patched(bytes, 0, 66)],
  ["another version", "SearchItems", (_, bytes) => patched(bytes, 3, 2)],
  ["a body of 4 GB", "SearchItems", (_, bytes) => patched(bytes, 4, 255, 255, 255, 255)],
  ["a head of 4 GB", "SearchItems", (_, bytes) => patched(bytes, 12, 255, 255, 255, 255)],
  ["a field beyond the head", "SearchItems", (_, bytes) => patched(bytes, 12, 9, 0)],
  ["a field of an unknown type", "SearchItems", (_, bytes) => patched(bytes, 18, 120)],
  ["another signature", "SearchItems", (_, __, to) => answer(to, "s", ["/a"])],
  ["no body", "SearchItems", (_, __, to) => answer(to, "", [])],
  ["a cut off body", "SearchItems", (_, __, to) => {
    const bytes = answer(to, "aoao", [["/a"], []]);
    return patched(bytes, 4, 4).subarray(0, bytes.length);
  }],
  ["an array beyond the body", "SearchItems", (_, __, to) => {
    const bytes = answer(to, "aoao", [["/a/b"], []]);
    return patched(bytes, bytes.length - 20, 255, 255, 255, 255);
  }],
  ["an array that ends within a path", "SearchItems", (_, __, to) => {
    const bytes = answer(to, "aoao", [["/a/b"], []]);
    return patched(bytes, bytes.length - 20, 6);
  }],
  ["a path that is none", "SearchItems", (_, __, to) => answer(to, "aoao", [["a b"], []])],
  ["a path with a line end", "SearchItems", (_, __, to) => answer(to, "aoao", [["/a\nb"], []])],
  ["a path that is no UTF-8", "SearchItems", (_, __, to) => {
    const bytes = answer(to, "aoao", [["/aaa"], []]);
    return patched(bytes, bytes.length - 11, 255, 254);
  }],
  ["2,000 entries", "SearchItems", (_, __, to) => answer(to, "aoao", [MANY, []])],
  ["the end", "SearchItems", () => undefined],
  ["half an answer, then the end", "SearchItems", (_, bytes) => bytes.subarray(0, 30)],
  ["a session that is no path", "OpenSession", (_, __, to) => answer(to, "vo", [["s", ""], "x"])],
  ["the secret of another session", "GetSecret", (_, __, to) => answer(to, "(oayays)", [["/s/other", [], [65], "t"]])],
  ["a secret with a key", "GetSecret", (_, __, to) => {
    return answer(to, "(oayays)", [["/org/freedesktop/secrets/session/s1", [1], [65], "t"]]);
  }],
  ["a secret beyond the body", "GetSecret", (_, __, to) => {
    const bytes = answer(to, "(oayays)", [["/org/freedesktop/secrets/session/s1", [], [65], ""]]);
    return patched(bytes, bytes.length - 13, 255, 255);
  }],
  [
    "signals without end",
    "SearchItems",
    () => Uint8Array.from({ length: SIGNAL.length * 60 }, (_, at) => SIGNAL[at % SIGNAL.length]!),
  ],
];

for (const [name, at_, tamper] of HOSTILE) {
  test(`nothing of the bus is believed beyond its bounds, and libsecret is asked: ${name}`, async () => {
    await using all = await scene();
    all.bus.tamper = (member, bytes, to) => member === at_ ? tamper(member, bytes, to) : bytes;
    if (name.startsWith("half")) all.bus.endsAfter = at_;
    const keychain = open(all.tool, { env: at(all.bus) });
    assert.deepEqual(await keychain.get(ACCOUNT), BEHIND);
    assert.ok(all.bus.calls.includes(at_), `${all.bus.calls}`);
    // What spoke no sense once is not asked again in that run.
    all.bus.tamper = (_, bytes) => bytes;
    assert.deepEqual(await keychain.get(ACCOUNT), BEHIND);
  });
}

test("answers to other calls, signals and answers of nobody are passed over", async () => {
  await using all = await scene();
  const noise = [
    SIGNAL,
    packMessage({ type: 2, serial: 5, fields: { to: 4_000, signature: "s" }, values: ["x"] }),
    packMessage({ type: 3, serial: 6, fields: { error: "a.b" }, values: [] }),
    packMessage({ type: 1, serial: 7, fields: { path: "/", of: "a.b", member: "Ping" }, values: [] }),
  ];
  all.bus.tamper = (_, bytes) => Uint8Array.from([...noise.flatMap((message) => [...message]), ...bytes]);
  assert.deepEqual(await open(all.tool, { env: at(all.bus) }).get(ACCOUNT), FOUND);
});
