/**
 * What of a command line may be a secret: a message that repeats a word must not repeat that one. Loaded when a command
 * fails.
 *
 * @module
 */

import { flagOf, GLOBALS, type Noun, type Options } from "./cli/mod.ts";
import { nearest } from "./nearest.ts";

/** Names of options, headers and variables whose value is a secret. */
const SECRET = /tok|secret|passw|auth|bearer|cookie|credential|api[-_]?key|jwt|^-+pat$/i;
/** Nouns and verbs behind which a token may have been typed as a word. */
const SESSION = ["auth", "login", "logout", "token", "signin", "signout"];
/** An address that holds no secret: a hint may need it. */
const ADDRESS = /^https?:\/\/[\w.:[\]\/-]+$/;
const HEADER = /^(-H|--headers?)$/;

/** The words, and the parts of words, that could be one, however the option before them is misspelt. */
export async function secretsIn(words: readonly string[], tree: readonly Noun[]): Promise<string[]> {
  const ofSession = words.some((word) => isSession(word)) ? await sessionWords(words, tree) : [];
  return [
    ...words.flatMap((word, at) => [...withName(word), ...login(word), ...behind(words[at - 1] ?? "", word)]),
    ...ofSession.flatMap(parts),
  ];
}

function isSession(word = ""): boolean {
  return SESSION.includes(word) || nearest(word, SESSION) !== undefined;
}

/** What a flag takes: `--with-tokn X`, `-H 'Name: X'`. */
function behind(flag: string, value: string): string[] {
  if (!flag.startsWith("-") || /[=:]/.test(flag)) return [];
  if (HEADER.test(flag)) return parts(value.replace(/^[^:]*:/, ""));
  return SECRET.test(flag) || nearest(flag, ["--with-token"]) ? parts(value) : [];
}

/** What stands in one word with its name: `--token=X`, `AUTOCOM_TOKEN=X`, `--header=Name: X`, `-HName: X`. */
function withName(word: string): string[] {
  const [, name = "", value = ""] = /^([\w-]+)[=:](.*)$/s.exec(word) ?? [];
  if (HEADER.test(name)) return behind(name, value);
  return name.startsWith("-H") || SECRET.test(name) ? parts(value) : behind(name, value);
}

/** `http://user:password@proxy`: the name and the password, the password, and all of it where there is no name. */
function login(word: string): string[] {
  const [, user] = /^(?:-[^=]*=)?(?:[a-z][a-z0-9+.-]*:\/\/)([^\s/]+)@/i.exec(word) ?? [];
  return user === undefined ? [] : [user, user.slice(user.indexOf(":") + 1)];
}

/** `Bearer X`: all of it, and each word. */
function parts(text: string): string[] {
  return text.startsWith("-") ? [] : [text.trim(), ...text.split(/[\s:]+/)];
}

/** The words beside those that a login's line may have: options, their values, names of commands, an address. */
async function sessionWords(words: readonly string[], tree: readonly Noun[]): Promise<string[]> {
  const verbs = await tree.find(({ name }) => name === "auth")!.verbs();
  const own = "run" in verbs ? [verbs] : verbs;
  const takers = [GLOBALS, ...own.map(({ options }) => options)].flatMap(flagsWithValue);
  const choices = own.flatMap(({ options }) => Object.values(options)).flatMap(({ value }) => value?.schema.enum ?? []);
  const names = [...[...tree, ...own].map(({ name }) => name), ...choices];
  return words.filter((word, at) => {
    const before = words[at - 1] ?? "";
    if (word.startsWith("-") || takers.includes(before) || names.includes(word)) return false;
    if (ADDRESS.test(word)) return false;
    // `auth switch acme-store`, `auth print-access-token`: a slug, or a verb of other tools.
    const isPlain = /^[a-z]+(-[a-z]+)*$/.test(word);
    return !isPlain || before.startsWith("-") || before !== "auth" && isSession(before);
  });
}

function flagsWithValue(options: Options): string[] {
  return Object.entries(options).filter(([key, { value }]) => value && key !== "withToken")
    .flatMap(([key, option]) => [flagOf(key, option), ...option.short ? [`-${option.short}`] : []]);
}
