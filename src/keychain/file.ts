import {
  type Disk,
  findPath,
  readPrivate,
  removePrivate,
  requirePath,
  writePrivate,
  type Writer,
} from "../storage/mod.ts";
import type { System } from "../system/mod.ts";

/** Sessions by the origin they belong to. */
export type Sessions = Record<string, StoredSession>;

/** The two entries of a session, as the keychain keeps them; their members are checked by who reads them. */
export interface StoredSession {
  refresh?: Record<string, unknown>;
  access?: Record<string, unknown>;
}

/** In bytes: about a dozen sessions. */
const LIMIT = 65_536;

/** Where the credentials file is, there or not. @throws {AppError} `usage` or `config` when there is no such path */
export function credentialsPath(system: Pick<System, "env" | "host">): string {
  return requirePath(system, "credentials");
}

/**
 * The sessions of the credentials file; none when there is no file, and no home to have one in.
 *
 * @throws {AppError} `config`: the file is damaged, or others can read or change it
 */
export async function readSessions(system: Disk & Pick<System, "env">): Promise<Sessions> {
  const path = findPath(system, "credentials");
  const text = path && await readPrivate(system, path, { limit: LIMIT, secret: true });
  const sessions = path && text !== undefined ? parse(text) : empty();
  if (sessions) return sessions;
  throw new (await unfit()).Damaged(path!);
}

/**
 * Replaces the sessions of the file by what `change` makes of them; the file goes with the last one. The caller holds
 * the lock of the sessions.
 *
 * @throws {AppError} `config`: as {@link readSessions}, or the file cannot be written; then it is as it was
 */
export async function changeSessions(
  system: Writer & Pick<System, "env">,
  change: (sessions: Sessions) => Sessions,
): Promise<void> {
  const path = credentialsPath(system);
  const changed = async () => change(await readSessions(system));
  const sessions = await changed();
  if (Object.keys(sessions).length === 0) {
    await removePrivate(system, path);
    return;
  }
  const written = async (sessions: Sessions) => {
    const text = JSON.stringify({ v: 1, sessions }) + "\n";
    if (new TextEncoder().encode(text).length > LIMIT) {
      throw (await unfit()).tooLarge(path, LIMIT);
    }
    return text;
  };
  const again = async () => await written(await changed());
  await writePrivate(system, path, await written(sessions), { secret: true, again });
}

/** What is loaded when the file is none. */
export const unfit = () => import("./unfit.ts");

/** Undefined: it is damaged. */
function parse(text: string): Sessions | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    data = undefined;
  }
  if (isRecord(data) && data.v === 1 && isRecord(data.sessions)) {
    const sessions = Object.entries(data.sessions);
    if (sessions.every((entry): entry is [string, StoredSession] => isSession(entry[1]))) {
      return Object.assign(empty(), Object.fromEntries(sessions));
    }
  }
  return undefined;
}

/** Without a prototype: an origin is looked up, never `constructor`. */
function empty(): Sessions {
  return Object.create(null);
}

function isSession(value: unknown): value is StoredSession {
  return isRecord(value) && isEntry(value.refresh) && isEntry(value.access);
}

function isEntry(value: unknown): boolean {
  return value === undefined || isRecord(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
