/**
 * webonyx/graphql-php's words for what graphql-js says otherwise.
 *
 * @module
 */

import { type GraphQLSchema, isInputObjectType } from "graphql";
import { phpJson } from "./answers.ts";
import type { Input, Value } from "./incoming.ts";

/** Tried in order, each on the result of the one before. */
const SYNTAX: readonly [says: RegExp, webonyx: string | ((...found: string[]) => string)][] = [
  [/(?<!^Unterminated string)\.$/, ""],
  [/Unexpected variable "\$.*/, "Unexpected $"],
  [/^Expected "(.+?)", found/, "Expected $1, found"],
  [/(found|Unexpected) "(.+)"$/s, "$1 $2"],
  [/^Unexpected character: (".+")$/s, "Cannot parse the unexpected character $1."],
  [/^Unexpected character: U\+(00[01].)$/, (_, hex = "") => `Cannot contain the invalid character "\\u${hex}"`],
  [
    /^Unexpected character: U\+0*(.+)$/,
    (_, hex = "") => `Cannot parse the unexpected character "\\u${hex.toLowerCase()}".`,
  ],
  [/^(Invalid character escape sequence): "(.+)"$/s, "$1: $2"],
];

const DOCUMENT: typeof SYNTAX = [
  [/^(Unknown argument "\w+" on field) "(\w+)\.(\w+)"/, '$1 "$3" of type "$2"'],
  [/^(Variable "\$\w+" is not defined)(?: by operation "\w+")?\.$/, (all, same = "") =>
    // The real one has the two the wrong way round.
    all.includes("by operation") ? `${same}.` : `${same} by operation "".`],
  [
    /^(Field "\w+") must not have a selection since type (".+") has no subfields\.$/,
    "$1 of type $2 must not have a sub selection.",
  ],
  [/ must have a selection of subfields\..*$/, " must have a sub selection."],
  [
    /^Argument "[^@]+\.(\w+)\((\w+):\)" of type (".+") is required, but it was not provided\.$/,
    'Field "$1" argument "$2" of type $3 is required but not provided.',
  ],
  [
    /^Argument "(@\w+)\((\w+):\)" of type (".+") is required, but it was not provided\.$/,
    'Directive "$1" argument "$2" of type $3 is required but not provided.',
  ],
  [/^Expected value of non-null type (".+") not to be null\.$/, "Expected value of type $1, found null."],
  [/^(Expected value of type "\w+") to be an object, found: (.+)\.$/s, "$1, found $2."],
  [/^Int cannot represent non 32-bit signed integer value/, "Int cannot represent non-integer value"],
  [/ within itself via (.+)\.$/, (_, via = "") => ` within itself via ${via.replaceAll('"', "")}.`],
  [/^There can be only one variable named "\$/, 'There can be only one variable named "'],
  [/because "(\w+)" and "(\w+)" are different fields/g, "because $1 and $2 are different fields"],
  [/^The directive "@/, 'The directive "'],
  [/^Directive "@(\w+)" may not be used on (\w+)\.$/, 'Directive "$1" may not be used on "$2".'],
  [/^The subscription operation is not supported by the schema\.$/, "Schema is not configured for subscriptions."],
];

const REQUIRED = /^Expected value of type "(\w+)" to include required field "(\w+)", found: .*$/s;
const UNKNOWN =
  /^Expected value of type "(\w+)" not to include unknown field "([^"]*)"(?:, found: |\.( Did you mean .+?\?) Found: ).*$/s;

/** The message as the real server words it; `variables` are the request's. */
export function asWebonyx(message: string, schema: GraphQLSchema, variables: Input): string {
  const syntax = /^Syntax Error: (.*)$/s.exec(message)?.[1];
  if (syntax !== undefined) return `Syntax Error: ${rewrite(syntax, SYNTAX)}`;
  const variable = /^Variable "\$(\w+)" has invalid value(?: at ([^:]+))?: (.*)$/s.exec(message);
  if (variable) return ofVariable(variable[1]!, variable[2] ?? "", variable[3]!, schema, variables);
  return rewrite(message, DOCUMENT)
    .replace(
      REQUIRED,
      (_, type, field) => `Field ${type}.${field} of required type ${typeOf(schema, type, field)} was not provided.`,
    )
    .replace(UNKNOWN, (_, type, field, mean = "") => `Field "${field}" is not defined by type "${type}".${mean}`);
}

function ofVariable(name: string, path: string, what: string, schema: GraphQLSchema, variables: Input): string {
  const missing = /^Expected a value of non-null type (".+") to be provided\.$/.exec(what);
  if (missing) return `Variable "$${name}" of required type ${missing[1]} was not provided.`;
  const empty = /^Expected value of non-null type (".+") not to be null\.$/.exec(what);
  if (empty && !path) return `Variable "$${name}" of non-null type ${empty[1]} must not be null.`;

  const steps = path.match(/\w+/g) ?? [];
  const value = steps.reduce<Value | undefined>((at, step) => (at as Input | undefined)?.[step], variables[name]);
  const shown = typeof value === "string" ? `"${value}"` : phpJson(value ?? null).replaceAll("{}", "[]");
  const said = empty ? `Expected non-nullable type ${empty[1]} not to be null.` : what
    .replace(
      /^(ID cannot represent) value: .*$/s,
      (_, cannot) => `${cannot} a non-string and non-integer value: ${shown}`,
    )
    .replace(/^((?:Int|String) cannot represent .+?value: ).*$/s, (_, cannot) => cannot + shown)
    .replace(/^Expected value of (type "\w+" to be an object), found: .*$/s, "Expected $1.")
    .replace(
      REQUIRED,
      (_, type, field) => `Field "${field}" of required type "${typeOf(schema, type, field)}" was not provided.`,
    )
    .replace(UNKNOWN, (_, type, field, mean = "") => `Field "${field}" is not defined by type "${type}".${mean}`);
  return `Variable "$${name}" got invalid value ${shown}${path && ` at "${name}${path}"`}; ${said}`;
}

const rewrite = (message: string, words: typeof SYNTAX): string =>
  words.reduce((text, [says, webonyx]) => text.replace(says, webonyx as string), message);

function typeOf(schema: GraphQLSchema, type: string, field: string): string {
  const input = schema.getType(type);
  return isInputObjectType(input) ? String(input.getFields()[field]?.type) : "";
}
