import { AppError } from "../errors.ts";
import { findPath, homeless, readPrivate, removePrivate, writePrivate, type Writer } from "../storage/mod.ts";
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

/** Nobody can tell what the keychain was given: the ledger cannot be read. */
export class Untold extends AppError {}

/** @throws {Untold} */
export async function mayHold(system: Place, origin: string): Promise<boolean> {
  try {
    return (await read(system, await where(system))).includes(origin);
  } catch (error) {
    throw error instanceof AppError ? new Untold(error.kind, error.message, error) : error;
  }
}

/**
 * Notes it before something is kept, and forgets it once it is proved gone. The caller holds the lock of the sessions.
 *
 * @throws {AppError} `config`: the file cannot be read or written
 */
export async function note(system: Place, origin: string, kept: boolean): Promise<void> {
  const found = await where(system);
  const { path } = found;
  const origins = await read(system, found);
  if (!path || origins.includes(origin) === kept) return;
  const noted = (origins: string[]) =>
    [...origins.filter((other) => other !== origin), ...kept ? [origin] : []].map((line) => `${line}\n`).join("");
  const again = async () => noted(await read(system, found));
  const text = noted(origins);
  if (text !== "") return await writePrivate(system, path, text, { secret: found.secret, again });
  await removePrivate(system, path).catch(async (error) => {
    // What may be left beside it holds no secret.
    if ((await read(system, found)).length > 0) throw error;
  });
}

interface Where {
  path: string | undefined;
  secret: boolean;
}

/** In the home. Without one beside the credentials file: there it is trusted as that is, and a refusal names that variable. */
async function where(system: Place): Promise<Where> {
  const path = findPath(system, LEDGER);
  return path ? { path, secret: false } : { path: (await homeless()).beside(system, LEDGER), secret: true };
}

async function read(system: Place, { path, secret }: Where): Promise<string[]> {
  const text = path && await readPrivate(system, path, { limit: LIMIT, secret });
  return (text ?? "").split(/\s+/).filter(Boolean); // also as an editor saves it: CRLF, a byte order mark
}
