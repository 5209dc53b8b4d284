import { AppError } from "../errors.ts";
import type { System } from "../system/mod.ts";

/** Linux takes 4,096 bytes. */
const LONGEST = 4_096;

/** THE table of autocom's own files: the name in `~/.autocom`, and the variable that moves the file elsewhere. */
export const PLACES = {
  config: { name: "config.toml", variable: "AUTOCOM_CONFIG" },
  credentials: { name: "credentials", variable: "AUTOCOM_CREDENTIALS_FILE" },
  /** Held by who changes a session: see `exclusive.ts`. */
  lock: { name: "session.lock", variable: undefined },
  /** Which origins' sessions were put into the keychain. */
  ledger: { name: "keychain", variable: undefined },
  /** The tenants that were listed last, for completion. */
  tenants: { name: "tenants", variable: undefined },
  /** What a tenant's server offers; one file for each origin and tenant, whose digest ends the name. */
  schema: { name: "schema", variable: undefined },
  /** What is remembered of releases. */
  upgrade: { name: "upgrade-check.json", variable: undefined },
} as const;

export type Place = keyof typeof PLACES;
type World = Pick<System, "env" | "host">;

/**
 * Where a file of autocom's is: at the path that its variable holds, else in `~/.autocom`; undefined without a home.
 *
 * @throws {AppError} `usage`: the path is relative (nothing is read from the working folder), or no path at all
 */
export function findPath({ env, host }: World, place: Place): string | undefined {
  const { name, variable } = PLACES[place];
  const chosen = variable && env[variable];
  if (chosen) return checkPath(variable, chosen, host);
  const { folder, separator = "/" } = homeOf({ env, host });
  return folder && [folder, ".autocom", name].join(separator);
}

/** As {@link findPath}, for what cannot be done without it. */
export function requirePath(system: World, place: "config" | "credentials"): string {
  const path = findPath(system, place);
  if (path) return path;
  const { variable, why } = homeOf(system);
  throw new AppError("config", `there is no place for ${PLACES[place].name}: ${variable} ${why}`, {
    hint: `set ${variable}, or ${PLACES[place].variable} to the full path of a file`,
  });
}

/** The home folder, or why there is none. The root of the file system is nobody's: containers set it for want of one, or /dev/null. */
function homeOf({ env, host }: World): { variable: string; folder?: string; separator?: string; why?: string } {
  const variable = host.os === "windows" ? "USERPROFILE" : "HOME";
  const home = env[variable];
  if (!home) return { variable, why: "is not set" };
  if (home.includes("\ufffd")) return { variable, why: "is not UTF-8 text" };
  const { root, parts, separator } = split(checkPath(variable, home, host), host);
  if (parts.length === 0) return { variable, why: "is the root folder" };
  const folder = root + parts.join(separator);
  return folder === "/dev/null" ? { variable, why: "is /dev/null" } : { variable, folder, separator };
}

/** What makes a path of Windows' full: a drive, or a server and what it shares. */
const DRIVE = /^(?:[a-z]:[\\/]|[\\/]{2}[^\\/]+[\\/]+[^\\/]+(?:[\\/]|$)|[\\/])/i;

/** A full path, its `.` and `..` done. Not by the runtime's `node:path`: that costs half a millisecond of every start. */
function split(path: string, { os }: World["host"]): { root: string; parts: string[]; separator: "/" | "\\" } {
  const [root = "/"] = os === "windows" ? DRIVE.exec(path) ?? [] : [];
  const separator = /[:\\]|.{2}/.test(root) ? "\\" : "/";
  const parts: string[] = [];
  for (const part of path.slice(root.length).split(os === "windows" ? /[\\/]/ : "/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const top = separator === "/" ? root : root.replaceAll("/", separator).replace(/[^\\]$/, "$&\\");
  return { root: top, parts, separator };
}

const RELATIVE = "it is not absolute";

/** A full path as a variable gives it. @throws {AppError} `usage` */
export function checkPath(variable: string, path: string, { os }: World["host"]): string {
  const why = path.length > LONGEST
    ? `it is longer than ${LONGEST} characters`
    // deno-lint-ignore no-control-regex
    : /[\x00-\x1f\x7f]/.test(path)
    ? "it holds a control character"
    : path.includes("\ufffd")
    ? "it is not UTF-8 text"
    : !(os === "windows" ? DRIVE.test(path) : path.startsWith("/"))
    ? RELATIVE
    : undefined;
  if (!why) return path;
  throw new AppError("usage", `cannot use ${variable} ${JSON.stringify(shorten(path))}: ${why}`, {
    hint: why !== RELATIVE
      ? `set ${variable} to another path`
      : path.startsWith("~")
      ? `write the home folder out: only a shell expands "~"`
      : "write the full path, from the root: nothing is read from the working folder",
  });
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
