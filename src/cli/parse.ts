/**
 * THE pass over the words of a command line: what each word is, is decided where it stands, once. Nothing else looks at
 * them; exchanging it for a framework is exchanging this file (decision 0003).
 *
 * Rules: an option's value is the next word, whatever it is; one that may be left out is no word that begins with `-`;
 * global options are understood everywhere; `--` ends the options, and an argument like `-1` needs it.
 *
 * @module
 */

import type { Globals } from "../app.ts";
import { AppError } from "../errors.ts";
import { argumentsOf, extraOf, hinted, Missing } from "./arguments.ts";
import { apparent } from "./apparent.ts";
import { keyIn, optionAt, type Raw, soundGlobals, valuesOf } from "./given.ts";
import { GLOBALS, ROOT } from "./globals.ts";
import type { Expected, Fault, Line, Reading } from "./line.ts";
import { byName, flagOf, type Noun, type Option, type Options, type Verb } from "./verb.ts";

export async function parse(words: readonly string[], tree: readonly Noun[], reading: Reading = {}): Promise<Line> {
  const pass = new Pass(words, tree, reading);
  await pass.walk();
  const line = await pass.decide();
  if (line.is !== "refused" || !pass.found) return line;
  // What a verb was made of may be older than what is asked of it.
  const again = new Pass(words, tree, reading, true);
  await again.walk();
  return await again.decide();
}

export async function expected(words: readonly string[], tree: readonly Noun[]): Promise<Expected> {
  const open = () => Promise.reject(new AppError("failure", "nothing is asked for a completion"));
  const pass = new Pass(words, tree, { suggest: false, open });
  await pass.walk();
  return pass.expected();
}

class Pass {
  readonly #raws: Raw[] = [];
  readonly #path: string[] = [];
  /** The arguments, with where they stood. */
  readonly #operands: { word: string; at: number }[] = [];
  #known: Options = { ...GLOBALS, ...ROOT };
  #noun: Noun | undefined;
  #verbs: readonly Verb[] = [];
  #verb: Verb | undefined;
  /** After the word `help`. */
  #explain = false;
  #version = false;
  /** Behind `--`. */
  #only = false;
  /** A word that names nothing, and what was read of the rest. */
  #stray: Fault | undefined;
  #unknown: Fault | undefined;
  /** Options that the verb found from their flags. */
  #more: Options = {};
  /** With what the verb was found, when it was. */
  #apparent: Globals | undefined;
  /** Why it was not. */
  #failed: AppError | undefined;

  constructor(
    private readonly words: readonly string[],
    private readonly tree: readonly Noun[],
    private readonly reading: Reading,
    private readonly fresh = false,
  ) {}

  /** The verb was made for this line. */
  get found(): boolean {
    return this.#verb !== undefined && this.#apparent !== undefined;
  }

