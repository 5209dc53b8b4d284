import { parse } from "graphql/language/parser";
import { AppError } from "../errors.ts";
import { nearest } from "../nearest.ts";

/** An operation of a document that a person wrote. */
export interface Parsed {
  kind: "query" | "mutation";
  name: string | undefined;
  /** What its variables are declared as: `[Int!]!`; `optional` when it may be left out; `standard`: the whole number that it is then. */
  variables: ReadonlyMap<string, { type: string; optional: boolean; standard: number | undefined }>;
  /** The operation itself, and the fragments beside it. */
  definitions: readonly [Operation, ...Definition[]];
  /** Whether it uses a variable anywhere. */
  uses(variable: string): boolean;
}

export type Definition = ReturnType<typeof parse>["definitions"][number];
export type Operation = Extract<Definition, { kind: "OperationDefinition" }>;

/** The operation that will be carried out: found by parsing, because a comment or a text may say anything. */
export async function parsed(text: string, wanted: string | undefined): Promise<Parsed> {
  const { operations, all } = await operationsOf(text);
  const operation = choose(operations, wanted);
  if (operation.operation === "subscription") {
    throw new AppError("usage", "cannot send a subscription: it needs a connection that stays open", {
      hint: "send a query again and again instead",
    });
  }
  const declared = operation.variableDefinitions ?? [];
  const definitions = [operation, ...all.filter(({ kind }) => kind === "FragmentDefinition")] as const;
  return {
    kind: operation.operation as Parsed["kind"],
    name: operation.name?.value,
    variables: shallow(() =>
      new Map(declared.map(({ variable, type, defaultValue }) => {
        const written = typeText(type);
        const standard = defaultValue?.kind === "IntValue" ? Number(defaultValue.value) : undefined;
        const optional = !written.endsWith("!") || defaultValue !== undefined;
        return [variable.name.value, { type: written, optional, standard }];
      }))
    ),
    definitions,
    uses: (variable) =>
      definitions.some((part) => {
        const { variableDefinitions: _, ...rest } = part as Operation;
        return shallow(() => mentions(rest, variable));
      }),
  };
}

/** What walks through a document may go as deep as the stack, and says so where that ends. */
export function shallow<T>(walk: () => T): T {
  try {
    return walk();
  } catch (error) {
    throw error instanceof RangeError ? noDocument(": it nests too deep") : error;
  }
}

function noDocument(why: string): AppError {
  return new AppError("usage", `the document is not GraphQL${why}`, {
    hint: "write, for example: autocom graphql '{ orders { data { id } } }'",
  });
}

async function operationsOf(text: string): Promise<{ operations: Operation[]; all: readonly Definition[] }> {
  if (text.trim() === "") throw noDocument(": it is empty");
  // What one lexer skips another may not: then it would be another document that is carried out.
  // deno-lint-ignore no-control-regex
  const odd = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.exec(text);
  if (odd) throw refused(text, odd.index, "a control character");
  try {
    const { definitions } = shallow(() => parse(text, { noLocation: true }));
    if (definitions.some(({ kind }) => !/^(Operation|Fragment)Definition$/.test(kind))) {
      throw noDocument(": it defines what only a schema has");
    }
    return {
      all: definitions,
      operations: definitions.filter((one): one is Operation => one.kind === "OperationDefinition"),
    };
  } catch (error) {
    if (error instanceof AppError || !(error instanceof Error && "positions" in error)) throw error;
    const at = (error.positions as number[])[0] ?? 0;
    throw /\S/.test(text.slice(at))
      ? refused(text, at, "something unexpected")
      : noDocument(`: ${(await import("./unclosed.ts")).unclosed(text)}`);
  }
}

function refused(text: string, at: number, what: string): AppError {
  const before = text.slice(0, at).split("\n");
  const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
  return noDocument(`: ${what} at ${place}`);
}

function choose(operations: readonly Operation[], wanted: string | undefined): Operation {
  const names = operations.map(({ name }) => name?.value ?? "(without a name)");
  if (wanted !== undefined) {
    const found = operations.filter(({ name }) => name?.value === wanted);
    if (found.length === 1) return found[0]!;
    const meant = nearest(wanted, names);
    throw new AppError(
      "usage",
      `the document has ${found.length === 0 ? "no" : "more than one"} operation "${wanted}"`,
      {
        hint: found.length > 1
          ? "rename one"
          : meant
          ? `did you mean: --operation ${meant}`
          : operations.length === 1 && !operations[0]!.name
          ? "its operation has no name: leave --operation out"
          : `its operations: ${names.join(", ") || "none"}`,
      },
    );
  }
  if (operations.length === 1) return operations[0]!;
  if (operations.length === 0) {
    throw new AppError("usage", "the document has no operation", { hint: "a fragment alone asks for nothing" });
  }
  const own = operations.find(({ name }) => name && names.filter((one) => one === name.value).length === 1);
  throw new AppError("usage", `the document has ${operations.length} operations: ${names.join(", ")}`, {
    hint: own
      ? `say which: --operation ${own.name!.value}`
      : "give each a name of its own, and say which: --operation NAME",
  });
}

type TypeNode = NonNullable<Operation["variableDefinitions"]>[number]["type"];

function typeText(type: TypeNode): string {
  if (type.kind === "NonNullType") return `${typeText(type.type)}!`;
  return type.kind === "ListType" ? `[${typeText(type.type)}]` : type.name.value;
}

function mentions(node: unknown, variable: string): boolean {
  if (typeof node !== "object" || node === null) return false;
  if (Array.isArray(node)) return node.some((one) => mentions(one, variable));
  const { kind, name } = node as { kind?: string; name?: { value?: string } };
  if (kind === "Variable") return name?.value === variable;
  return Object.values(node).some((one) => mentions(one, variable));
}
