import assert from "node:assert/strict";
import { judgePaste, lines } from "../../src/auth/paste.ts";
import { newAttempt } from "../../src/auth/pkce.ts";
import { AppError } from "../../src/errors.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { Io } from "../../src/system/mod.ts";
import { prompts } from "../../src/system/prompt.ts";
import type { Terminal } from "../../src/system/reading.ts";

type Keyboard = Terminal["input"];

const attempt = await newAttempt(denoSystem().random);
const REDIRECT = "http://127.0.0.1:8765/callback";
const ORIGIN = "https://api.example.com";
const URL_OF = (query: string) => `${REDIRECT}?${query}`;
const RIGHT = URL_OF(`code=abc&state=${attempt.state}`);

const PASTES: [id: string, about: string, line: string, verdict: RegExp][] = [
  ["", "the whole address", RIGHT, /^code abc$/],
  ["", "the address with space around it", `\t ${RIGHT}  `, /^code abc$/],
  ["", "the address in angle brackets", `<${RIGHT}>`, /^code abc$/],
  ["", "the address in quotes", `"${RIGHT}"`, /^code abc$/],
  ["", "the address with a fragment", `${RIGHT}#_=_`, /^code abc$/],
  ["", "an address of 5,000 characters", `${RIGHT}&x=${"x".repeat(5_000)}`, /^code abc$/],
  ["OA-17", "a denial", URL_OF(`error=access_denied&state=${attempt.state}`), /^refused the request was denied/],
  ["OA-36", "an address with another state", URL_OF(`code=abc&state=${"A".repeat(43)}`), /^ignored it does not belong/],
  ["OA-36", "only the code", "abc", /^ignored paste the whole address/],
  ["OA-36", "only the query", `?code=abc&state=${attempt.state}`, /^ignored paste the whole address/],
  [
    "OA-36",
    "an address of another host",
    RIGHT.replace("127.0.0.1", "evil.example"),
    /^ignored the address must begin/,
  ],
  ["OA-36", "a name for the host", RIGHT.replace("127.0.0.1", "localhost"), /^ignored the address must begin/],
  ["OA-36", "another port", RIGHT.replace("8765", "8766"), /^ignored the address must begin/],
  ["OA-36", "another scheme", RIGHT.replace("http:", "https:"), /^ignored the address must begin/],
  ["OA-36", "another path", RIGHT.replace("/callback", "/callback/"), /^ignored the address must begin/],
  ["OA-36", "a user before the host", RIGHT.replace("127.0.0.1", "me@127.0.0.1"), /^ignored the address must begin/],
  [
    "OA-36",
    "a password before the host",
    RIGHT.replace("127.0.0.1", ":pw@127.0.0.1"),
    /^ignored the address must begin/,
  ],
  ["OA-36", "another issuer", `${RIGHT}&iss=https://evil`, /^ignored it comes from another server/],
  ["OA-36", "escapes", "\x1b[2J\x1b]0;pwn\x07", /^ignored paste the whole address/],
  ["OA-36", "nothing", "   ", /^ignored paste the whole address/],
];

for (const [id, about, line, verdict] of PASTES) {
  Deno.test(`${id && `${id}: `}${about}, pasted, is ${verdict.source.startsWith("^code") ? "taken" : "not taken"}`, () => {
    const [[kind, text]] = Object.entries(judgePaste(line, REDIRECT, attempt, ORIGIN)) as [[string, string]];
    assert.match(`${kind} ${text}`, verdict);
    if (kind !== "code") assert.ok(!/abc|AAAA|evil|2J/.test(text), "nothing of what was pasted is in the answer");
  });
}

Deno.test("a port that is not named is not asked for: the address of a login without a listener", () => {
  const line = `http://127.0.0.1/callback?code=abc&state=${attempt.state}`;
  assert.deepEqual(judgePaste(line, "http://127.0.0.1/callback", attempt, ORIGIN), { code: "abc" });
});

/** Bytes as a person or a pipe gives them, and the modes that the terminal was put into. */
function typed(chunks: (string | Uint8Array)[], isTerminal = true): { input: Keyboard; modes: boolean[] } {
  const modes: boolean[] = [];
  return {
    modes,
    input: {
      isTerminal,
      setRaw: (on) => void modes.push(on),
      discard: () => Promise.resolve(),
      async *chunks(signal) {
        for (const chunk of chunks) {
          if (signal?.aborted) return;
          yield typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
          await Promise.resolve();
        }
      },
    },
  };
}

