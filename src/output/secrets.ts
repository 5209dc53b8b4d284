/**
 * The secrets that one run holds, and what hides them in a text that is about to be said.
 *
 * @module
 */
import type { System } from "../system/mod.ts";

/** So much of a secret in a row is hidden, wherever it was broken off; fewer characters are no use to anybody. */
const PIECE = 12;
/** What is shorter would hide ordinary words. */
const SHORTEST = { token: 8, password: 6 };
/** Characters of a text that is looked at block by block. */
const SHORT = 2_000;
/** Nothing longer is sent as a token. */
const LONGEST = 16_384;
const PROXIES = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/**
 * Whoever gets hold of a secret adds it; what prints a message asks for {@link mask}. Nothing is prepared before a text
 * is there that could hold one.
 *
 * Hidden is a secret of eight characters or more (a proxy's password: six), and each piece of twelve of it: as it is, in
 * another case, with `-_` for `+/`, in full-width forms, percent-encoded, with the escapes of JSON (`\u0041`, `\/`), of
 * JavaScript (`\u{41}`), of C (`\x41`, `\101`) or the numbers of HTML (`&#65;`, `&#x0041;`), with characters between its
 * letters that nobody sees (NUL, a soft hyphen, of no width), up to three times over, in quoted-printable, in hex, and inside
 * base64, wherever it begins there. Not hidden: a secret that other characters (a line break, a space) split into pieces
 * under twelve, in base32, in hex with separators, in base64 of UTF-16, or that is reversed, hashed, compressed, encrypted.
 */
export class Secrets {
  readonly #known = new Set<string>();
  readonly #env: () => System["env"];
  #secrets: readonly string[] | undefined;
  #made: readonly Wanted[] | undefined;

  /** `env` is asked for the token and the proxies' passwords when the first text is looked at. */
  constructor(env: () => System["env"] = () => ({})) {
    this.#env = env;
  }

