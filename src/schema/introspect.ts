/**
 * Asks the server what it offers: one request where its limits allow it, else the names first and then the types.
 *
 * @module
 */

import { type Api, member } from "../api/mod.ts";
import { AppError } from "../errors.ts";
import type { Progress } from "../output/mod.ts";
import { DEEPEST, type Digest, digest } from "./digest.ts";

const ACTION = "read the schema";

const reference = (levels: number): string => levels === 0 ? "name" : `kind name ofType { ${reference(levels - 1)} }`;
/** Deep enough for `[Thing!]!`; a server that limits the depth to 7 answers it. */
const REFERENCE = reference(3);
/** Of arguments and of fields, by a type's name: as deep as 7 allows, and as deep as is read. */
const DEEPER = [[4, 5], [DEEPEST, DEEPEST]] as const;

/** Inputs that are deprecated came with the specification of 2025: a server before it refuses these words. */
const NEWER = { all: "(includeDeprecated: true)", said: "isDeprecated deprecationReason" };
const INPUT = `name description defaultValue ${NEWER.said} type { ...Reference }`;
const TYPE = `kind name description
  fields(includeDeprecated: true) {
    name description isDeprecated deprecationReason
    args${NEWER.all} { ${INPUT} }
    type { ...Reference }
  }
  inputFields${NEWER.all} { ${INPUT} }
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
  const ask = asking(api);
  let schema = await whole(ask, line);
  let found = digest(schema) ?? failed("the answer has another shape than documented");
  for (const levels of DEEPER) {
    if (found.deep.length === 0) break;
    schema = await deeper(ask, schema, found.deep, levels);
    found = digest(schema)!;
  }
  return found;
}

type Ask = (document: string, variables?: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** Asks for deprecated inputs, too, until the server does not know the words. */
function asking(api: Api): Ask {
  let isOld = false;
  const ask: Ask = async (document, variables = {}) => {
    const sent = isOld ? older(document) : document;
    return await api.query(sent, variables, ACTION).catch(async (error) => {
      if (isOld || !isRefused(error, /includeDeprecated|isDeprecated|deprecationReason/)) throw error;
      isOld = true;
      return await ask(document, variables);
    });
  };
  return ask;
}

const older = (document: string) =>
  document.replaceAll(`args${NEWER.all}`, "args").replaceAll(`inputFields${NEWER.all}`, "inputFields")
    .replaceAll(`defaultValue ${NEWER.said}`, "defaultValue");

async function whole(ask: Ask, line: Progress | undefined): Promise<unknown> {
  try {
    return member(await ask(WHOLE), "__schema");
  } catch (error) {
    if (!isLimit(error)) throw outOfReach(error);
    return await inSteps(ask, line).catch((error) => {
      throw outOfReach(error);
    });
  }
}

/** One level less deep, and as few fields at once as the server wants. */
async function inSteps(ask: Ask, line: Progress | undefined): Promise<unknown> {
  line?.begin();
  const schema = member(await ask(NAMES), "__schema");
  const all = member(schema, "types");
  const bare = Array.isArray(all) ? all : [];
  const names = bare.filter((type) => member(type, "kind") !== "SCALAR").map((type) => String(member(type, "name")))
    .filter((name) => !name.startsWith("__"));
  const types = await byName(ask, names, TYPE, FRAGMENT, (done) => line?.tell(done, names.length));
  const found = new Map(types.map((type) => [member(type, "name"), type]));
  return { ...schema as object, types: bare.map((type) => found.get(member(type, "name")) ?? type) };
}

/** Names are values, so they travel in variables. */
async function byName(
  ask: Ask,
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
      const data = await ask(`query SchemaTypes(${declared}) { ${asked} } ${fragment}`, variables);
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
async function deeper(
  ask: Ask,
  schema: unknown,
  deep: readonly string[],
  [args, fields]: readonly [number, number],
): Promise<unknown> {
  const selection = TYPE.replace("...Reference", reference(args)).replaceAll("...Reference", reference(fields));
  const found = await byName(ask, deep, selection, "").catch(() => []);
  const types = new Map(found.map((type) => [member(type, "name"), type]));
  const all = member(schema, "types") as readonly unknown[]; // or there had been no digest
  return { ...schema as object, types: all.map((type) => types.get(member(type, "name")) ?? type) };
}

const isRefused = (error: unknown, why: RegExp) =>
  error instanceof AppError && error.kind === "rejected" && why.test(error.message);
const isDepth = (error: unknown) => isRefused(error, /depth/i);
const isComplexity = (error: unknown) => isRefused(error, /complex|cost/i);
const isLimit = (error: unknown) => isDepth(error) || isComplexity(error);

/** The server does not tell its schema; what it says names the limit. */
function outOfReach(error: unknown): unknown {
  if (!(error instanceof AppError) || error.kind !== "rejected") return error;
  return new AppError("rejected", error.message, { ...error, hint: IMPORT });
}

function failed(why: string): never {
  throw new AppError("server", `cannot ${ACTION}: ${why}`, { hint: "is it GraphQL? autocom doctor" });
}
