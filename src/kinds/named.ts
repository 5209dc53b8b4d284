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
    const fields = Object.fromEntries(Object.entries(error.fields).map(([name, texts]) => [word(name), texts]));
    throw new AppError(error.kind, error.message, { ...error, fields });
  };
}