  readonly globals = (): Globals => soundGlobals(this.#raws);

  async walk(): Promise<void> {
    for (let at = 0; at < this.words.length; at++) {
      const word = this.words[at]!;
      if (this.#only || word === "-" || !word.startsWith("-")) await this.#operand(word, at);
      else if (word === "--") this.#only = true;
      else at += this.#option(at);
    }
  }

  expected(): Expected {
    const last = this.#raws.at(-1);
    const waits = last?.text === undefined && last?.at === this.words.length - 1;
    return {
      explain: this.#explain,
      noun: this.#noun,
      verbs: this.#verbs,
      verb: this.#verb,
      known: this.#only ? {} : this.#shown(),
      given: new Set(this.#raws.map(({ key }) => key)),
      operands: this.#operands.map(({ word }) => word),
      waiting: waits ? this.#known[last.key] : undefined,
      lost: this.#stray !== undefined,
    };
  }

  async #operand(word: string, at: number): Promise<void> {
    if (this.#verb || this.#stray) return void this.#operands.push({ word, at });
    if (this.#noun) {
      const found = byName(this.#verbs, word) ?? await this.#find(word);
      return found ? this.#enter(found, found.name) : void (this.#stray = this.#fault(at));
    }
    if (word === "version") return void (this.#version = true);
    const noun = byName(this.tree, word);
    if (word === "help" && noun && !this.#explain) return void (this.#explain = true);
    if (this.#explain && await this.#isTopic(word)) return void this.#operands.push({ word, at });
    if (!noun) return void (this.#stray = this.#fault(at));
    const verbs = await noun.verbs(this.words[at + 1]);
    this.#noun = noun;
    if ("run" in verbs) return this.#enter(verbs, noun.name);
    this.#path.push(noun.name);
    this.#verbs = verbs;
  }

  async #find(word: string): Promise<Verb | undefined> {
    const { open } = this.reading;
    if (!this.#noun?.find) return undefined;
    if (!open) return this.#verbs[0];
    const globals = this.#apparent = apparent(this.words, this.#verbs[0]?.options);
    try {
      return await this.#noun.find(word, { app: () => open(globals), fresh: this.fresh });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#failed = error;
      return undefined;
    }
  }

  /** Reads the option in `words[at]`, perhaps several short ones; returns how many words behind it were its value. */
  #option(at: number): 0 | 1 {
    const { raws, took, unknown } = optionAt(this.words, at, this.#keyOf, (key) => this.#known[key]!);
    this.#raws.push(...raws);
    if (unknown) this.#unknown ??= this.#fault(at);
    return took;
  }

  async decide(): Promise<Line> {
    const globals = this.globals();
    const asked = (key: string) => this.#raws.some((raw) => raw.key === key);
    try {
      const explain = this.#explain || asked("help");
      if (this.#explain && asked("help") && !this.#noun) await this.#enterHelp(); // `help --help`
      const wrong = [this.#stray, explain ? undefined : this.#unknown].filter((fault) => fault !== undefined);
      const [fault] = wrong.toSorted((a, b) => a.at - b.at);
      if (this.#failed) throw this.#failed;
      if (fault) throw await this.#refusal(fault);
      const [beyond] = this.#explain ? this.#operands : []; // the word `help` takes a command, and nothing behind it
      if (beyond) throw await this.#refusal(this.#fault(beyond.at), 0);
      if (this.#version || asked("version")) return { is: "version", globals };
      const [path, noun, verb] = [this.#path, this.#noun, this.#verb];
      if (!explain && !verb) valuesOf(GLOBALS, this.#raws, true); // what is half said is refused, not explained
      if (explain || !verb) return { is: "explain", path, globals, ...noun && { noun }, ...verb && { verb } };
      const checked = valuesOf(GLOBALS, this.#raws, true);
      this.#checkApparent(checked);
      const given = valuesOf({ ...verb.options, ...this.#more }, this.#raws, false);
      return { is: "run", path, globals: checked, verb, given, words: await this.#arguments(verb) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const said = this.reading.suggest === false ? error : await hinted(error, this.#fault(0));
      return { is: "refused", globals, error: said, ...error instanceof Missing && { missing: error.args } };
    }
  }

  async #refusal(fault: Fault, count?: number): Promise<AppError> {
    if (this.reading.suggest === false) return new AppError("usage", "not understood");
    const { refusal, tooMany } = await import("./suggest.ts");
    return await (count === undefined ? refusal(fault) : tooMany(fault, count));
  }

  #enter(verb: Verb, name: string): void {
    this.#path.push(name);
    this.#verb = verb;
    this.#known = { ...verb.options, ...GLOBALS };
  }

  /** A topic is an argument of the verb `help`; any other word is a command to be explained. */
  async #isTopic(word: string): Promise<boolean> {
    const help = await byName(this.tree, "help")!.verbs();
    if (!("run" in help) || !help.args[0]?.value.schema.enum?.includes(word)) return false;
    this.#explain = false;
    await this.#enterHelp();
    return true;
  }

  async #enterHelp(): Promise<void> {
    const help = await byName(this.tree, "help")!.verbs();
    if ("run" in help) this.#enter(help, "help");
  }

  readonly #keyOf = (flag: string): string | undefined => {
    const known = keyIn(this.#known, flag);
    if (known !== undefined) return known;
    const [key, option] = this.#verb?.option?.(flag) ?? [];
    if (key === undefined || !option) return undefined;
    this.#more = { ...this.#more, [key]: option };
    this.#known = { ...this.#known, [key]: option };
    return key;
  };

  /** The verb was found for a tenant and an address: the run must go there. */
  #checkApparent(checked: Globals): void {
    const flag = (["tenant", "apiUrl", "output", "timeout", "timeZone"] as const)
      .find((key) => this.#apparent && this.#apparent[key] !== checked[key]);
    if (!flag) return;
    const { short }: Option = GLOBALS[flag];
    const name = flagOf(flag, GLOBALS[flag]);
    const isIt = (text = "") => text === name || text.startsWith(`${name}=`) || short && text.startsWith(`-${short}`);
    const taker = this.#raws.find(({ text }) => isIt(text));
    throw taker
      ? new AppError("usage", `${name} is the value of an option here, and could be taken for an option`, {
        hint: `write that value behind a sign: ${taker.flag}=${taker.text!.length > 40 ? name : taker.text}`,
      })
      : new AppError("usage", `${name} stands behind an option that could take it for its value`, {
        hint: `write it in front: autocom ${name} ${GLOBALS[flag].value.shown.toUpperCase()} ${this.#path.join(" ")} …`,
      });
  }

  async #arguments({ args }: Verb): Promise<unknown[]> {
    const extra = extraOf(args, this.#operands);
    if (extra) throw await this.#refusal(this.#fault(extra.at), this.#operands.length);
    return argumentsOf(args, this.#operands.map(({ word }) => word));
  }

  readonly #shown = (): Options => ({ ...this.#verb?.more?.(), ...this.#known });

  #fault(at: number): Fault {
    const { words, tree } = this;
    return { words, tree, at, path: [...this.#path], known: this.#shown(), verb: this.#verb };
  }
}
