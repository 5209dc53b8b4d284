/** One of several, in a window whose size changes. */
import assert from "node:assert/strict";
import { learn, truncate } from "../../src/output/width.ts";
import type { TerminalSignal } from "../../src/system/mod.ts";
import { select } from "../../src/system/choose.ts";

const TENANTS = [
  { value: "acme", label: "acme", hint: "Acme Trading Company of the North, owner" },
  { value: "globex", label: "globex-international-holdings", hint: "Globex, viewer" },
];

/** A terminal of so many columns; gives each text that was written. Enter is pressed at the end of `steps`. */
async function drawn(columns: number, steps: readonly (number | string)[] = []): Promise<string[]> {
  const size = { columns, rows: 24 };
  const texts: string[] = [];
  let hear = (_signal: TerminalSignal) => {};
  const left = [...steps, "\r"];
  const terminal = {
    env: { TERM: "xterm" },
    output: {
      isTerminal: true,
      columns: () => size.columns,
      write: (text: string | Uint8Array) => (texts.push(String(text)), Promise.resolve()),
    },
    size: () => size,
    signals: {
      on: () => () => {},
      onCrash: () => () => {},
      onTerminal: (listener: typeof hear) => (hear = listener, () => {}),
    },
    input: {
      isTerminal: true,
      setRaw() {},
      discard: () => Promise.resolve(),
      async *chunks(signal?: AbortSignal) {
        while (!signal?.aborted && left.length > 0) {
          const step = left.shift()!;
          if (typeof step === "string") yield new TextEncoder().encode(step);
          else {
            size.columns = step;
            hear("SIGWINCH");
          }
        }
      },
    },
  };
  await learn(["❯"]);
  const plain = (text: string) => text;
  await select(terminal, "Which tenant do you want to work in?", TENANTS, { bold: plain, dim: plain, fit: truncate });
  return texts;
}

/** The lines of a drawing, without what moves the cursor. */
function linesOf(text: string): string[] {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/\x1b\[[?\d]*[a-zA-Z]/g, "").split("\r\n").map((line) => line.replaceAll("\r", ""));
}

for (const columns of [10, 24, 40, 80]) {
  Deno.test(`FT-48: in a window of ${columns} columns no line of a question reaches its end, and what is cut ends with …`, async () => {
    const [question] = await drawn(columns);
    const whole = linesOf((await drawn(200))[0]!);
    for (const [at, line] of linesOf(question!).entries()) {
      assert.ok(line.length < columns, line);
      if (line !== whole[at]) assert.ok(line.endsWith("…") && whole[at]!.startsWith(line.slice(0, -1)), line);
    }
  });
}

Deno.test("FT-48: whatever the window became, a question is taken away from where it begins", async () => {
  const texts = await drawn(80, [20, "\x1b[B", 60]);
  assert.ok(texts.length >= 4, JSON.stringify(texts));
  for (const text of texts) {
    // deno-lint-ignore no-control-regex
    assert.match(text, /^(\x1b\[\?2004h)?\r\x1b\[J/);
    // deno-lint-ignore no-control-regex
    const [, up] = /\x1b\[(\d+)A\r$/.exec(text) ?? [];
    if (text !== texts.at(-1)) assert.equal(Number(up), linesOf(text).length - 1, JSON.stringify(text));
    assert.equal(text.split("\x1b[").filter((part) => /^\d*A/.test(part)).length, text === texts.at(-1) ? 0 : 1);
  }
  assert.deepEqual(linesOf(texts.at(-1)!), ["Which tenant do you want to work in? globex-international-holdings", ""]);
});
