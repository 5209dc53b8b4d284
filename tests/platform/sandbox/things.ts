/**
 * What the generated modules answer: a plausible value for every type, the same in every run, and what was changed.
 *
 * @module
 */

import { crc32 } from "node:zlib";
import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
} from "graphql";
import type { Input, Value } from "./incoming.ts";
import type { Place } from "./place.ts";
import { Refused } from "./refused.ts";
import { decimal, uuidOf } from "./seed.ts";
import { between, integer, maxText, min, nullable, text, validate } from "./validation.ts";

/** A thing of a module: what it was given, else what its type and key make of it. */
export class Thing {
  constructor(readonly __typename: string, readonly key: string, readonly values: Record<string, unknown> = {}) {}

  field(place: Place, info: GraphQLResolveInfo, args: Input): unknown {
    const { fieldName, returnType } = info;
    if (Object.hasOwn(this.values, fieldName)) return this.values[fieldName];
    if (fieldName === "broken" && args.on === true) throw new Error("it is broken");
    return valueOf(place, info, returnType, `${this.key}.${fieldName}`, fieldName);
  }
}

/** Carries out a field of Query or Mutation that a module brought. */
export function carryOut(place: Place, args: Input, info: GraphQLResolveInfo): unknown {
  const { fieldName, returnType, parentType } = info;
  if (Object.hasOwn(LAB, fieldName)) return LAB[fieldName]!(args);
  const type = isNonNullType(returnType) ? returnType.ofType : returnType;
  if (isObjectType(type)) {
    if (type.name === "LabEcho") return echo(args, info);
    const rows = pageOf(type);
    if (rows) return page(place, rows, args);
    if (typeof args.id === "string") return changed(find(place, type, args.id), args, parentType.name === "Mutation");
    if (parentType.name === "Mutation") return made(place, type, args);
  }
  if (isListType(type) && isNonNullType(type.ofType) && isObjectType(type.ofType.ofType)) {
    return all(place, type.ofType.ofType).slice(0, 20);
  }
  if (parentType.name === "Mutation" && String(type) === "Boolean") return true;
  return valueOf(place, info, returnType, fieldName, fieldName);
}

const fails = (): never => {
  throw new Error("it fails");
};

/** The operations of the lab that answer what they are named by. */
const LAB: Record<string, (args: Input) => unknown> = {
  lab_nothing: () => null,
  lab_no_page: () => null,
  lab_null_text: () => null,
  lab_do_nothing: () => null,
  lab_empty: () => [],
  lab_fails: fails,
  lab_break: fails,
  lab_flip: ({ on }) => on ?? true,
  lab_count: ({ by }) => by,
};

/** What was given, by name, and every argument with its default. */
function echo(args: Input, info: GraphQLResolveInfo) {
  const given = (info.fieldNodes[0]!.arguments ?? []).filter(({ value }) =>
    value.kind !== Kind.VARIABLE || Object.hasOwn(info.variableValues.coerced, value.name.value)
  );
  return { operation: info.fieldName, given: given.map(({ name }) => name.value), args: JSON.stringify(args) };
}

/** The type of a page's rows; undefined for what is no page. */
function pageOf(type: GraphQLObjectType): GraphQLObjectType | undefined {
  const { data, meta } = type.getFields();
  if (!data || !meta) return undefined;
  return (data.type as { ofType: { ofType: { ofType: GraphQLObjectType } } }).ofType.ofType.ofType;
}

function all({ platform, tenant }: Place, type: GraphQLObjectType): Thing[] {
  const name = `${tenant.id}/${type.name}`;
  let things = platform.things.get(name) as Thing[] | undefined;
  if (!things) {
    const count = 3 + crc32(name) % 58;
    things = Array.from({ length: count }, (_, n) => {
      const key = `${name}/${n + 1}`;
      return new Thing(type.name, key, { id: uuidOf(key), name: `${words(type.name)} ${n + 1}` });
    });
    platform.things.set(name, things);
  }
  return things;
}

