import type { App } from "../../app.ts";
import { AppError } from "../../errors.ts";
import { digits, readText, whyNot } from "../../input/mod.ts";
import { nearest } from "../../nearest.ts";
import type { Pair, Parsed } from "../../raw/mod.ts";

/**
 * Variables by their declared types: `007` for a `String` stays that. Throws `usage` for one that is not declared. `paged`:
 * `$page` is given with each page.
 */
export async function variablesOf(
  app: App,
  { variables }: Parsed,
  given: readonly Pair[],
  paged: boolean,
): Promise<Record<string, unknown>> {
  const found: [string, unknown][] = [];
  for (const [name, pairs] of Map.groupBy(given, (pair) => pair.name)) {
    const declared = variables.get(name);
    if (!declared) throw undeclared(name, [...variables.keys()]);
    const isList = declared.type.startsWith("[");
    if (pairs.length > 1 && !isList) {
      throw new AppError("usage", `the variable $${name} is given ${pairs.length} times`, { hint: "give it once" });
    }
    const values = [];
    for (const pair of pairs) values.push(await valueOf(app, pair, declared.type));
    const whole = values.length === 1 && (!isList || Array.isArray(values[0]) || values[0] === null);
    found.push([name, whole ? values[0] : values]);
  }
  const names = found.map(([name]) => name);
  const left = [...variables].find(([name, { optional }]) =>
    !optional && !names.includes(name) && !(paged && name === "page")
  );
  if (left) {
    throw new AppError("usage", `the variable $${left[0]} is not given, and its type is ${left[1].type}`, {
      hint: `add: -F ${left[0]}=VALUE`,
    });
  }
  return Object.fromEntries(found);
}

async function valueOf(app: App, { name, text, typed }: Pair, type: string): Promise<unknown> {
  const named = type.replaceAll(/[[\]!]/g, "");
  if (!typed && ["Int", "Float", "Boolean"].includes(named)) {
    throw new AppError("usage", `the variable $${name} is declared as ${type}, and --raw-field sends text`, {
      hint: `write: -F ${name}=${/^[\w.+-]{1,30}$/.test(text) ? text : "VALUE"}`,
    });
  }
  if (!typed) return text;
  const fromFile = text.startsWith("@");
  const given = fromFile ? (await readText(app, text.slice(1), `--field ${name}`, `--field ${name}=@`)) : text;
  if (type.startsWith("[") && /^\s*\[/.test(given)) return json(name, given);
  /** Null, where that is written and the type takes it. */
  const orNull = (what: string): null => {
    if (given.trim() === "null" && !type.endsWith("!")) return null;
    throw new AppError("usage", `the variable $${name} must be ${what}, not "${given.slice(0, 30)}"`, {
      hint: `the document declares it as ${type}`,
    });
  };
  switch (named) {
    case "String":
    case "ID":
      return given;
    case "Int": {
      const value = /^\s*-?\d{1,10}\s*$/.test(given) ? Number(given) : NaN;
      return value === (value | 0) ? value : orNull("a whole number of 32 bits");
    }
    case "Float":
      if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(given.trim())) return JSON.rawJSON(given.trim());
      return orNull("a number");
    case "Boolean":
      if (/^\s*(true|false)\s*$/.test(given)) return given.trim() === "true";
      return orNull("true or false");
    default: {
      const { JSON_SCALAR, NUMBER_SCALAR, numeric } = await (await import("../../schema/mod.ts")).typing();
      // An input, an enum or a scalar of the platform's: the document does not say which.
      if (/^\s*[[{]/.test(given) || fromFile || JSON_SCALAR.test(named)) return json(name, given);
      if (given === "null" && !type.endsWith("!")) return null;
      return NUMBER_SCALAR.test(named) ? numeric(given) : given;
    }
  }
}

function json(name: string, text: string): unknown {
  try {
    return digits(text);
  } catch (error) {
    throw new AppError("usage", `the variable $${name} ${whyNot(error)}: "${text.slice(0, 30)}"`, {
      hint: "is it text? give it with --raw-field",
    });
  }
}

function undeclared(name: string, declared: readonly string[]): AppError {
  const meant = nearest(name, declared);
  const known = declared.length > 0 ? `it declares ${declared.map((one) => `$${one}`).join(", ")}` : "it declares none";
  return new AppError("usage", `the document does not declare the variable $${name.slice(0, 40)}`, {
    hint: meant ? `did you mean: ${meant}` : known,
  });
}