const LINES: [about: string, chunks: (string | Uint8Array)[], lines: (string | undefined)[]][] = [
  ["a line that ends with CR", ["abc\r"], ["abc"]],
  ["a line that ends with LF", ["abc\n"], ["abc"]],
  ["CR LF is one end", ["a\r\nb\r\n"], ["a", "b"]],
  ["empty lines are nothing", ["\r\r\n\nabc\r"], ["abc"]],
  ["what has no end is no line", ["abc"], []],
  ["a line in pieces", ["a", "b", "c\r"], ["abc"]],
  ["a character in pieces", [new Uint8Array([0xc3]), new Uint8Array([0xa4, 13])], ["ä"]],
  ["bytes that are no text", [new Uint8Array([0xff, 13])], ["\ufffd"]],
  ["backspace takes one back, and no more than there is", ["\x7f\x7fabx\x7fc\x08d\r"], ["abd"]],
  ["Ctrl-U starts again", ["abc\x15def\r"], ["def"]],
  ["the marks of a bracketed paste are no part of it", ["\x1b[200~abc", "\x1b[201~\r"], ["abc"]],
  ["space around it is no part of it", ["  a b \t\r"], ["a b"]],
  ["line ends within a paste", ["\x1b[200~abc\r\ndef\n\x1b[201~"], ["abc", "def"]],
  ["a mark of a paste in pieces", ["\x1b", "[200~a\x03\x04bc\x1b[20", "1~\r"], ["a\x03\x04bc"]],
  ["arrows and other keys are no text", ["a\x1b[Ab\x1b[1;5Dc\x1bOHd\x1bxe\x02\r"], ["abcde"]],
  ["nothing", [], []],
  ["32,768 characters are a line", ["x".repeat(32_768) + "\r"], ["x".repeat(32_768)]],
  ["OA-36: a longer line is given up, and the next one is a line again", ["x".repeat(100_000) + "\rabc\r"], [
    undefined,
    "abc",
  ]],
];

const ASKS = { first: () => Promise.resolve(), again: "" };

/** A terminal, or a pipe, of that input. */
function io(input: Keyboard): Pick<Io, "stdin" | "prompt"> {
  const output = { isTerminal: true, columns: () => 80, write: () => Promise.resolve() };
  const signals = { on: () => () => {}, onTerminal: () => () => {}, onCrash: () => () => {} };
  const size = () => ({ columns: 80, rows: 24 });
  return { stdin: input, prompt: prompts({ input, output, size, env: { TERM: "xterm" }, signals }) };
}

/** All lines, and the exit code of what ended them. */
async function read(input: Keyboard, signal?: AbortSignal): Promise<[(string | undefined)[], number?]> {
  const found: (string | undefined)[] = [];
  try {
    for await (const line of lines(io(input), ASKS, signal)) found.push(line);
    return [found];
  } catch (error) {
    assert.ok(error instanceof AppError, `${error}`);
    return [found, error.exit];
  }
}

for (const [about, chunks, expected] of LINES) {
  Deno.test(`lines of a terminal: ${about}`, async () => {
    const { input, modes } = typed(chunks);
    assert.deepEqual(await read(input), [expected, 129], "a terminal whose input ends went away");
    assert.deepEqual(modes, [true, false], "raw while it reads, then as it was");
  });
}

Deno.test("lines of a pipe: bytes that are keys on a terminal are text, the last line may have no end, no mode is touched", async () => {
  const { input, modes } = typed(["a\x03\x04\x15\x7f\x08b\r\nlast"], false);
  assert.deepEqual(await read(input), [["a\x03\x04\x15\x7f\x08b", "last"]]);
  assert.deepEqual(await read(typed(["x".repeat(100_000)], false).input), [[undefined]]);
  assert.deepEqual(modes, []);
});

for (const [name, byte] of [["Ctrl-C", "\x03"], ["FT-4: Ctrl-D", "\x04"]]) {
  Deno.test(`${name} that arrives as a byte ends it with 130, and the terminal is as it was`, async () => {
    const { input, modes } = typed([`abc\rde${byte}f\r`]);
    assert.deepEqual(await read(input), [["abc"], 130]);
    assert.deepEqual(modes, [true, false]);
  });
}

Deno.test("what a person had begun when the reading is stopped is no line", async () => {
  for (const isTerminal of [true, false]) {
    const over = new AbortController();
    const { input } = typed([], isTerminal);
    input.chunks = async function* () {
      yield new TextEncoder().encode("one\rtw");
      over.abort();
    };
    assert.deepEqual(await read(input, over.signal), [["one"]]);
  }
});

Deno.test("a reader that has its line, or is told to stop, leaves the terminal as it was", async () => {
  const first = typed(["one\rtwo\r"]);
  for await (const line of lines(io(first.input), ASKS)) {
    assert.equal(line, "one");
    break;
  }
  assert.deepEqual(first.modes, [true, false]);

  const over = new AbortController();
  const second = typed(["one\r", "two\r"]);
  for await (const line of lines(io(second.input), ASKS, over.signal)) {
    assert.equal(line, "one");
    over.abort();
  }
  assert.deepEqual(second.modes, [true, false]);
});
