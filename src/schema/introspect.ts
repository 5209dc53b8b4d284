/**
 * Asks the server what it offers: one request where its limits allow it, else the names first and then the types.
 *
 * @module
 */

import { type Api, member } from "../api/mod.ts";
import { AppError } from "../errors.ts";
import type { Progress } from "../output/mod.ts";
import { type Digest, digest } from "./digest.ts";

const ACTION = "read the schema";

/** Deep enough for `[Thing!]!`; a server that limits the depth to 7 answers it. */
const REFERENCE = "kind name ofType { kind name ofType { kind name ofType { name } } }";
const DEEPER = REFERENCE.replace("{ name }", "{ kind name ofType { name } }");
const DEEPEST = DEEPER.replace("{ name }", "{ kind name ofType { name } }");

const INPUT = "name description defaultValue type { ...Reference }";
const TYPE = `kind name description
  fields(includeDeprecated: true) {
    name description isDeprecated deprecationReason
    args { ${INPUT} }
    type { ...Reference }
  }
  inputFields { ${INPUT} }
  enumValues(includeDeprecated: true) { name }
  possibleTypes { name }`;
const ROOTS = "queryType { name } mutationType { name } subscriptionType { name }";
const FRAGMENT = `fragment Reference on __Type { ${REFERENCE} }`;

export const WHOLE = `query Schema { __schema { ${ROOTS} types { ${TYPE} } } } ${FRAGMENT}`;
const NAMES = `query SchemaNames { __schema { ${ROOTS} types { kind name } } }`;

/** Types that are asked for in one request, where they are asked for by name. */
const MOST = 16;

const IMPORT = "save the schema where introspection is allowed, then: autocom schema import FILE";

/**
 * The tenant's schema as its server tells it; `line` says how far that is, where it takes steps. Throws what refused, with
 * the way out where introspection is.
 */
export async function introspect(api: Api, line?: Progress): Promise<Digest> {
  const schema = await whole(api, line);
  const found = digest(schema) ?? failed("the answer has another shape than documented");
  return found.deep.length === 0 ? found : digest(await deeper(api, schema, found.deep))!;
}

async function whole(api: Api, line: Progress | undefined): Promise<unknown> {
  try {
    return member(await api.query(WHOLE, {}, ACTION), "__schema");
  } catch (error) {
    if (!isLimit(error)) throw outOfReach(error);
    return await inSteps(api, line).catch((error) => {
      throw outOfReach(error);
    });
  }
}

/** One level less deep, and as few fields at once as the server wants. */
async function inSteps(api: Api, line: Progress | undefined): Promise<unknown> {
  line?.begin();
  const schema = member(await api.query(NAMES, {}, ACTION), "__schema");
  const all = member(schema, "types");
  const bare = Array.isArray(all) ? all : [];
  const names = bare.filter((type) => member(type, "kind") !== "SCALAR").map((type) => String(member(type, "name")))
    .filter((name) => !name.startsWith("__"));
  const types = await byName(api, names, TYPE, FRAGMENT, (done) => line?.tell(done, names.length));
  const found = new Map(types.map((type) => [member(type, "name"), type]));
  return { ...schema as object, types: bare.map((type) => found.get(member(type, "name")) ?? type) };
}

/** Names are values, so they travel in variables. */
async function byName(
  api: Api,
  names: readonly string[],
  selection: string,
  fragment: string,
  tell?: (done: number) => void,
): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let at = 0, size = MOST; at < names.length;) {
    const some = names.slice(at, at + size);
    const declared = some.map((_, index) => `$n${index}: String!`).join(", ");
    const asked = some.map((_, index) => `t${index}: __type(name: $n${index}) { ${selection} }`).join(" ");
    const variables = Object.fromEntries(some.map((name, index) => [`n${index}`, name]));
    try {
      const data = await api.query(`query SchemaTypes(${declared}) { ${asked} } ${fragment}`, variables, ACTION);
      found.push(...some.map((_, index) => data[`t${index}`]));
      at += some.length;
      tell?.(at);
    } catch (error) {
      if (size === 1 || !isComplexity(error)) throw error;
      size = Math.max(1, size >> 1);
    }
  }
  return found;
}

/** Lists of lists: the types that have them are asked for once more, by themselves. Where that is refused they stay out. */
async function deeper(api: Api, schema: unknown, deep: readonly string[]): Promise<unknown> {
  const deepInput = (reference: string) => INPUT.replace("...Reference", reference);
  const selection = TYPE.replace(`args { ${INPUT} }`, `args { ${deepInput(DEEPER)} }`)
    .replace(`inputFields { ${INPUT} }`, `inputFields { ${deepInput(DEEPEST)} }`).replace("...Reference", DEEPEST);
  const found = await byName(api, deep, selection, "").catch(() => []);
  const types = new Map(found.map((type) => [member(type, "name"), type]));
  const all = member(schema, "types") as readonly unknown[]; // or there had been no digest
  return { ...schema as object, types: all.map((type) => types.get(member(type, "name")) ?? type) };
}

const isDepth = (error: unknown) =>
  error instanceof AppError && error.kind === "rejected" && /depth/i.test(error.message);
const isComplexity = (error: unknown) =>
  error instanceof AppError && error.kind === "rejected" && /complex|cost/i.test(error.message);
const isLimit = (error: unknown) => isDepth(error) || isComplexity(error);

/** The server does not tell its schema; what it says names the limit. */
function outOfReach(error: unknown): unknown {
  if (!(error instanceof AppError) || error.kind !== "rejected") return error;
  return new AppError("rejected", error.message, { ...error, hint: IMPORT });
}

function failed(why: string): never {
  throw new AppError("server", `cannot ${ACTION}: ${why}`, { hint: "is it GraphQL? autocom doctor" });
}
