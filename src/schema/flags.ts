/**
 * The flags of an operation: one for each argument, and for each field of an input that is typed by its way,
 * `--items.0.sku`.
 *
 * @module
 */

import { flagOf, GLOBALS, type Option, type Options, ROOT } from "../cli/mod.ts";
import { safe } from "../output/mod.ts";
import { type Book, type Input, type Operation } from "./book.ts";
import { Names } from "./names.ts";
import { isPaged } from "./paged.ts";
import { typed } from "./values.ts";
import { elementOf, unwrap } from "./wrapping.ts";

/** A place in the variables. */
export interface Slot {
  /** As the server names it, indices too: `["input", "items", 0, "sku"]`. */
  path: readonly (string | number)[];
  /** As it is shown: `--items.0.sku`. */
  flag: string;
  type: string;
  input: Input;
}

/** With whether it must be given; of what is not shown field by field the flag of the first field. */
type Shown = readonly [slot: Slot, needed: boolean, deeper?: string | undefined];

/** Levels of inputs whose fields have a flag of their own in a help; deeper ones can be typed, too. */
const SHOWN_DEPTH = 4;
/** Flags of inputs' fields that are shown: a few types of many fields make millions. The others can be typed, too. */
const MOST_SHOWN = 1_000;
const DEEPEST = 12;
const NULL = ":null";
/** The argument that an operation's fields are commonly put into: they need no prefix. */
const FLAT = "input";

/** Flags that are ours here; arguments of those names are `--arg-…`. */
const ours = (paged: boolean): string[] => [
  ...Object.entries({ ...GLOBALS, ...ROOT }).map(([key, option]) => flagOf(key, option)),
  ...["--fields", "--yes", "--dry-run", "--query", "--input"],
  ...paged ? ["--all", "--limit", "--meta"] : [],
];

/** What the flags of an operation's arguments are called. */
interface Called {
  ours: readonly string[];
  /** Arguments by the first part of their flag, without the dashes. */
  tops: Names;
  /** The argument whose fields need no prefix, and these. */
  flat: Input | undefined;
  flatNames: Names;
}

export class Flags {
  #made: Called | undefined;
  /** By the names of their types: an input may have thousands of fields. */
  readonly #fields = new Map<string, Names>();

  constructor(private readonly book: Book, private readonly operation: Operation) {}

