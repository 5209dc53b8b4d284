/**
 * The module that holds what is hard: names that are flags or properties elsewhere, inputs that contain themselves,
 * every kind of answer, gated fields, descriptions that are meant to harm.
 *
 * @module
 */

import { HOSTILE, quoted } from "./generate.ts";
import { LAB_TYPES } from "./lab_types.ts";

const view = '@can(permission: "reports.view")';
const edit = '@can(permission: "reports.create")';

/** An operation that answers what it was given: `given` are the names, `args` is JSON with the defaults. */
const echo = (name: string, args: string, about: string) =>
  `  ${quoted(`lab.${camel(name)}\n${about}`)}
  ${name}(${args}): LabEcho ${view}`;

const camel = (name: string) => name.replace(/^lab_/, "").replace(/_+(\w)/g, (_, letter) => letter.toUpperCase());

export const LAB = String.raw`
extend type Query {
${
  echo(
    "lab_reserved",
    "output: String, tenant: String, help: Boolean, query: String, fields: [String!], yes: Boolean, debug: Boolean, input: LabBoxInput, quiet: Boolean, timeout: Int, color: LabSize, api_url: String, no_input: Boolean, limit: Int, all: Boolean, meta: Boolean, dry_run: Boolean, page: Int, per_page: Int, arg_output: String, version: String, operation: String",
    "Arguments with the names of global flags.",
  )
}
${
  echo(
    "lab_pair",
    "fooBar: String, foo_bar: String, FooBar: String, foo__bar: String, foobar: String",
    "Names that are nearly one.",
  )
}
${
  echo(
    "lab_properties",
    "constructor: String, toString: String, valueOf: String, hasOwnProperty: Boolean, prototype: String, then: String, length: Int",
    "Names that an object has by itself.",
  )
}
${
  echo(
    "lab_defaults",
    String
      .raw`currency: String = "INR", notes: String, limit_to: Int = 10, size: LabSize = medium, tags: [String!] = ["a", "b"], box: LabBoxInput = { name: "x", size: small }, hostile: String = "$(id) \"q\" \\ \u001b[31m", nothing: String = null, rate: Float = 1.50, open: Boolean = false`,
    "Values that the schema has by itself.",
  )
}
${
  echo(
    "lab_kinds",
    "id: ID, int: Int, float: Float, text: String, flag: Boolean, money: Money, at: DateTime, json: JSON, big: BigInt, email: Email, size: LabSize, sizes: [LabSize!], ints: [Int!], ids: [ID], matrix: [[Int!]!], box: LabBoxInput, boxes: [LabBoxInput!]",
    "Each kind of argument.",
  )
}
${
  echo(
    "lab_old_argument",
    'box: String, crate: String @deprecated(reason: "Use box.")',
    "An argument that is no longer meant.",
  )
}
${
  HOSTILE.map((text, index) =>
    `  ${quoted(`lab.hostile${index}\n${text}`)}\n  lab_hostile_${index}(${quoted(text)} value: String): String ${view}`
  ).join("\n")
}
  "lab.constructor"
  constructor: LabNote ${view}
  toString: String ${view}
  hasOwnProperty(id: ID): Boolean ${view}
  "No bus alias stands here, only text."
  lab_no_alias: String ${view}
  lab_no_description: String ${view}
  "lab.box"
  lab_box(id: ID!): LabBox ${view}
  "lab.boxes"
  lab_boxes(page: Int = 1, per_page: Int = 20, search: String): LabBoxPage ${view}
  "lab.union"
  lab_union(id: ID!): LabThing ${view}
  lab_unions: [LabThing!]! ${view}
  "lab.interface"
  lab_interface(id: ID!): LabNode ${view}
  lab_interfaces: [LabNode!]! ${view}
  lab_scalar: Int! ${view}
  lab_money: Money! ${view}
  lab_flag: Boolean! ${view}
  lab_enum: LabSize! ${view}
  lab_enums: [LabSize!]! ${view}
  lab_json: JSON ${view}
  lab_texts: [String]! ${view}
  lab_matrix: [[Int!]!]! ${view}
  lab_rows: [LabNote!]! ${view}
  lab_empty: [LabNote!]! ${view}
  lab_nothing: LabBox ${view}
  lab_no_page: LabBoxPage ${view}
  lab_null_text: String ${view}
  "lab.fragile"
  lab_fragile(id: ID!): LabFragile ${view}
  lab_fragiles(page: Int = 1, per_page: Int = 20): LabFragilePage ${view}
  lab_fails: LabBox ${view}
  lab_only_objects: LabOnlyObjects ${view}
  lab_object: Object ${view}
  lab_map: Map ${view}
  lab_old(id: ID): LabBox ${view} @deprecated(reason: "Use lab_box.")
  lab_hidden: String @can(permission: "admin.system_settings")
  lab_a_very_long_name_that_no_terminal_has_room_for_but_that_a_module_was_given_all_the_same: String ${view}
}

extend type Mutation {
  "lab.createBox"
  lab_create_box(input: LabBoxInput!): LabBox ${edit}
  "lab.sealBox\nThe answer is incomplete for whoever may not see the seal."
  lab_seal_box(id: ID!): LabFragile ${edit}
  lab_flip(on: Boolean): Boolean! ${edit}
  lab_count(by: Int = 1): Int! ${edit}
  lab_throw(id: ID!): LabThing ${edit}
  lab_do_nothing: LabBox ${edit}
  lab_no_arguments: Boolean! ${edit}
  lab_break: LabBox ${edit}
  lab_old_change(id: ID!): LabBox ${edit} @deprecated(reason: "Use lab_seal_box.")
  lab_pack(items: [LabItemInput!]!, box: ID, note: String): LabEcho ${edit}
}

${LAB_TYPES}`;
