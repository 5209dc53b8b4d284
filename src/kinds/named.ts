import { flagOf, type Options } from "../cli/mod.ts";
import { AppError } from "../errors.ts";

/**
 * The server's field errors name its own fields: a person finds them under the words that were typed. `typed` says which
 * of the server's names are called otherwise: an option's key, or an argument as `<order>`.
 */
export function named(options: Options, typed: Readonly<Record<string, string>> = {}): (error: unknown) => never {
  const word = (name: string) => {
    const known = Object.hasOwn(typed, name) ? typed[name] : undefined; // a name of the server's may be toString
    const key = known ?? name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return key.startsWith("<") ? key : Object.hasOwn(options, key) ? flagOf(key, options[key]!) : name;
  };
  return (error) => {
    if (!(error instanceof AppError) || error.fields === undefined) throw error;
    throw renamed(error, word);
  };
}

/** The error with its fields called otherwise; what was said of several that are called the same is said of that one. */
export function renamed(error: AppError, word: (name: string) => string): AppError {
  const groups = Map.groupBy(Object.entries(error.fields ?? {}), ([name]) => word(name));
  const fields = Object.fromEntries([...groups].map(([name, all]) => [name, all.flatMap(([, texts]) => texts)]));
  return new AppError(error.kind, error.message, { ...error, fields });
}
