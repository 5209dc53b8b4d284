/**
 * What is right or wrong on this machine: files, proxy, certificates.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import type { App } from "../app.ts";
import { tokenVariable } from "../auth/mod.ts";
import { AppError, isSystemError } from "../errors.ts";
import {
  findPath,
  mayBeThere,
  refusals,
  removePrivate,
  requirePath,
  shellQuote,
  writePrivate,
} from "../storage/mod.ts";
import { authorities, type FileInfo, proxies, type System } from "../system/mod.ts";
import type { Healthy } from "./examine.ts";

/** It is made by what saves first, where that can be: with a credentials file elsewhere nothing has to be in a home. */
async function absent(system: System, path: string): Promise<Healthy> {
  const { env, host } = system;
  const home = dirname(path);
  const info = await infoAt(system, home);
  const isOwn = info?.isDirectory && (host.os === "windows" || info.uid === host.uid);
  if (isOwn || tokenVariable(system) || env.AUTOCOM_CREDENTIALS_FILE) return { detail: `${path} is not there yet` };
  const why = info ? "is not a folder of yours" : "is not there";
  return { detail: `${path} may not be made: ${home} ${why}`, warning: "set HOME to a folder of yours" };
}

/** `~/.autocom`: without it, or a credentials file elsewhere, nothing can be renewed, because the lock is there. */
export async function folder({ system }: App): Promise<Healthy> {
  let path: string;
  try {
    path = dirname(findPath(system, "lock") ?? requirePath(system, "credentials"));
  } catch (error) {
    // A token needs no folder.
    if (!(error instanceof AppError) || error.kind !== "config" || !tokenVariable(system)) throw error;
    return { detail: error.message, warning: error.hint! };
  }
  const { host } = system;
  const info = await infoAt(system, path);
  if (!info && await mayBeThere(system, path)) throw (await refusals()).linked(path, " to nothing", true);
  if (!info) return await absent(system, path);
  if (!info.isDirectory) {
    throw new AppError("config", `${path} is not a folder`, {
      hint: `mv ${shellQuote(path)} ${shellQuote(`${path}.old`)}`,
    });
  }
  if (host.os === "windows") return { detail: path };
  const detail = `${path}: ${guard(info, host.uid)}`;
  if (info.uid !== host.uid) throw new AppError("config", detail, { hint: `sudo chown "$USER" ${shellQuote(path)}` });
  if (info.mode! & 0o022) {
    throw new AppError("config", `${detail}: others may change it`, { hint: `chmod 700 ${shellQuote(path)}` });
  }
  return { detail };
}

/** Every setting can be used, and nobody else could have written the file. */
export async function config({ settings, system }: App): Promise<Healthy> {
  const problem = (await settings.list()).find((row) => row.problem)?.problem;
  if (problem) throw problem;
  return { detail: await described(system, findPath(system, "config")) };
}

/** Nobody else can read or change the file with the sessions, and one that is renewed can be kept. */
export async function credentials({ sessions, system }: App): Promise<Healthy> {
  const count = await sessions.inFile();
  const path = findPath(system, "credentials");
  const held = count > 0 ? `; ${count === 1 ? "1 session" : `${count} sessions`}` : "";
  const detail = `${await described(system, path)}${held}`;
  const error = path && !tokenVariable(system) ? await unkept(system, path) : undefined;
  return error ? { detail: `${detail}; ${error.message}`, warning: error.hint! } : { detail };
}

/** Why the folder of `path` takes no file as large as all sessions may be; undefined when it does, or is not there. */
async function unkept(system: System, path: string): Promise<AppError | undefined> {
  const folder = dirname(path);
  if (!(await infoAt(system, folder))?.isDirectory) return undefined;
  // A name that nobody else's file has; a run that is cut off leaves what the next one that keeps a session removes.
  const trial = join(folder, `.${basename(path)}.${system.random.bytes(8).toHex()}.tmp`);
  try {
    await writePrivate(system, trial, " ".repeat(65_536), { secret: true });
    await removePrivate(system, trial);
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // A folder that is not safe is told of already, where it is ours.
    if (!error.message.startsWith("cannot") && !system.env.AUTOCOM_CREDENTIALS_FILE) return undefined;
    return new AppError(error.kind, error.message.replace(trial, path), error);
  }
}

async function described(system: System, path: string | undefined): Promise<string> {
  if (!path) return "no file, and no place for one";
  const info = await infoAt(system, path);
  if (!info) return `no file at ${path}`;
  return system.host.os === "windows" ? path : `${path}: ${guard(info, system.host.uid)}`;
}

async function infoAt({ files }: System, path: string): Promise<FileInfo | undefined> {
  try {
    return await files.stat(path);
  } catch (error) {
    if (isSystemError(error, "NotFound") || isSystemError(error, "NotADirectory")) return undefined;
    throw new AppError("config", `cannot look at ${path}: ${(error as Error).name}`, {
      hint: `ls -ld ${shellQuote(path)}`,
    });
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