  /** Made when the first flag is looked at: many lines have none. */
  get #called(): Called {
    return this.#made ??= this.#make();
  }

  #make(): Called {
    const { args } = this.operation;
    const all = ours(isPaged(this.book, this.operation));
    const tops = new Names(args, all);
    const flat = args.find(({ name, type }) => name === FLAT && this.#isInput(type) && unwrap(type).lists === 0);
    const isTaken = (name: string) => all.includes(`--${name}`) || tops.of(name) !== undefined;
    return { ours: all, tops, flat, flatNames: new Names(flat ? this.#inputsOf(flat.type) : [], [], isTaken) };
  }

  /** Those that a help shows, and those in the place that a flag was typed to: `--items.1.` */
  shown(typed = ""): Options {
    const place = this.slot(typed.replace(/\.[^.]*$/, ""));
    const more = place ? this.#below(place, [], false, { fields: MOST_SHOWN }) : [];
    return Object.fromEntries(
      [...this.#all(), ...more].map(([slot, ...said]) => [keyOf(slot), this.#option(slot, ...said)]),
    );
  }

  /** The flags that must be given, an input's by its fields. */
  needed(): string[] {
    const all = this.#all().filter(([, needed]) => needed).map(([{ flag, path }]) => ({ flag, path: path.join(".") }));
    // What is in one stands behind it.
    return all.filter(({ path }, at) => !all[at + 1]?.path.startsWith(`${path}.`)).map(({ flag }) => flag);
  }

  #all(): Shown[] {
    const left = { fields: MOST_SHOWN };
    return this.operation.args.flatMap((input) =>
      this.#below({ path: [input.name], flag: this.#topOf(input), type: input.type, input }, [], isNeeded(input), left)
    );
  }

  /** Any flag of this operation: also with the server's own names, deeper, or with `:null` behind it. */
  find(flag: string): readonly [key: string, option: Option] | undefined {
    const isNull = flag.endsWith(NULL);
    const slot = this.slot(isNull ? flag.slice(0, -NULL.length) : flag);
    if (!slot) return undefined;
    if (!isNull) return [keyOf(slot), this.#option(slot)];
    return [keyOf(slot) + NULL, { about: `${slot.flag} as null`, flag: slot.flag + NULL, hidden: true }];
  }

  slot(flag: string): Slot | undefined {
    const parts = flag.slice(2).split(".");
    const [first = "", ...rest] = parts;
    const { ours, tops, flat, flatNames } = this.#called;
    const top = tops.of(first) ??
      this.operation.args.find(({ name, type }) =>
        name === first &&
        (!ours.includes(`--${name}`) || name === FLAT || this.#isInput(type) && rest.length > 0)
      );
    if (top) return this.#walk([top.name], this.#topOf(top), top, rest);
    const inner = flatNames.of(first) ?? flatNames.called(first);
    if (!inner || !flat) return undefined;
    return this.#walk([flat.name, inner.name], this.#flatOf(inner), inner, rest);
  }

  /** The flag of a place that the server names, as far as there is one: `input.items.0.sku`. */
  flagAt(path: readonly (string | number)[]): string | undefined {
    const [first, ...rest] = path;
    const top = this.operation.args.find(({ name }) => name === first);
    if (!top) return undefined;
    let slot: Slot | undefined = { path: [top.name], flag: this.#topOf(top), type: top.type, input: top };
    for (const part of rest) {
      const next: Slot | undefined = slot && this.#step(slot, String(part));
      if (!next) break;
      slot = next;
    }
    return slot?.flag;
  }

  #topOf(input: Input): string {
    return `--${this.#called.tops.flag(input)}`;
  }

  #flatOf(input: Input): string {
    return `--${this.#called.flatNames.flag(input)}`;
  }

  #walk(path: Slot["path"], flag: string, input: Input, rest: readonly string[]): Slot | undefined {
    let slot: Slot | undefined = { path, flag, type: input.type, input };
    if (rest.length > DEEPEST) return undefined;
    for (const part of rest) slot = slot && this.#step(slot, part);
    return slot;
  }

  /** Into a list by a number, into an input by a name. */
  #step({ path, flag, type, input }: Slot, part: string): Slot | undefined {
    if (unwrap(type).lists > 0) {
      if (!/^\d{1,4}$/.test(part)) return undefined;
      const at = Number(part);
      return { path: [...path, at], flag: `${flag}.${at}`, type: elementOf(type), input };
    }
    const fields = this.#fieldsOf(type);
    const found = fields.of(part) ?? fields.called(part);
    if (!found) return undefined;
    const { flat, flatNames } = this.#called;
    const isFlat = path.length === 1 && flat?.name === path[0] && flatNames.called(found.name);
    const next = isFlat ? this.#flatOf(found) : `${flag}.${fields.flag(found)}`;
    return { path: [...path, found.name], flag: next, type: found.type, input: found };
  }

  /** A slot and those in it, four deep, no type in itself. */
  #below(slot: Slot, within: readonly string[], needed: boolean, left: { fields: number }): Shown[] {
    const { path, flag, type, input } = slot;
    const { name, lists } = unwrap(type);
    if (!this.#isInput(type)) return [[slot, needed]];
    const isDeep = within.includes(name) || within.length >= SHOWN_DEPTH - 1 || lists > 1;
    const inputs = this.#inputsOf(name);
    const step = lists > 0 ? { path: [...path, 0], flag: `${flag}.0`, type: name, input } : { ...slot, type: name };
    const [field] = inputs;
    if (isDeep) return [[slot, needed, lists < 2 && field && this.#step(step, field.name)?.flag || undefined]];
    const fields = inputs.flatMap((field) => {
      const next = left.fields-- > 0 ? this.#step(step, field.name) : undefined;
      return next ? this.#below(next, [...within, name], needed && isNeeded(field), left) : [];
    });
    return [[slot, needed], ...fields];
  }

  #option({ flag, type, input, path }: Slot, needed = false, deeper?: string): Option {
    const { value, many, bare } = typed(this.book, type);
    const { standard } = input;
    const isWhole = this.#isInput(type);
    const about = [
      oneLine(input.about),
      input.deprecated !== undefined && `deprecated${input.deprecated && `: ${oneLine(input.deprecated)}`}`,
      needed && (isWhole && !deeper ? "required: this, or its fields below" : "required"),
      isWhole && `all of ${unwrap(type).lists > 0 ? "them" : "it"}, as JSON or @file`,
      deeper && `also ${deeper} …`,
    ].filter(Boolean).join("; ");
    const isOne = path.at(-1) !== input.name; // of a list
    return {
      about: about || (isNeeded(input) ? type : type.replace(/!$/, "")),
      flag,
      value,
      ...many && { many },
      ...bare && { bare },
      ...needed && { needed },
      ...!isOne && standard !== undefined && { otherwise: `the server's: ${oneLine(standard)}` },
    };
  }

  #isInput(type: string): boolean {
    return this.book.type(unwrap(type).name)?.kind === "INPUT_OBJECT";
  }

  #fieldsOf(type: string): Names {
    const { name } = unwrap(type);
    const found = this.#fields.get(name) ?? new Names(this.#inputsOf(name), []);
    this.#fields.set(name, found);
    return found;
  }

  #inputsOf(type: string): readonly Input[] {
    return this.book.type(unwrap(type).name)?.inputs ?? [];
  }
}

export const isNeeded = ({ type, standard }: Pick<Input, "type" | "standard">) =>
  type.endsWith("!") && standard === undefined;

/** Keys of options that are the operation's own begin with this. */
export const MARK = "$";

export function keyOf({ path }: Slot): string {
  return `${MARK}${path.join(".")}`;
}

/** Whether a key means null. */
export function isNullKey(key: string): boolean {
  return key.endsWith(NULL);
}

export function pathOf(key: string): string[] {
  return key.slice(MARK.length).replace(/:null$/, "").split(".");
}

/** A description, which is the server's text, as a part of a line. */
export function oneLine(text: string): string {
  return safe(text.replaceAll(/\s+/g, " ").trim());
}
