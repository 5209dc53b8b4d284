import { isAbsolute, join } from "node:path";
import { AppError } from "../errors.ts";
import type { System } from "../system/mod.ts";

/** Linux takes 4,096 bytes. */
const LONGEST = 4_096;

/**
 * Where a file of autocom's is: at the path that `variable` holds, else at `~/.autocom/<name>`; undefined without a home.
 *
 * @throws {AppError} `usage`: the path is relative (nothing is read from the working folder), or no path at all
 */
export function findPath(
  { env, host }: Pick<System, "env" | "host">,
  name: string,
  variable?: string,
): string | undefined {
  const chosen = variable && env[variable];
  if (chosen) return checkPath(variable, chosen);
  const homeVariable = host.os === "windows" ? "USERPROFILE" : "HOME";
  const home = env[homeVariable];
  return home && join(checkPath(homeVariable, home), ".autocom", name);
}

/** As {@link findPath}, for what cannot be done without it. */
export function requirePath(system: Pick<System, "env" | "host">, name: string, variable?: string): string {
  const path = findPath(system, name, variable);
  if (path) return path;
  const home = system.host.os === "windows" ? "USERPROFILE" : "HOME";
  throw new AppError("config", `there is no place for ${name}: ${home} is not set`, {
    hint: `set ${home}${variable ? `, or ${variable} to the full path of a file` : ""}`,
  });
}

function checkPath(variable: string, path: string): string {
  // deno-lint-ignore no-control-regex
  const why = /[\x00-\x1f\x7f]/.test(path)
    ? "it holds a control character"
    : path.length > LONGEST
    ? `it is longer than ${LONGEST} characters`
    : !isAbsolute(path)
    ? "it is not absolute"
    : undefined;
  if (!why) return path;
  throw new AppError("usage", `cannot use ${variable} ${JSON.stringify(shorten(path))}: ${why}`, {
    hint: path.startsWith("~")
      ? `write the home folder out: only a shell expands "~"`
      : "write the full path, from the root: nothing is read from the working folder",
  });
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
