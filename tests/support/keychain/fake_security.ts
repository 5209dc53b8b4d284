import type { Ran, RunOptions, Spawn } from "../../../src/system/mod.ts";

export type SecurityState = "unlocked" | "locked" | "hung" | "missing";

export interface FakeSecurity extends Spawn {
  /** May be changed between two calls. */
  state: SecurityState;
  /** By service and account. */
  readonly items: Map<string, Uint8Array>;
  readonly calls: { command: string; args: string[]; options: RunOptions }[];
  /** What was executed, as words; also what was read from stdin. */
  readonly commands: string[][];
}

interface Done {
  /** An OSStatus. */
  result: number;
  out?: string;
  err?: string;
}

const NOT_FOUND = -25_300;
const NO_INTERACTION = -25_308;
const USAGE = 2;

/**
 * `/usr/bin/security` of macOS with one keychain, after the sources of Security-61901, SecurityTool/macOS: security.c,
 * readline.c, keychain_add.c, keychain_find.c. `hung` answers at once, as a call that was killed after its time.
 */
export function fakeSecurity(): FakeSecurity {
  const tool: FakeSecurity = {
    state: "unlocked",
    items: new Map(),
    calls: [],
    commands: [],
    run(command, args, options) {
      tool.calls.push({ command, args, options });
      if (tool.state === "missing" || command !== "/usr/bin/security") {
        return Promise.reject(new Deno.errors.NotFound(`No such file: ${command}`));
      }
      if (tool.state === "hung") return Promise.resolve({ code: null, stdout: bytesOf(""), stderr: bytesOf("") });
      return Promise.resolve(args[0] === "-i" ? interactive(tool, options.stdin ?? "") : ran([execute(tool, args)]));
    },
    launch: () => false,
  };
  return tool;
}

/** The lines that `readline` gives with its buffer of 4,096: what is too long goes on as the next line. */
export function linesOf(stdin: string): string[] {
  const lines: string[] = [];
  let rest = stdin;
  for (;;) {
    const end = rest.indexOf("\n");
    if (rest.length >= 4_095 && (end < 0 || end >= 4_095)) {
      lines.push(rest.slice(0, 4_095));
      rest = rest.slice(4_095);
    } else if (end >= 0) {
      lines.push(rest.slice(0, end));
      rest = rest.slice(end + 1);
    } else {
      return lines; // an end of file before the end of a line: the line is lost
    }
  }
}

/** The words that `split_line` makes of a line: a closing quote ends a word, a backslash escapes everywhere. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  const end = () => {
    words.push(word!);
    word = quote = undefined;
  };
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    const space = /[ \t\n\v\f\r]/.test(character);
    if (word === undefined) {
      if (space) continue;
      word = "";
      if (/["']/.test(character)) {
        quote = character;
        continue;
      }
    }
    if (character === "\\") word += line[++at] ?? "";
    else if (quote === undefined ? space : character === quote) end();
    else word += character;
  }
  if (word !== undefined) end();
  return words;
}

function interactive(tool: FakeSecurity, stdin: string): Ran {
  const done = linesOf(stringOf(new TextEncoder().encode(stdin))).map((line): Done => {
    const words = wordsOf(line);
    if (words.length === 0) return { result: 0 };
    const { err = "", ...rest } = execute(tool, words);
    return { ...rest, err: err + (rest.result ? `${words[0]}: returned ${rest.result}\n` : "") };
  });
  return ran(done);
}

function execute(tool: FakeSecurity, [command = "", ...args]: string[]): Done {
  tool.commands.push([command, ...args]);
  switch (command) {
    case "add-generic-password":
      return add(tool, args);
    case "find-generic-password":
      return find(tool, args);
    case "delete-generic-password":
      return remove(tool, args);
  }
  return { result: 1, err: `security: unknown command "${command}"\n` };
}

function add({ state, items }: FakeSecurity, args: string[]): Done {
  const { s: service, a: account, w: password, U: update } = optionsOf("U", "acsw", args);
  if (service === undefined || account === undefined) return { result: USAGE };
  const fault = (text: string) => `security: SecKeychainItemCreateFromContent (<default>): ${text}\n`;
  if (state === "locked") return { result: NO_INTERACTION, err: fault("User interaction is not allowed.") };
  const key = `${service}\n${account}`;
  if (items.has(key) && update === undefined) {
    return { result: -25_299, err: fault("The specified item already exists in the keychain.") };
  }
  items.set(key, bytesOf(password ?? ""));
  return { result: 0 };
}

function find({ state, items }: FakeSecurity, args: string[]): Done {
  const { s: service, a: account, w: passwordAlone } = optionsOf("wg", "as", args);
  const found = items.get(`${service}\n${account}`);
  if (!found) return missing();
  if (passwordAlone === undefined) return { result: 0, out: `class: "genp"\nattributes:\n` };
  if (state === "locked") return { result: NO_INTERACTION };
  const printable = found.every((byte) => byte >= 0x20 && byte < 0x7f);
  return { result: 0, out: `${printable ? stringOf(found) : found.toHex()}\n` };
}

function remove({ state, items }: FakeSecurity, args: string[]): Done {
  const { s: service, a: account } = optionsOf("g", "as", args);
  const key = `${service}\n${account}`;
  if (!items.has(key)) return missing();
  if (state === "locked") return { result: NO_INTERACTION };
  items.delete(key);
  return { result: 0, out: "password has been deleted.\n" };
}

function missing(): Done {
  const text = "The specified item could not be found in the keychain.";
  return { result: NOT_FOUND, err: `security: SecKeychainSearchCopyNext: ${text}\n` };
}

/** getopt: letters alone, and letters with a value, which may be of the same word. */
function optionsOf(flags: string, valued: string, args: string[]): Record<string, string | undefined> {
  const options: Record<string, string> = {};
  for (let at = 0; at < args.length && args[at]!.startsWith("-"); at++) {
    for (let letters = args[at]!.slice(1); letters !== ""; letters = letters.slice(1)) {
      const letter = letters[0]!;
      if (flags.includes(letter)) options[letter] = "";
      if (!valued.includes(letter)) continue;
      options[letter] = letters.length > 1 ? letters.slice(1) : args[++at] ?? "";
      break;
    }
  }
  return options;
}

/** The exit code is the last byte of the last result. */
function ran(done: Done[]): Ran {
  return {
    code: (done.at(-1)?.result ?? 0) & 0xff,
    stdout: bytesOf(done.map(({ out }) => out ?? "").join("")),
    stderr: bytesOf(done.map(({ err }) => err ?? "").join("")),
  };
}

/** C's strings: a character is a byte. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function stringOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
