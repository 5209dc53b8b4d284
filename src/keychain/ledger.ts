import { findPath, readPrivate, removePrivate, writePrivate, type Writer } from "../storage/mod.ts";
import type { System } from "../system/mod.ts";

/**
 * Whose session was put into the keychain and not seen gone since: one origin a line, in a file without secrets. By it a
 * keychain that is out of reach just now (another login of the same person, a job of cron's) is told from a machine that
 * never had one: the first may hold a session, the second does not.
 */
const LEDGER = "ledger";
/** In bytes: some hundred origins. */
const LIMIT = 65_536;

type Place = Writer & Pick<System, "env">;

/** @throws {AppError} `config`: nobody can tell, the file cannot be read */
export async function mayHold(system: Place, origin: string): Promise<boolean> {
  return (await read(system)).includes(origin);
}

/**
 * Notes it before something is kept, and forgets it once it is proved gone. The caller holds the lock of the sessions.
 *
 * @throws {AppError} `config`: the file cannot be read or written
 */
export async function note(system: Place, origin: string, kept: boolean): Promise<void> {
  const [path, origins] = [findPath(system, LEDGER), await read(system)];
  if (!path || origins.includes(origin) === kept) return;
  const rest = origins.filter((other) => other !== origin);
  const lines = [...rest, ...kept ? [origin] : []].map((line) => `${line}\n`);
  if (lines.length === 0) await removePrivate(system, path);
  else await writePrivate(system, path, lines.join(""), { secret: false });
}

async function read(system: Place): Promise<string[]> {
  const path = findPath(system, LEDGER);
  const text = path && await readPrivate(system, path, { limit: LIMIT, secret: false });
  return (text ?? "").split(/\s+/).filter(Boolean); // also as an editor saves it: CRLF, a byte order mark
}
