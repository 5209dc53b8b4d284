/**
 * Rows into a file that is whole or not there: CSV, JSON Lines, XLSX. Loaded by `export` alone.
 *
 * @module
 */

export { exporting } from "./exporting.ts";