function page(place: Place, type: GraphQLObjectType, args: Input) {
  const { page = 1, per_page = 20, search } = validate(args, {
    page: [nullable, integer, min(1)],
    per_page: [nullable, integer, between(1, 100)],
    search: [nullable, text, maxText(100)],
  });
  const term = String(search ?? "").toLowerCase();
  const found = all(place, type).filter(({ values, key }) =>
    String(values.name).toLowerCase().includes(term) &&
    (args.status == null || (values.status ?? statusOf(type, key)) === args.status)
  );
  const [at, size] = [Number(page ?? 1), Number(per_page ?? 20)];
  return {
    data: found.slice((at - 1) * size, at * size),
    meta: {
      current_page: at,
      total_pages: Math.max(1, Math.ceil(found.length / size)),
      total_items: found.length,
      per_page: size,
    },
  };
}

function statusOf(type: GraphQLObjectType, key: string): unknown {
  const status = type.getFields().status?.type;
  return status && oneOf(status, `${key}.status`);
}

function oneOf(type: GraphQLOutputType, key: string): unknown {
  const named = isNonNullType(type) ? type.ofType : type;
  if (!isEnumType(named)) return undefined;
  const values = named.getValues();
  return values[crc32(key) % values.length]!.value;
}

function find(place: Place, type: GraphQLObjectType, id: string): Thing {
  const thing = all(place, type).find(({ values }) => values.id === id);
  if (!thing) throw new Refused("NOT_FOUND", `There is no such ${words(type.name)}.`);
  return thing;
}

function changed(thing: Thing, { input }: Input, mutation: boolean): Thing {
  if (mutation) Object.assign(thing.values, input as Record<string, Value> ?? {});
  return thing;
}

function made(place: Place, type: GraphQLObjectType, { input }: Input): Thing {
  const things = all(place, type);
  const key = `${place.tenant.id}/${type.name}/${things.length + 1}`;
  const thing = new Thing(type.name, key, { ...input as Record<string, Value>, id: uuidOf(key) });
  things.push(thing);
  return thing;
}

function valueOf(
  place: Place,
  info: GraphQLResolveInfo,
  type: GraphQLOutputType,
  key: string,
  name: string,
): unknown {
  if (isNonNullType(type)) {
    return valueOf(place, info, type.ofType, key, name) ?? plain(type.ofType.toString(), key, name);
  }
  const digits = crc32(key);
  if (isListType(type)) {
    return Array.from({ length: 1 + digits % 3 }, (_, n) => valueOf(place, info, type.ofType, `${key}.${n}`, name));
  }
  if (isEnumType(type)) return oneOf(type, key);
  if (isAbstractType(type)) {
    const types = info.schema.getPossibleTypes(type);
    return valueOf(place, info, types[digits % types.length]!, key, name);
  }
  if (!isObjectType(type)) return digits % 7 === 0 ? null : plain(type.name, key, name);
  const table = ROWS[type.name];
  if (table) {
    const rows = place.db.all(`select * from ${table} order by id limit 20`);
    return rows[digits % rows.length] ?? null;
  }
  const things = all(place, type);
  return things[digits % things.length];
}

/** The small schema's types that modules lead to. */
const ROWS: Record<string, string> = { Order: "orders", Customer: "customers", Product: "products" };

/** A scalar's value. */
function plain(type: string, key: string, name: string): unknown {
  const digits = crc32(key);
  switch (type) {
    case "Int":
      return digits % 1000;
    case "Float":
      return digits % 10_000 / 100;
    case "Boolean":
      return digits % 2 === 0;
    case "Money":
      return decimal(digits % 10_000_000);
    case "DateTime":
      return new Date(Date.UTC(2026, 0, 1) + digits % 30_000_000 * 1000).toISOString().replace(".000", "");
    case "ID":
      return uuidOf(key);
    case "JSON":
      return { n: digits % 100, text: 'a "text"', list: [1, null, true] };
    case "BigInt":
      return `90071992547${digits}`;
    case "Email":
      return `person${digits % 100}@example.test`;
  }
  if (name === "currency") return "INR";
  if (name === "mobileNo") return `+9198${String(digits).slice(0, 8).padStart(8, "0")}`;
  return `${words(name)} ${digits % 1000}`;
}

const words = (name: string): string =>
  name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).replaceAll("_", " ").toLowerCase().trim();
