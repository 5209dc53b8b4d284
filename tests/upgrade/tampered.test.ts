/** Forty manifests and signatures that somebody touched: none is accepted, and the program stays what it was. */
import assert from "node:assert/strict";
import { signature } from "../../build/release/minisign.ts";
import { type Bytes, type Different, type Json, Scene, TRIPLE } from "../support/upgrade/scene.ts";

const text = (bytes: Bytes) => new TextDecoder().decode(bytes);
const bytes = (text: string) => new TextEncoder().encode(text);
/** The manifest is changed after it was signed. */
const after = (change: (text: string) => string) => (served: Bytes) => bytes(change(text(served)));
/** The character that is found becomes another: the first of two, or the second where it was the first. */
const other = (text: string, found: RegExp, [one, two]: string) =>
  text.replace(found, (whole, char) => whole.slice(0, -1) + (char === one ? two : one));
const flip = (at: number) => (served: Bytes) => {
  const changed = served.slice();
  changed[(at + changed.length) % changed.length]! ^= 1;
  return changed;
};

/** What the server has instead of what was signed. */
const SERVED: Record<string, ["manifest.json" | "manifest.json.minisig", (served: Bytes) => Bytes]> = {
  "a flipped bit at the start of the manifest": ["manifest.json", flip(0)],
  "a flipped bit in the middle": ["manifest.json", flip(200)],
  "a flipped bit at the end": ["manifest.json", flip(-1)],
  "a blank behind the manifest": ["manifest.json", after((text) => `${text} `)],
  "a line break behind it": ["manifest.json", after((text) => `${text}\n`)],
  "another hash of the program": ["manifest.json", after((text) => other(text, /"sha256":"(\w)/, "01"))],
  "another size": ["manifest.json", after((text) => other(text, /"size":(\d)/, "98"))],
  "a higher version": ["manifest.json", after((text) => text.replace('"version":"1.1.0"', '"version":"1.2.0"'))],
  "a later end": ["manifest.json", after((text) => text.replace("2096", "2097"))],
  "other blanks, the same JSON": ["manifest.json", after((text) => JSON.stringify(JSON.parse(text), null, 1))],
  "members in another order": [
    "manifest.json",
    after((text) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse()))),
  ],
  "a second manifest behind it": ["manifest.json", after((text) => text + text)],
  "a byte order mark": ["manifest.json", after((text) => `\ufeff${text}`)],
  "an empty manifest": ["manifest.json", () => bytes("")],
  "a manifest of a page": ["manifest.json", () => bytes("<!doctype html>")],
  "an empty signature": ["manifest.json.minisig", () => bytes("")],
  "half a signature": ["manifest.json.minisig", after((text) => text.slice(0, text.length >> 1))],
  "a signature without its comment": ["manifest.json.minisig", after((text) => text.split("\n").slice(1).join("\n"))],
  "an altered trusted comment (SU2-6)": [
    "manifest.json.minisig",
    after((text) => text.replace("autocom 1.1.0", "autocom 1.2.0")),
  ],
  "a trusted comment with a blank more": [
    "manifest.json.minisig",
    after((text) => text.replace("autocom 1.1.0", "autocom 1.1.0 ")),
  ],
  "a signature of one bit less": ["manifest.json.minisig", after((text) => line(text, 1, (bytes) => bytes[40]! ^= 1))],
  "another key's number": ["manifest.json.minisig", after((text) => line(text, 1, (bytes) => bytes[3]! ^= 1))],
  "the legacy form Ed (SU2-6)": ["manifest.json.minisig", after((text) => line(text, 1, (bytes) => bytes[1] = 0x64))],
  "a global signature of one bit less": [
    "manifest.json.minisig",
    after((text) => line(text, 3, (bytes) => bytes[9]! ^= 1)),
  ],
  "a signature of zeros": ["manifest.json.minisig", after((text) => line(text, 1, (bytes) => bytes.fill(0, 10)))],
  "Windows' line breaks": ["manifest.json.minisig", after((text) => text.replaceAll("\n", "\r\n"))],
  "a blank line before": ["manifest.json.minisig", after((text) => `\n${text}`)],
  "a line behind": ["manifest.json.minisig", after((text) => `${text}more\n`)],
  "garbage before a good signature (SU2-6)": [
    "manifest.json.minisig",
    after((text) => text.replace(/RU\S+/, "AAAA") + text),
  ],
  "a good signature before garbage": ["manifest.json.minisig", after((text) => text + text.replace("autocom", "x"))],
};

function line(text: string, at: number, change: (bytes: Uint8Array) => unknown): string {
  const lines = text.split("\n");
  const decoded = Uint8Array.fromBase64(lines[at]!);
  change(decoded);
  lines[at] = decoded.toBase64();
  return lines.join("\n");
}

/** What was signed by the wrong one, or should not have been. */
const SIGNED: Record<string, (scene: Scene) => Different> = {
  "a key that no program knows (SU2-5)": ({ keys }) => ({ key: keys.stranger }),
  "a stranger's signature beside a good one": ({ keys }) => ({
    signed: async (text, manifest) => text + await signature(keys.stranger, manifest, "x"),
  }),
  "a signature over another manifest (SU-1)": ({ keys }) => ({
    signed: () => signature(keys.current, bytes("{}"), "x"),
  }),
  "a signature over the sum of it": ({ keys }) => ({
    signed: async (_, manifest) =>
      signature(keys.current, new Uint8Array(await crypto.subtle.digest("SHA-256", manifest)), "x"),
  }),
  "a hash in capitals": () =>
    changed(({ files }) => files[TRIPLE].binary.sha256 = files[TRIPLE].binary.sha256.toUpperCase()),
  "a size of zero": () => changed(({ files }) => files[TRIPLE].binary.size = 0),
  "a size of 10 GB": () => changed(({ files }) => files[TRIPLE].binary.size = 10 ** 10),
  "an archive with a path for a name": () => changed(({ files }) => files[TRIPLE].archive.name = "../../etc/passwd"),
  "a date that is none": () => changed((manifest) => manifest.expires = "2026-02-30T00:00:00Z"),
  "a platform called __proto__": () => ({
    signed: (text) => text,
    manifest: (manifest) => manifest.files = JSON.parse('{"__proto__":{}}'),
  }),
};

function changed(manifest: (manifest: Json) => void): Different {
  return { manifest };
}

const COUNT = Object.keys(SERVED).length + Object.keys(SIGNED).length;

Deno.test(`SU-1: of ${COUNT} tampered manifests and signatures none is accepted: exit 13, the program unchanged`, async () => {
  assert.equal(COUNT, 40);
  await using scene = await Scene.open();
  const tried = async (name: string) => {
    try {
      for (const choice of [{}, { force: true }, { target: "1.1.0", force: true }, { check: true }]) {
        await scene.refuses(13, /signature|manifest|offered as|nothing for/, choice);
      }
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`);
    }
    assert.ok(!scene.asked().some((path) => /\.(pack|gz)$/.test(path)), `${name}: nothing was downloaded`);
  };
  for (const [name, [file, change]] of Object.entries(SERVED)) {
    scene.server.entries.length = 0;
    await scene.release("1.1.0");
    const served = scene.server.files.get(`1.1.0/${file}`)!;
    const tampered = change(served);
    assert.notDeepEqual(tampered, served, name);
    scene.server.files.set(`1.1.0/${file}`, tampered);
    await tried(name);
  }
  for (const [name, different] of Object.entries(SIGNED)) {
    scene.server.entries.length = 0;
    await scene.release("1.1.0", different(scene));
    await tried(name);
  }
  scene.server.entries.length = 0;
  await scene.release("1.1.0", { key: scene.keys.next });
  assert.equal((await scene.upgrade()).action, "upgraded", "by the next key it is accepted");
});
