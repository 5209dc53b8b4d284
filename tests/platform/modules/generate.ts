/**
 * The modules' part of a schema, made of one seed: the same text in every run.
 *
 * @module
 */

import { crc32 } from "node:zlib";
import { PLANS } from "./plan.ts";

const SEED = 20_260_601;

/** Fields that a thing may have beside those that each has. */
const FIELDS: readonly [name: string, type: string, description?: string][] = [
  ["code", "String!", "What people call it by."],
  ["amount", "Money!", "In the currency beside it."],
  ["fee", "Money"],
  ["currency", "String!"],
  ["quantity", "Int!"],
  ["priority", "Int"],
  ["rate", "Float"],
  ["active", "Boolean!"],
  ["notes", "String"],
  ["tags", "[String!]!"],
  ["starts_at", "DateTime"],
  ["ends_at", "DateTime"],
  ["external_id", "String"],
  ["reference", "ID"],
  ["metadata", "JSON"],
  ["mobileNo", 'String @can(permission: "customers.view_sensitive")'],
  ["buyer_contact", 'String @can(permission: "customers.view_sensitive")'],
  ["email_sent_count", "Int!"],
  ["phone_model", "String"],
  ["matrix", "[[Int!]!]"],
];

/** What stands in the modules' descriptions here and there: a terminal, a shell, man and markdown must survive it. */
export const HOSTILE: readonly string[] = [
  "$(touch /tmp/pwned) `id` ${HOME} \\$(id)",
  "\u001b[31mred\u001b[0m \u001b]0;title\u0007",
  'quotes: "double", \'single\', """mutation"""',
  ".TH begins like a macro\n'and so does this",
  "\u202eright to left\u202c \u200b\u2066isolated\u2069",
  "back\\slash \\fB \\n\ttab",
  "tags \u{e0041}\u{e0042}, a line\u2028separator, C1 \u009b31m",
  "<b>html</b> | a pipe | *stars* [link](javascript:alert(1))",
  "x".repeat(3000),
  "",
];

/**
 * The SDL of a module: 18 operations and 16 types. The fourth thing has a plain list, and is never changed. `module` is the
 * name that it has, its plan's unless there are several of one plan.
 */
export function moduleSdl(plan: string, module = plan): string {
  const { things, actions, view, edit } = PLANS[plan]!;
  const below = random(SEED ^ crc32(module));
  const pascal = (thing: string) => upper(module) + upper(thing);
  const [queries, mutations, types]: string[][] = [[], [], []];
  things.forEach((thing, index) => {
    const type = pascal(thing);
    const name = `${module}_${snake(thing)}`;
    const many = plural(name);
    const extra = shuffled(FIELDS, below).slice(0, 5 + below(6));
    const values = ["new", "open", "waiting", "done", "closed", "failed"].slice(0, 3 + below(4));
    const about = (alias: string, text: string) =>
      `  ${quoted(`${module}.${alias}\n${below(12) === 0 ? HOSTILE[below(HOSTILE.length)] : text}`)}\n`;
    const can = (permission: string) => `@can(permission: "${permission}")`;
    const paged = index < 3;
    queries!.push(
      about(`list${upper(plural(thing))}`, `The tenant's ${plural(words(thing))}.`) +
        `  ${many}(page: Int = 1, per_page: Int = 20, search: String, status: ${type}Status${
          extra.some(([field]) => field === "amount") ? ", min_amount: Money" : ""
        }): ${paged ? `${type}Page` : `[${type}!]!`} ${can(view)}`,
    );
    if (paged) {
      queries!.push(about(`get${upper(thing)}`, `One ${words(thing)}.`) + `  ${name}(id: ID!): ${type} ${can(view)}`);
    }
    const action = actions[index]!;
    mutations!.push(
      about(`create${upper(thing)}`, `Makes a ${words(thing)}.`) +
        `  ${module}_create_${snake(thing)}(input: ${type}Input!): ${type} ${can(edit)}`,
      ...!paged ? [] : [
        about(`update${upper(thing)}`, `Changes a ${words(thing)}.`) +
        `  ${module}_update_${snake(thing)}(id: ID!, input: ${type}Input!): ${type} ${can(edit)}`,
      ],
      about(`${action}${upper(thing)}`, `To ${action} a ${words(thing)}.`) +
        `  ${module}_${action}_${snake(thing)}(id: ID!, reason: String${
          below(2) ? ', notify: Boolean = true, currency: String = "INR"' : ""
        }): ${below(4) === 0 ? "Boolean!" : type} ${can(edit)}`,
    );
    const before = things[index - 1];
    const relations = [
      ...before ? [`  parent: ${pascal(before)}`] : [],
      ...below(2) ? ['  order: Order @can(permission: "orders.view")'] : [],
      ...below(2) ? ['  customer: Customer @can(permission: "customers.view")'] : [],
      ...below(3) === 0 ? ['  old_code: String @deprecated(reason: "Use code.")'] : [],
      ...below(3) === 0 ? ["  amount_in(currency: String!): Money!"] : [],
    ];
    const node = index < 2 ? ` implements ${upper(module)}Node` : "";
    types!.push(
      `enum ${type}Status {\n${values.map((value) => `  ${value}`).join("\n")}\n}`,
      `type ${type}${node} {\n  id: ID!\n  name: String!\n  status: ${type}Status!\n${
        extra.map(([field, kind, text]) => `${text ? `  ${quoted(text)}\n` : ""}  ${field}: ${kind}`).join("\n")
      }\n${relations.map((line) => `${line}\n`).join("")}  created_at: DateTime!\n  updated_at: DateTime!\n}`,
      ...!paged ? [] : [`type ${type}Page {\n  data: [${type}!]!\n  meta: Meta!\n}`],
      `input ${type}Input {\n  name: String!\n  status: ${type}Status = ${values[0]}\n${
        extra.map(([field, kind]) => `  ${field}: ${kind.replace(/ @.*/, "").replace(/!$/, "")}`).join("\n")
      }\n${below(4) === 0 ? `  children: [${type}Input!]\n` : ""}}`,
    );
  });
  types!.push(`interface ${upper(module)}Node {\n  id: ID!\n  name: String!\n}`);
  return [
    `extend type Query {\n${queries!.join("\n")}\n}`,
    `extend type Mutation {\n${mutations!.join("\n")}\n}`,
    ...types!,
  ].join("\n\n");
}

/** A description as SDL, whatever is in it. */
export const quoted = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

const upper = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
const snake = (text: string): string => text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const words = (text: string): string => snake(text).replaceAll("_", " ");

function plural(text: string): string {
  if (/(s|x|ch)$/.test(text)) return `${text}es`;
  return /[^aeo]y$/.test(text) ? `${text.slice(0, -1)}ies` : `${text}s`;
}

function shuffled<T>(list: readonly T[], below: (limit: number) => number): T[] {
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = below(at + 1);
    [copy[at], copy[other]] = [copy[other]!, copy[at]!];
  }
  return copy;
}

function random(state: number): (limit: number) => number {
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.trunc(state / 65536) % limit;
  };
}
