/**
 * The version check: beside a command that uses the network anyway, never in its way. It asks for the list alone, says
 * version, system and architecture, and is cut off when the command is done.
 *
 * @module
 */

import type { Writer } from "../storage/mod.ts";
import type { File, System } from "../system/mod.ts";
import { pageUrl, releasesIn } from "./list.ts";
import { type Memory, openMemory, remember } from "./memory.ts";
import { type Own, own as stampedOwn } from "./own.ts";
import { compareVersions, isPrerelease } from "./semver.ts";

type World = Writer & Pick<System, "env" | "fetch" | "io">;

export interface Check {
  /** The command is over: nothing is waited for. What was found out counts, and is told, when it `succeeded`. */
  over(succeeded: boolean): Promise<void>;
}

const MINUTE = 60_000, HOUR = 60 * MINUTE;
/** One that was cut off, and one that was answered or refused, is repeated after that. */
const AGAIN = 10 * MINUTE, FRESH = 24 * HOUR;
/** A person is told of one version no more often than that. */
const PAUSE = 6 * HOUR;

/** Milliseconds until it begins: before a timer the runtime looks at its sockets, so the command's own request is sent. */
const BEHIND = 1;

/** Entries that are asked for, and the bytes that they may have: more would hold the command up while they are read. */
const ENTRIES = 10, LIMIT = 256 * 1024;

/**
 * Of a server: the newest version of its list, undefined when that has none. Empty: it refused, was out of reach, or sent
 * no list, so that what was known of a newer one stays.
 */
type Answer = Pick<Memory, "latest">;

/** Opens what it needs, while that is allowed; the rest is done while the command's own request is under way. Never throws. */
export async function begin(system: World, own: Own | undefined = stampedOwn(system)): Promise<Check | undefined> {
  const file = own && await openMemory(system);
  if (!file) return undefined;
  const stop = new AbortController();
  let known: Memory = {};
  let answer: Answer | undefined;
  const { clock } = system;
  const looked = clock.sleep(BEHIND, stop.signal).then(() => {
    let due = false;
    remember(file, (memory) => {
      known = memory;
      const now = clock.now();
      due = passed(memory.tried, AGAIN, now) && passed(memory.done, FRESH, now);
      return due ? { ...memory, tried: now } : undefined;
    });
    if (due) void ask(system, own, stop.signal).then((found) => answer = found);
  }, () => {}); // it was over before
  return {
    async over(succeeded) {
      const found = answer;
      stop.abort("over"); // the runtime's own reason has a stack, and takes 0.2 ms
      await looked;
      if (succeeded) await settle(system, own, file, known, found);
      file.close();
    },
  };
}

/** True when that long has passed since, or the clock was turned back. */
function passed(since: number | undefined, ms: number, now: number): boolean {
  return since === undefined || since > now || now - since >= ms;
}

async function settle(system: World, own: Own, file: File, known: Memory, found?: Answer): Promise<void> {
  const now = system.clock.now();
  if (!found && !isNews({ ...known }, own, now)) return; // most runs end here
  let news: string | undefined;
  remember(file, (memory) => {
    const changed: Memory = found ? { ...memory, ...found, done: now } : memory;
    if (isNews(changed, own, now)) [news, changed.nudged] = [changed.latest, now];
    return found || news ? { ...changed } : undefined;
  });
  if (!news) return;
  await system.io.stderr.write(
    `\n↑ autocom ${news} available (you're on ${own.version})\n  autocom upgrade, or autocom upgrade --check\n`,
  ).catch(() => {});
}

function isNews({ latest, seen, skipped, nudged }: Memory, { version }: Own, now: number): boolean {
  return latest !== undefined && compareVersions(latest, version) > 0 && latest !== skipped &&
    (seen === undefined || compareVersions(latest, seen) >= 0) && passed(nudged, PAUSE, now);
}

/** Undefined when it was cut off. */
async function ask(
  { fetch }: Pick<System, "fetch">,
  own: Own,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  try {
    const headers = { accept: "application/json", "user-agent": own.userAgent };
    const url = new URL(pageUrl(own.releases, 1, ENTRIES));
    const init = { headers, redirect: "manual", signal } as const;
    const answer = await (fetch.unmade?.(url, init) ?? fetch(new Request(url, init)));
    if (answer.status !== 200) {
      answer.body?.cancel().catch(() => {});
      return {};
    }
    // What is no list throws, and counts as refused.
    let latest: string | undefined;
    for (const { version } of releasesIn(JSON.parse(await text(answer, signal)), ENTRIES)!) {
      if (!isPrerelease(version) && compareVersions(version, latest ?? "0.0.0-0") > 0) latest = version;
    }
    return latest && latest.length > 40 ? {} : { latest };
  } catch {
    return signal.aborted ? undefined : {};
  }
}

async function text(answer: Response, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let [read, size] = ["", 0];
  for await (const piece of answer.body ?? []) {
    size += piece.length;
    if (size > LIMIT || signal.aborted) throw new Error("too long");
    read += decoder.decode(piece, { stream: true });
  }
  return read;
}
