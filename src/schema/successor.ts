import type { Outcome } from "../api/mod.ts";
import type { Operation } from "./book.ts";
import type { Source } from "./source.ts";

/**
 * The operation as the server's schema has it, which is asked for, where the document was refused for being another
 * schema's and nothing was done. Undefined where the refusal stands: an argument that is gone is not left out, because
 * something else would be asked for.
 */
export async function successor(
  { data, faults }: Outcome,
  source: Source,
  { name, kind }: Operation,
  given: readonly string[],
): Promise<Operation | undefined> {
  const wasRefused = data === null && faults.every(({ path }) => path.length === 0);
  if (!wasRefused || !faults.some(({ message }) => isForeign(message))) return undefined;
  const operation = (await source.again())?.book.operation(`${kind}:${name}`);
  if (!operation) return undefined;
  return given.every((one) => operation.args.some((arg) => arg.name === one)) ? operation : undefined;
}

/** What webonyx and graphql-js say of a name that their schema does not have. */
function isForeign(message: string): boolean {
  return /^(Cannot query field|Unknown (argument|type|field)|Field "?\w+"? (must not have|of type)|Variable .* (expects|used in position))/i
    .test(message);
}
