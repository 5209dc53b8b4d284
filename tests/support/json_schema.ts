/**
 * Why a value is not of a JSON Schema, as far as `commands -o json` writes one; undefined when it is. A keyword that is not
 * known here is refused, so that none is passed over.
 *
 * @module
 */

export interface JsonSchema {
  type?: string | string[];
  format?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: false;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
}

const KNOWN = ["type", "format", "description", "properties", "required", "additionalProperties", "items", "anyOf"];

export function mismatch(schema: JsonSchema, value: unknown, at = "it"): string | undefined {
  const strange = Object.keys(schema).find((keyword) => !KNOWN.includes(keyword));
  if (strange) return `${at}: unknown keyword ${strange}`;
  const { type, format, properties = {}, required = [], additionalProperties, items, anyOf } = schema;
  const wrong = anyOf?.map((one) => mismatch(one, value, at));
  if (wrong?.every((why) => why !== undefined)) return wrong.join("; ");
  const is = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  if (type !== undefined && ![type].flat().includes(is)) return `${at} is ${is}, not ${type}`;
  if (format === "date-time" && Number.isNaN(Date.parse(String(value)))) return `${at} is not an instant: ${value}`;
  if (is === "array") {
    return items && (value as unknown[]).map((one, i) => mismatch(items, one, `${at}[${i}]`)).find((why) => why);
  }
  if (is !== "object") return undefined;
  const members = value as Record<string, unknown>;
  const absent = required.find((name) => !Object.hasOwn(members, name));
  if (absent !== undefined) return `${at}.${absent} is missing`;
  const other = Object.keys(members).find((name) => !Object.hasOwn(properties, name));
  if (other !== undefined && additionalProperties === false) return `${at}.${other} is not declared`;
  return Object.entries(properties).filter(([name]) => Object.hasOwn(members, name))
    .map(([name, one]) => mismatch(one, members[name], `${at}.${name}`)).find((why) => why);
}
