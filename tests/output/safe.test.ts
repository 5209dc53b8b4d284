import assert from "node:assert/strict";
import { safe, safeJson } from "../../src/output/mod.ts";
import { FORBIDDEN, forbidden, randomTexts } from "../support/output/fixture.ts";

Deno.test("LK-10: a terminal's escape sequences are shown, not sent", () => {
  assert.equal(safe("\x1b]0;pwn\x07\x1b[2J"), "\\x1b]0;pwn\\x07\\x1b[2J");
});

Deno.test("every forbidden character is escaped, by the form that its size asks for", () => {
  for (const [first, last] of FORBIDDEN) {
    for (let code = first; code <= last; code++) {
      const hex = code.toString(16);
      const short = ({ 9: "\\t", 10: "\\n", 13: "\\r" } as Record<number, string>)[code];
      const long = code < 0x100
        ? `\\x${hex.padStart(2, "0")}`
        : code < 0x10000
        ? `\\u${hex.padStart(4, "0")}`
        : `\\u{${hex}}`;
      assert.equal(safe(`a${String.fromCodePoint(code)}b`), `a${short ?? long}b`);
    }
  }
});

Deno.test("names in Indic scripts, Persian and Japanese, wide characters and emoji pass untouched", () => {
  for (
    const text of [
      "क्‍ष",
      "می‌خواهم",
      "葛\u{e0100}城",
      "日本語",
      "한국어",
      "❤️",
      "👩‍👩‍👧",
      "👍🏽",
      "🇮🇳",
      "e\u0301",
      "\u00a0",
      "a\\b",
    ]
  ) {
    assert.equal(safe(text), text);
    assert.equal(safeJson(text), text);
  }
});

Deno.test("variation selectors in a row are escaped from the second on", () => {
  assert.equal(safe("a\ufe0f\ufe01\u{e0101}b\ufe0f"), "a\ufe0f\\ufe01\\u{e0101}b\ufe0f");
});

Deno.test("a surrogate pair is one character and a lone surrogate is escaped", () => {
  assert.equal(safe("😀\ud83d\ude00\ud83d x \ude00"), "😀😀\\ud83d x \\ude00");
});

Deno.test("OI-1: JSON keeps its value, its line breaks and nothing raw", () => {
  const value = { "k\u202e\u{e0041}": ["\x1b\x7f\x9b\u2028\ufeff", "\u{e0041}\n"] };
  const text = safeJson(JSON.stringify(value, null, 2));
  assert.deepEqual(JSON.parse(text), value);
  assert.equal(forbidden(text), undefined);
  assert.ok(text.includes('"k\\u202e\\udb40\\udc41": [\n'), text);
});

Deno.test("OI-1: a lone surrogate in JSON, for which jq refuses all of it, is U+FFFD; pairs and what only looks like one stay", () => {
  const value = { "\ud83d": ["\ud83dx", "\ude00", "\ud83d\ud83d\ude00", "\\ud83d", "\\\ud83d", "😀", "\ud83d\n"] };
  const text = safeJson(JSON.stringify(value));
  assert.doesNotMatch(text.replaceAll("\\\\", ""), /\\ud/);
  assert.deepEqual(JSON.parse(text), {
    "\ufffd": ["\ufffdx", "\ufffd", "\ufffd😀", "\\ud83d", "\\\ufffd", "😀", "\ufffd\n"],
  });
  // As a server writes it, which may escape the pair.
  assert.equal(safeJson('"\\ud83d\\ude00\\uD83D\\uDE00 \\ud83d"'), '"\\ud83d\\ude00\\uD83D\\uDE00 \\ufffd"');
});

Deno.test("random text comes out without a forbidden character", () => {
  const next = randomTexts(1);
  for (let i = 0; i < 3000; i++) {
    const text = next();
    assert.equal(forbidden(safe(text), ""), undefined, JSON.stringify(text));
  }
});
