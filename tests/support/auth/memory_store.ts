import type { Changes, SessionStore } from "../../../src/auth/store.ts";
import type { Access, Refresh } from "../../../src/auth/session.ts";
import { AppError } from "../../../src/errors.ts";

/** What all processes share: one session, and the lock. */
export interface Memory {
  access?: Access | undefined;
  refresh?: Refresh | undefined;
  holder?: object | undefined;
  /** Called before the session is deleted. */
  removing?: () => void;
}

/**
 * One process's way to a session in memory. `pause` is called before each read and each write, of which a pair takes two:
 * others come in between. The lock is that of the system: who is killed gives it back.
 */
export function memoryStore(memory: Memory, process: object, pause: (ms?: number) => Promise<void>): {
  store: SessionStore;
  /** The same without the lock. */
  changes: Changes;
} {
  const write: Changes["write"] = async ({ access, refresh }) => {
    await pause();
    memory.refresh = refresh;
    await pause();
    memory.access = access;
    return "memory";
  };
  const changes: Changes = {
    write,
    save: write,
    async remove() {
      await pause();
      const had = memory.access ?? memory.refresh;
      memory.removing?.();
      memory.access = memory.refresh = undefined;
      return had ? ["memory"] : [];
    },
    room: () => Promise.resolve(),
    keychain: "memory",
  };
  const exclusive: SessionStore["exclusive"] = async (work, wait = 65_000) => {
    for (let waited = 0; memory.holder; waited += 25) {
      if (waited >= wait) throw new AppError("failure", "another autocom holds the lock");
      await pause(25);
    }
    memory.holder = process;
    try {
      return await work(changes);
    } finally {
      memory.holder = undefined;
    }
  };
  const store: SessionStore = {
    file: "memory",
    places: () => Promise.resolve("memory"),
    ledger: () => Promise.resolve(),
    inFile: () => Promise.resolve(1),
    unavailable: () => Promise.resolve(undefined),
    async find() {
      await pause();
      const { access, refresh } = memory;
      if (!access && !refresh) return undefined;
      return { ...access && { access }, place: "keychain", where: "memory" };
    },
    async refreshOf() {
      await pause();
      return memory.refresh;
    },
    exclusive,
    save: (session, place) => exclusive((changes) => changes.save(session, place)),
    remove: (origin) => exclusive((changes) => changes.remove(origin)),
  };
  return { store, changes };
}
