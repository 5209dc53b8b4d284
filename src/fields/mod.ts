/**
 * A row, said once: its type, its check, its GraphQL selection, its columns, its keys.
 *
 * @module
 */

export { checker, isShallow } from "./check.ts";
export { type Field, type Fields, fields, type Row, row, rows, selection } from "./declaration.ts";
export { isSameAmount, sum } from "./exact.ts";
export { amount, DECIMAL, type RawNumber } from "./money.ts";
/** A declaration as JSON Schema; loaded when it is asked for. */
export const describing = () => import("./schema.ts");
/** `--fields`; loaded when it is given. */
export const choosing = () => import("./choose.ts");
export { plainCells, type PlainLine, plainPages } from "./plain.ts";
export { cells, type Column, type View, view } from "./view.ts";
