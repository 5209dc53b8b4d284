/**
 * Source maps, as far as a trace and an SBOM need them. https://tc39.es/ecma426/
 *
 * @module
 */

export interface SourceMap {
  version: 3;
  sources: string[];
  names: string[];
  mappings: string;
}

/** A place in the bundle and the one it came from; lines and columns from 0. */
export interface Mapping {
  line: number;
  column: number;
  source: number;
  sourceLine: number;
  sourceColumn: number;
  name?: number;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function decode(mappings: string): Mapping[] {
  const found: Mapping[] = [];
  const last = [0, 0, 0, 0, 0];
  mappings.split(";").forEach((text, line) => {
    last[0] = 0;
    for (const segment of text.split(",").filter(Boolean)) {
      const fields = numbers(segment);
      fields.forEach((field, index) => last[index]! += field);
      if (fields.length < 4) continue;
      const [column, source, sourceLine, sourceColumn, name] = last as [number, number, number, number, number];
      found.push({ line, column, source, sourceLine, sourceColumn, ...fields.length > 4 && { name } });
    }
  });
  return found;
}

/** The mappings in the order of their places in the bundle. */
export function encode(mappings: readonly Mapping[]): string {
  const lines: string[][] = [];
  const last = { column: 0, source: 0, sourceLine: 0, sourceColumn: 0, name: 0 };
  for (const mapping of mappings) {
    while (lines.length <= mapping.line) {
      lines.push([]);
      last.column = 0;
    }
    const fields = ["column", "source", "sourceLine", "sourceColumn", "name"] as const;
    const written = fields.flatMap((field) => {
      const value = mapping[field];
      if (value === undefined) return [];
      const difference = value - last[field];
      last[field] = value;
      return [digits(difference)];
    });
    lines[mapping.line]!.push(written.join(""));
  }
  return lines.map((line) => line.join()).join(";");
}

function numbers(segment: string): number[] {
  const values: number[] = [];
  let [value, shift] = [0, 0];
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    if (digit & 32) shift += 5;
    else {
      values.push(value & 1 ? -(value >>> 1) : value >>> 1);
      [value, shift] = [0, 0];
    }
  }
  return values;
}

function digits(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = "";
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}
