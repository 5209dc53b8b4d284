import type { Outcome } from "../api/mod.ts";
import type { Operation } from "./book.ts";
import type { Source } from "./source.ts";

/**
 * The operation as the server's schema has it, which is asked for, where the document was refused for being another
 * schema's and nothing was done. Undefined where the refusal stands: an argument that is gone is not left out, because
 * something else would be asked for.
 */
export async function successor(
  { data, begun, faults }: Outcome,
  source: Source,
  { name, kind }: Operation,
  given: readonly string[],
): Promise<Operation | undefined> {
  // `data: null` is what remains of a document that was begun (GraphQL, 7.1): a change is not sent again then.
  const wasRefused = data === null && !(begun && kind === "mutation") && faults.every(({ path }) => path.length === 0);
  if (!wasRefused || !faults.some(({ message }) => isForeign(message))) return undefined;
  const operation = (await source.again())?.book.operation(`${kind}:${name}`);
  if (!operation) return undefined;
  return given.every((one) => operation.args.some((arg) => arg.name === one)) ? operation : undefined;
}

/** What webonyx and graphql-js say of a name that their schema does not have. */
function isForeign(message: string): boolean {
  return /^(Cannot query field "\w+" on type "\w+"|Unknown argument "\w+" on field "|Unknown type "\w+"|Field "\w+" (must not have a selection|of type "[\w![\]]+" must have a )|Variable "\$\w+" of type "[\w![\]]+" used in position )/
    .test(message);
}
