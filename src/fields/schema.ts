/**
 * A declaration as JSON Schema, for whoever reads our output with a program.
 *
 * @module
 */

import type { Field, Fields, Kinds } from "./declaration.ts";

const TYPES: Record<keyof Kinds, Record<string, unknown>> = {
  text: { type: "string" },
  instant: { type: "string", format: "date-time" },
  money: { type: "number", description: "a decimal: the digits are the server's" },
  number: { type: "number" },
  switch: { type: "boolean" },
  texts: { type: "array", items: { type: "string" } },
  value: { type: ["string", "number", "boolean"] },
  data: {},
};

/** The object that JSON and YAML print for one row. */
export function schema(of: Fields): Record<string, unknown> {
  const properties = Object.fromEntries(Object.entries(of).map(([name, field]) => [name, property(field)]));
  return { type: "object", properties, required: Object.keys(of), additionalProperties: false };
}

function property(field: Field): Record<string, unknown> {
  const plain = "of" in field
    ? field.is === "row" ? schema(field.of) : { type: "array", items: schema(field.of) }
    : TYPES[field.is];
  const said = field.about ? { ...plain, description: field.about } : plain;
  return field.nullable ? { anyOf: [said, { type: "null" }] } : said;
}
