import assert from "node:assert/strict";

/** A reader by the grammar of RFC 4180, section 2: records of fields, fields bare or in quotes. */
export function read(text: string): string[][] {
  const records: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const record: string[] = [];
    for (;;) {
      let field = "";
      if (text[at] === '"') {
        for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
          assert.ok(at < text.length, "a quote is open");
          if (text[at] === '"') at++;
          field += text[at];
        }
        at++;
      } else {
        for (; at < text.length && text[at] !== "," && text[at] !== "\r"; at++) field += text[at];
        assert.ok(!/["\n]/.test(field), `bare: ${field}`);
      }
      record.push(field);
      if (text[at] !== ",") break;
      at++;
    }
    assert.equal(text.slice(at, at + 2), "\r\n", "a record ends with CR LF");
    at += 2;
    records.push(record);
  }
  return records;
}
