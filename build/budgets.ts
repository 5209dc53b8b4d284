/**
 * What a start loads, in bytes, path by path: 40 µs a kilobyte. A build that exceeds one is refused.
 *
 * @module
 */

import { type Chunks, loadedWith } from "./merge.ts";
import { BuildError } from "./process.ts";

interface Budget {
  /** What is typed. */
  path: string;
  /** The chunks that are imported on its way, by the beginning of their names or by what they hold. */
  loads: readonly (string | RegExp)[];
  /** Bytes. */
  limit: number;
  /** What it loads stands in the program as bytecode, too: see bytecode.ts. */
  bytecode?: true;
}

const SCHEMA = /it is a subscription, and those/;
export const GRAPHQL = /the document is given twice/;
const LOGIN = /summary:"log in, through the browser/;
const LOGGING_IN = /The session is kept in/;
const CALLING = /was not called/;
/** The noun `call`. */
const CALL = /> stands for a name/;

/** Of Linux, whose look-up is the longest; and a file of settings, which a login leaves. */
const KEYCHAIN = ["execute", "read", "toml", "store", "stored", "linux"];

export const BUDGETS: readonly Budget[] = [
  { path: "--version", loads: [], limit: 12_600 },
  { path: "__complete", loads: ["completing", "describe"], limit: 67_450, bytecode: true },
  { path: "__complete, names of call", loads: ["completing", "describe", "remembered"], limit: 87_000, bytecode: true },
  { path: "orders list --help", loads: ["explaining", "describe", "help"], limit: 68_020, bytecode: true },
  {
    path: "call OPERATION --help",
    loads: ["explaining", "describe", "help", "remembered", SCHEMA],
    limit: 103_800,
    bytecode: true,
  },
  { path: "orders list", loads: ["execute"], limit: 81_800, bytecode: true },
  { path: "orders list, with a session in the keychain", loads: KEYCHAIN, limit: 123_700, bytecode: true },
  { path: "orders list -o table", loads: ["execute", "table"], limit: 86_500, bytecode: true },
  { path: "orders list, with the version check", loads: ["execute", "check"], limit: 92_500, bytecode: true },
  {
    path: "auth login",
    loads: ["execute", LOGIN, LOGGING_IN, "authorize", "grant", "store", "keeping"],
    limit: 149_800,
  },
  {
    path: "call, a query",
    loads: ["execute", CALL, SCHEMA, "called", "source", "outcome"],
    limit: 117_800,
    bytecode: true,
  },
  { path: "call", loads: ["execute", CALL, SCHEMA, CALLING, "source", "outcome"], limit: 108_300 },
  { path: "graphql", loads: ["execute", GRAPHQL, "document", "judge"], limit: 143_800 },
];

/** The bytes of each path; {@link BuildError} when one is over its limit. */
export function weigh(chunks: Chunks, budgets = BUDGETS): { path: string; bytes: number; limit: number }[] {
  const weighed = budgets.map(({ path, loads, limit }) => {
    const bytes = [...loadedBy(loads, chunks)].reduce(
      (sum, name) => sum + new TextEncoder().encode(chunks.get(name)).length,
      0,
    );
    return { path, bytes, limit };
  });
  const over = weighed.filter(({ bytes, limit }) => bytes > limit);
  if (over.length === 0) return weighed;
  const said = over.map(({ path, bytes, limit }) => `"${path}" loads ${bytes} bytes, its budget is ${limit}`);
  throw new BuildError(`${said.join("; ")}: load later what it does not need (build/budgets.ts)`);
}

/** Names of the chunks that a path loads. */
export function loadedBy(loads: Budget["loads"], chunks: Chunks): Set<string> {
  const loaded = new Set<string>();
  for (const name of ["main.js", ...loads.map((load) => find(chunks, load))]) loadedWith(name, chunks, loaded);
  return loaded;
}

/** The chunk of that name, or that holds that; {@link BuildError} when there is none or another. */
export function find(chunks: Chunks, load: string | RegExp): string {
  const found = [...chunks].filter(([name, text]) =>
    typeof load === "string" ? new RegExp(`^${load}-\\d+\\.js$`).test(name) : load.test(text)
  );
  const [first, other] = found;
  if (first && !other) return first[0];
  throw new BuildError(`${found.length === 0 ? "no chunk" : "more than one chunk"} of the bundle is "${load}"`);
}
