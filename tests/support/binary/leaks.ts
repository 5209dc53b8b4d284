/**
 * Where a secret may be, and where it was: what a program printed, what it and its children were started with, what they
 * wrote and where to, and what is left on the disk.
 *
 * @module
 */

import { join } from "node:path";
import type { Exchange } from "./stage.ts";

/** Secret → what it is. */
export type Secrets = Map<string, string>;

/** What a run may do with secrets. */
export interface Allowed {
  /** Port of the platform on loopback. */
  port: string;
  /** The session is in a keyring: pipes and sockets lead to it. */
  keyring?: boolean;
  /** stdout is a secret, as `auth token`'s is. */
  out?: boolean;
  /** The program's own arguments hold one, as `--with-token`'s. */
  argv?: boolean;
}

export interface Seen {
  out: string;
  err: string;
  /** Lines of strace. */
  trace: string[];
}

/** A script that starts a program so that {@link readTrace} can tell what it and its children did. */
export function tracing(binary: string, trace: string): string {
  const calls = "execve,write,writev,pwrite64,pwritev,sendto,sendmsg,sendmmsg";
  const options = `-f -qq -v -yy -s 1000000 --seccomp-bpf -e signal=none -e trace=${calls}`;
  return `#!/bin/sh\nexec strace ${options} -o '${trace}' '${binary}' "$@"\n`;
}

export async function readTrace(path: string): Promise<string[]> {
  return (await Deno.readTextFile(path)).trimEnd().split("\n");
}

/** All secrets in what a platform was asked and answered; `others` were on no wire, or before. */
export function secretsOf(exchanges: Exchange[], others: Record<string, string | undefined>): Secrets {
  const found: Secrets = new Map();
  const add = (what: string, secret: string | null | undefined) => {
    if (!secret || found.has(secret)) return;
    found.set(secret, what);
    const signature = /^eyJ[\w-]+\.[\w-]+\.([\w-]+)$/.exec(secret)?.[1];
    if (signature) found.set(signature, `${what}'s signature`);
  };
  for (const [what, secret] of Object.entries(others)) add(what, secret);
  for (const { url, headers, body, answer } of exchanges) {
    const { pathname, searchParams } = new URL(url);
    add("access token", /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1]);
    for (const [, value] of (headers.cookie ?? "").matchAll(/=([^;]{16,})/g)) add("cookie", value);
    add("state", searchParams.get("state"));
    if (pathname !== "/oauth/token") continue;
    const form = new URLSearchParams(body);
    add("code", form.get("code"));
    add("verifier", form.get("code_verifier"));
    add("refresh token", form.get("refresh_token"));
    const given = answer.startsWith("{") ? JSON.parse(answer) : {};
    add("access token", given.access_token);
    add("refresh token", given.refresh_token);
  }
  return found;
}

/** Every place where a secret was and should not have been. `used` counts the places where it had to be. */
export function leaks({ out, err, trace }: Seen, secrets: Secrets, allowed: Allowed, used = { count: 0 }): string[] {
  const found = new Set<string>();
  const look = (where: string, text: string, fine = false) => {
    const bare = withoutAuthorizeUrls(text);
    for (const [secret, what] of secrets) {
      if (!bare.includes(secret)) continue;
      if (fine) used.count++;
      else found.add(`${what} in ${where}`);
    }
  };
  look("stdout", out, allowed.out);
  look("stderr", err);
  for (const [index, line] of trace.entries()) {
    const [, program] = /^\d+ +execve\("([^"]*)"/.exec(line) ?? [];
    if (program !== undefined) {
      const [argv, environment = ""] = line.split(/\], (?=\[|0x)/) as [string, string?];
      const own = index === 0; // started by the person, who may have given it a token to use
      look(`the arguments of ${program}`, argv, own && allowed.argv);
      if (!own) look(`the environment of ${program}`, environment);
      continue;
    }
    const [, call, fd, target = ""] = /^\d+ +(\w+)\((\d+)<(.*?)>, /.exec(line) ?? [];
    const printed = Number(fd) <= 2 && /^(pipe|UNIX)/.test(target); // looked at above, or a child's to its parent
    if (!printed) look(`${call} to ${target}`, line, isStore(target, allowed));
  }
  return [...found];
}

/** The platform's socket, the session's file while it is written, and the way to the keyring. */
function isStore(target: string, { port, keyring }: Allowed): boolean {
  if (target.startsWith("TCP:")) return target.endsWith(`->127.0.0.1:${port}]`);
  if (/^(pipe|UNIX)/.test(target)) return keyring ?? false;
  return /\/\.autocom\/\.credentials\.[0-9a-f]{16}\.tmp$/.test(target);
}

/** The address that is shown and opened holds its own state, and the challenge. */
function withoutAuthorizeUrls(text: string): string {
  return text.replace(/http:\/\/127\.0\.0\.1:\d+\/oauth\/authorize\?[^\s"\\]+/g, "");
}

/** Files of ours, and those that the examples of an export name. */
const KNOWN =
  /^cwd\/(may|products|vip)\.csv$|^\.autocom\/(config\.toml|\.config\.toml\.lock|session\.lock|keychain|credentials|schema-[0-9a-f]{16}(\.lock)?|introspection\.json|tenants)$/;

/** What is wrong with the files in a HOME: that nobody knows them, or that they hold a secret. */
export async function strayFiles(home: string, secrets: Secrets): Promise<string[]> {
  const found: string[] = [];
  const walk = async (folder: string) => {
    for await (const { name, isDirectory, isFile } of Deno.readDir(join(home, folder))) {
      const path = join(folder, name);
      if (isDirectory) await walk(path);
      if (!isFile) continue;
      if (!KNOWN.test(path)) found.push(`stray file ${path}`);
      const text = await Deno.readTextFile(join(home, path));
      const store = path === join(".autocom", "credentials");
      for (const [secret, what] of secrets) if (!store && text.includes(secret)) found.push(`${what} in ${path}`);
    }
  };
  await walk("");
  return found;
}