  add(...secrets: (string | undefined)[]): void {
    for (const secret of secrets) {
      if (!secret || secret.length < SHORTEST.token || this.#known.has(secret)) continue;
      this.#known.add(secret);
      this.#secrets = this.#made = undefined;
    }
  }

  /** The text with `***` for each secret, in time that grows with the text alone. */
  mask(text: string): string {
    if (text.length < SHORTEST.password) return text;
    this.#secrets ??= [...ofEnvironment(this.#env()), ...this.#known];
    // Most messages of ours hold no word that is long enough, and all else costs more than to print one.
    const shortest = Math.min(PIECE, ...this.#secrets.map(({ length }) => length));
    if (this.#secrets.length === 0 || !hasWord(text, shortest, this.#secrets)) return text;
    const wanted = this.#pieces(this.#secrets);
    const hidden = new Uint8Array(text.length);
    for (let seen: Seen | undefined = { text }, depth = 0; seen && depth <= 3; seen = decoded(seen), depth++) {
      for (const one of wanted) hide(seen, one, hidden);
    }
    const quoted = decoded({ text }, QUOTED);
    if (quoted) { for (const one of wanted) hide(quoted, one, hidden); }
    return masked(text, hidden);
  }

  #pieces(secrets: readonly string[]): readonly Wanted[] {
    if (this.#made) return this.#made;
    const bySize = new Map<number, string[]>();
    for (const secret of secrets) {
      for (const form of forms(secret.slice(0, LONGEST))) {
        const size = Math.min(form.length, PIECE);
        bySize.set(size, [...bySize.get(size) ?? [], form]);
      }
    }
    return this.#made = [...bySize].map(([size, forms]) => new Wanted(size, forms.join("\n")));
  }
}

/** All pieces of one size that are looked for. */
class Wanted {
  /** By four characters, whether a piece begins so: that rules out most places of a text. */
  #begins: Uint8Array | undefined;
  #set = new Set<string>();

  constructor(readonly size: number, readonly all: string) {}

  /** The first place of a text, from that one on, where a piece begins; -1 when there is none. */
  find(text: string, from: number): number {
    if (!this.#begins && this.#rulesOut(text)) return -1;
    const begins = this.#begins ??= this.#index();
    for (let at = from; at <= text.length - this.size; at++) {
      if (begins[fourOf(text, at)] === 1 && this.#set.has(text.slice(at, at + this.size))) return at;
    }
    return -1;
  }

  /**
   * Whether a short text has none: each piece has a whole block of those that the text falls into, and nearly no text has
   * one of a secret's. What makes a look faster takes milliseconds to make.
   */
  #rulesOut(text: string): boolean {
    const block = this.size + 1 >> 1;
    for (let at = 0; at <= text.length - block; at += block) {
      if (at > SHORT || this.all.includes(text.slice(at, at + block))) return false;
    }
    return true;
  }

  #index(): Uint8Array {
    const begins = new Uint8Array(1 << 18);
    for (let at = 0; at + this.size <= this.all.length; at++) {
      begins[fourOf(this.all, at)] = 1;
      this.#set.add(this.all.slice(at, at + this.size));
    }
    return begins;
  }
}

/** A text without so many characters in a row holds no piece of these: a loop, because a pattern costs more to make. */
function hasWord(text: string, size: number, secrets: readonly string[]): boolean {
  if (secrets.some((secret) => secret.includes(" "))) return text.length >= size;
  for (let at = 0, run = 0; at < text.length; at++) {
    run = text.charCodeAt(at) === 32 ? 0 : run + 1;
    if (run >= size) return true;
  }
  return false;
}

/** A number under 2^18 for four characters. */
function fourOf(text: string, at: number): number {
  const two = text.charCodeAt(at) * 33 + text.charCodeAt(at + 1);
  return ((two * 33 + text.charCodeAt(at + 2)) * 37 + text.charCodeAt(at + 3)) & 0x3ffff;
}

/** A text with its escapes undone; `at` says where each of its characters begins in the original, and where it ends. */
interface Seen {
  text: string;
  at?: Uint32Array;
}

function ofEnvironment(env: System["env"]): string[] {
  const passwords = PROXIES.flatMap((name) => {
    const value = env[name];
    if (!value) return [];
    const login = value.slice(0, Math.max(0, value.lastIndexOf("@"))).replace(/^[a-z0-9+.-]*:\/\//i, "");
    // Some proxies take a token in the place of the name.
    const found = [login, login.slice(login.indexOf(":") + 1)];
    return [...found, ...found.map(unescaped)];
  });
  const token = env.AUTOCOM_TOKEN?.trim() ?? "";
  return [
    ...token.length < SHORTEST.token ? [] : [token],
    ...passwords.filter(({ length }) => length >= SHORTEST.password),
  ];
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** All that is looked for of a secret, in small letters and with `+/` for `-_`. */
function forms(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const binary = String.fromCharCode.apply(null, Array.from(bytes));
  const base64 = [0, 1, 2].map((before) => {
    // The characters whose bits are the secret's alone, whatever stands around it.
    const [first, end] = [Math.ceil(before * 8 / 6), Math.floor((before + bytes.length) * 8 / 6)];
    return btoa("\0".repeat(before) + binary).slice(first, end);
  });
  const hex = bytes.toHex();
  return [secret, hex, ...base64].map(plain);
}

/** The same for every spelling, and of the same length: of all letters, only U+0130 grows when it is made small. */
function plain(text: string): string {
  const narrow = text.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
  return narrow.replaceAll("\u0130", "i").toLowerCase().replaceAll("-", "+").replaceAll("_", "/");
}

function hide({ text, at }: Seen, wanted: Wanted, hidden: Uint8Array): void {
  const spelt = plain(text);
  let done = 0;
  for (let from = wanted.find(spelt, 0); from >= 0; from = wanted.find(spelt, from + 1)) {
    const [first, end] = [Math.max(from, done), from + wanted.size];
    hidden.fill(1, at ? at[first] : first, at ? at[end] : end);
    done = end;
  }
}

/** A number in hex behind its sign, one in decimals, one in octal, a character itself; in no group: what nobody sees. */
const ESCAPE =
  /((?:%|\\x)[0-9a-f]{2}|\\u[0-9a-f]{4}|\\u\{[0-9a-f]{1,12}\}|&#x[0-9a-f]{2,12};)|&#([0-9]{2,12});|\\([0-7]{3})|\\(["'\/\\])|[\0\xad\u200b-\u200f\u2060-\u2064\ufeff]/gi;
/** Of quoted-printable. Apart: `=` stands in front of many a secret. */
const QUOTED = /(=[0-9a-f]{2})|=\r?\n/gi;

/** One layer of escapes undone; undefined when there is none. */
function decoded({ text, at }: Seen, escape = ESCAPE): Seen | undefined {
  const parts: string[] = [];
  const places = new Uint32Array(text.length + 1);
  let length = 0, last = 0;
  const keep = (end: number) => {
    parts.push(text.slice(last, end));
    for (; last < end; last++) places[length++] = last;
  };
  for (const { 0: whole, 1: hex, 2: number, 3: octal, 4: char, index } of text.matchAll(escape)) {
    keep(index);
    const code = hex ? parseInt(hex.replace(/^[^0-9a-f]+/i, ""), 16) : octal ? parseInt(octal, 8) : Number(number);
    const shown = char ?? (isNaN(code) ? "" : String.fromCharCode(code));
    if (shown) places[length++] = index;
    parts.push(shown);
    last = index + whole.length;
  }
  if (parts.length === 0) return undefined;
  keep(text.length);
  places[length++] = text.length;
  return {
    text: parts.join(""),
    at: at ? places.slice(0, length).map((place) => at[place]!) : places.slice(0, length),
  };
}

function masked(text: string, hidden: Uint8Array): string {
  if (!hidden.includes(1)) return text;
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const first = hidden.indexOf(1, at);
    parts.push(text.slice(at, first < 0 ? undefined : first));
    if (first < 0) break;
    parts.push("***");
    const end = hidden.indexOf(0, first);
    at = end < 0 ? text.length : end;
  }
  return parts.join("");
}
