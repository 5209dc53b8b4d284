/**
 * What is right or wrong on this machine: files, proxy, certificates.
 *
 * @module
 */

import { basename, dirname } from "node:path";
import type { App } from "../app.ts";
import { tokenVariable } from "../auth/mod.ts";
import { AppError, isSystemError } from "../errors.ts";
import {
  checkLock,
  findPath,
  lockOf,
  mayBeThere,
  owned,
  refusals,
  requirePath,
  rooms,
  sessionLock,
  shellQuote,
  unlocked,
} from "../storage/mod.ts";
import { authorities, type FileInfo, proxies, type System } from "../system/mod.ts";
import type { Healthy } from "./examine.ts";

/** It is made by what saves first, where that can be: with a credentials file elsewhere nothing has to be in a home. */
async function absent(system: System, path: string): Promise<Healthy> {
  const nothing = { detail: `${path} is not there yet` };
  if (isElsewhere(system)) return nothing;
  const home = dirname(path);
  const info = await infoAt(system, home);
  if (!info?.isDirectory) {
    const why = info ? "is not a folder of yours" : "is not there";
    return { detail: `${path} may not be made: ${home} ${why}`, warning: "set HOME to a folder of yours", bars: true };
  }
  const error = await unkept(system, findPath(system, "credentials")!);
  return error ? { ...warned(error), bars: true } : nothing;
}

/** Whether the session is where the home folder does not matter. */
function isElsewhere(system: System): boolean {
  return Boolean(tokenVariable(system) || system.env.AUTOCOM_CREDENTIALS_FILE);
}

function warned({ message, hint }: AppError): Healthy {
  return { detail: message, warning: hint! };
}

/** `~/.autocom`: without it, or a credentials file elsewhere, nothing can be renewed, because the lock is there. */
export async function folder({ system }: App): Promise<Healthy> {
  let path: string;
  let info: FileInfo | undefined;
  try {
    path = dirname(findPath(system, "lock") ?? requirePath(system, "credentials"));
    info = await infoAt(system, path);
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== "config" || !isElsewhere(system)) throw error;
    return warned(error);
  }
  const { host } = system;
  if (!info && await mayBeThere(system, path)) throw (await refusals()).linked(path, " to nothing", true);
  if (!info) return await absent(system, path);
  if (!info.isDirectory) {
    throw new AppError("config", `${path} is not a folder`, {
      hint: `mv ${shellQuote(path)} ${shellQuote(`${path}.old`)}`,
    });
  }
  if (host.os === "windows") return { detail: path };
  const detail = `${path}: ${guard(info, host.uid)}`;
  if (info.uid !== host.uid) {
    const hint = await owned(system, findPath(system, "credentials")!, info, true);
    throw new AppError("config", detail, { hint });
  }
  checkOpen(system, path, info, 0o700);
  if (info.mode! & 0o022) {
    throw new AppError("config", `${detail}: others may change it`, { hint: `chmod 700 ${shellQuote(path)}` });
  }
  return { detail };
}

/** @throws {AppError} the folder is this user's, and lacks some of these bits for that */
function checkOpen(system: System, path: string, info: FileInfo, bits: number): void {
  const hint = info.uid === system.host.uid ? unlocked(system, path, info) : undefined;
  if (!hint || (info.mode! & bits) === bits) return;
  const detail = `${path}: ${guard(info, system.host.uid)}: you may not read, change and enter it`;
  throw new AppError("config", detail, { hint });
}

/** @throws {AppError} what is in the folder is out of reach, in the same words for each file in it */
export async function checkReach(system: System, place: "config" | "credentials"): Promise<void> {
  const path = findPath(system, place);
  if (!path) return;
  const info = await infoAt(system, dirname(path), place === "credentials");
  if (info?.isDirectory) checkOpen(system, dirname(path), info, 0o100);
}

/** Every setting can be used, and nobody else could have written the file. */
export async function config({ settings, system }: App): Promise<Healthy> {
  await checkReach(system, "config");
  const problem = (await settings.list()).find((row) => row.problem)?.problem;
  if (problem) throw problem;
  return { detail: await described(system, findPath(system, "config")) };
}

/** Nobody else can read or change the file with the sessions, and one that is renewed can be kept. */
export async function credentials({ sessions, system }: App): Promise<Healthy> {
  const path = findPath(system, "credentials");
  await checkReach(system, "credentials");
  const count = await sessions.inFile();
  const held = count > 0 ? `; ${count === 1 ? "1 session" : `${count} sessions`}` : "";
  const detail = `${await described(system, path)}${held}`;
  const error = path && !tokenVariable(system) ? await unkept(system, path) : undefined;
  // A folder that is not safe, or cannot be made, is told of already, where it is ours.
  return error && (error.message.startsWith("cannot write") || system.env.AUTOCOM_CREDENTIALS_FILE)
    ? { detail: `${detail}; ${error.message}`, warning: error.hint! }
    : { detail };
}

/** Why no file as large as all sessions may be can be kept at `path`; undefined when it can. */
export async function unkept(system: System, path: string): Promise<AppError | undefined> {
  const { replaceable } = await rooms();
  return await replaceable(system, path).then(() => undefined, known);
}

/** Who changes a session or a setting gets the lock for it. */
export async function locks({ system }: App): Promise<Healthy> {
  const session = tokenVariable(system) ? undefined : await sessionLock(system);
  const config = findPath(system, "config");
  // What keeps the settings from being there was told of already.
  const settings = config && await lockOf(system, config).catch(() => undefined);
  const all: [path: string | undefined, secret: boolean][] = [[session, true], [settings, false]];
  const there: string[] = [];
  for (const [path, secret] of all) if (path && await checkLock(system, path, secret)) there.push(basename(path));
  return { detail: there.length > 0 ? `${there.join(" and ")}: yours` : "none yet" };
}

/** A failure of what was tried; a defect ends the command. */
export function known(error: unknown): AppError {
  if (error instanceof AppError) return error;
  throw error;
}

async function described(system: System, path: string | undefined): Promise<string> {
  if (!path) return "no file, and no place for one";
  const info = await infoAt(system, path);
  if (!info) return `no file at ${path}`;
  return system.host.os === "windows" ? path : `${path}: ${guard(info, system.host.uid)}`;
}

async function infoAt(system: System, path: string, secret = true): Promise<FileInfo | undefined> {
  try {
    return await system.files.stat(path);
  } catch (error) {
    if (isSystemError(error, "NotFound") || isSystemError(error, "NotADirectory")) return undefined;
    throw await (await refusals()).explain(system, "look at", path, error, secret);
  }
}

function guard({ mode, uid }: FileInfo, user: number | null): string {
  const owner = uid === user ? "yours" : uid === 0 ? "root's" : `of user ${uid}`;
  return `mode ${(mode! & 0o7777).toString(8).padStart(4, "0")}, ${owner}`;
}

/** Never shows what stands before the @: it is a password. */
export async function proxy({ server, system }: App): Promise<Healthy> {
  const { apiUrl } = await server();
  const { set, used } = await proxies(system.env, new URL(apiUrl));
  if (!set) return { detail: "none" };
  const login = set.url.username || set.url.password ? " with a login" : "";
  const detail = `${set.shown}${login} (from ${set.variable})`;
  return { detail: used ? detail : `${detail}, not used for ${new URL(apiUrl).host}` };
}

/** Also where the address is loopback in clear text, and no command reads them. */
export async function certificates({ env }: System): Promise<Healthy> {
  await authorities(env);
  const roots = env.DENO_TLS_CA_STORE ?? "system and Mozilla";
  const named = ["AUTOCOM_CA_BUNDLE", "SSL_CERT_FILE"].filter((variable) => env[variable]);
  const files = named.map((variable) => `, and ${env[variable]} (from ${variable})`).join("");
  return { detail: `authorities: ${roots}${files}` };
}
