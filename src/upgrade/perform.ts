/**
 * `autocom upgrade`, in its order: find, verify, and only then fetch; hash what is on the disk, and only then install.
 *
 * @module
 */

import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { isExpired, manifestOf, type Named, newestRelease, releaseOf } from "./choose.ts";
import { exclusively, oldPath } from "./disk.ts";
import { fits, install, type Work } from "./install.ts";
import type { Files, Manifest } from "./manifest.ts";
import { markOf, openMemory, recall, remember } from "./memory.ts";
import { checkNeed, isTranslated } from "./needs.ts";
import type { Own } from "./own.ts";
import { checkPlace, HOMEBREW, type Manager, managerOf, ownProgram, type Program } from "./place.ts";
import { shellQuote } from "../storage/mod.ts";
import { compareVersions, isPrerelease, isVersion } from "./semver.ts";
import { swapBack } from "./swap.ts";

export interface Choice {
  check: boolean;
  dryRun: boolean;
  force: boolean;
  allowHomebrew: boolean;
  /** Exactly this version. */
  target?: string | undefined;
}

/** What was found, and what was done about it. */
export interface Outcome {
  /** Of the program that runs. */
  current: string;
  /** The version that was looked for: the newest, or the one that was named. */
  newest: string | null;
  /** The highest version of the own minor one. */
  newest_of_minor: string | null;
  available: boolean;
  /** What was done; `check` and `dry-run` looked and changed nothing. */
  action: "none" | "check" | "dry-run" | "upgraded" | "rolled-back";
  /** Bytes of the file that it takes, `pack` or `archive`; null when nothing is to be done. */
  bytes: number | null;
  path: string;
  /** What is to be typed instead, where a package manager has installed it. */
  command: string | null;
  /** What that needs first; no part of what is printed for programs. */
  first?: string | undefined;
  /** Why it cannot run on this machine; no part of that either. */
  refused?: string;
}

export async function upgrade(app: App, own: Own, choice: Choice): Promise<Outcome> {
  const { system } = app;
  const { target } = choice;
  if (target !== undefined && !isVersion(target)) {
    throw new AppError("usage", `--target must be a version, such as 1.4.0, not "${target.slice(0, 30)}"`, {
      hint: "see what there is: autocom upgrade --check",
    });
  }
  const work = await begin(app, own);
  const program = await ownProgram(system);
  const manager = await heldBy(work, program, choice);
  const named = target === undefined ? undefined : await releaseOf(work.net, target);
  const offer = target === undefined ? await newest(work, choice) : { newest: target, chosen: named };
  const outcome: Outcome = {
    ...{ current: own.version, newest: offer.newest ?? null, newest_of_minor: offer.newestOfMinor ?? null },
    ...{ available: false, action: choice.check ? "check" : "none", bytes: null, path: program.path },
    ...{ command: manager?.command ?? null, first: manager?.first },
  };
  const { chosen } = offer;
  // The same once more is asked for by --force: what is kept to go back to would be the same, too.
  if (!chosen || (target === own.version && !choice.force)) {
    if (named && !choice.check && !choice.dryRun) await settle(work, named);
    return outcome;
  }
  const files = filesFor(chosen.manifest, own);
  outcome.available = chosen.manifest.version !== own.version;
  outcome.bytes = fits(chosen.manifest, own) ? files.pack.size : files.archive.size;
  try {
    checkNeed(system, chosen.manifest.version, chosen.manifest.needs[own.platform.triple]);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // Nobody is told of it by the version check.
    if (!named) await keep(app, (memory) => ({ ...memory, skipped: chosen.manifest.version }));
    if (!choice.check) throw error;
    return { ...outcome, available: false, bytes: null, refused: error.message };
  }
  if (choice.check) return outcome;
  await checkPlace(system, program);
  await checkKept(system, program);
  if (target !== undefined) await agree(work, chosen.manifest, choice);
  if (choice.dryRun) return { ...outcome, action: "dry-run" };
  if (await isTranslated(system)) {
    await app.say.note("This is the program for Intel; there is one for Apple silicon, too.");
  }
  outcome.bytes = await install(work, program, chosen, files);
  await after(work, program, chosen.manifest);
  if (named) await settle(work, named);
  return { ...outcome, action: "upgraded" };
}

/** `--rollback`: the program that was kept, once more. */
export async function rollback(app: App, own: Own, choice: Choice): Promise<Outcome> {
  const work = await begin(app, own);
  const program = await ownProgram(app.system);
  await heldBy(work, program, choice);
  await checkPlace(app.system, program);
  const before = await markOfKept(app, program);
  await exclusively(app.system, program, () => swapBack(app.system, program, work.debug));
  const after = await markOfKept(app, program);
  let previous: string | null = null;
  await keep(app, (memory) => {
    // Another installation may have written that: of another program, or of one that was replaced since.
    if (memory.kept === before && memory.previous !== own.version) previous = memory.previous ?? null;
    return { ...memory, skipped: own.version, previous: own.version, kept: after };
  });
  const none = { newest_of_minor: null, available: false, bytes: null, command: null };
  return { current: own.version, newest: previous, ...none, action: "rolled-back", path: program.path };
}

export async function begin(app: App, own: Own): Promise<Work> {
  const { system, signal, say } = app;
  // The permission to say so goes now; the rest stays as declared.
  if (own.releases.startsWith("https:")) system.trustSystem();
  system.permissions.keep(["ffi", "net", "read", "sys", "write"]);
  const debug = (line: string) => void say.debug(line);
  return { app, own, debug, net: { system, own, signal, debug, timeout: await app.timeout() } };
}

/** The package manager that would be surprised. Throws {@link AppError} `config` unless it may be, or is only to be told of. */
async function heldBy({ app }: Work, program: Program, choice: Choice): Promise<Manager | undefined> {
  const manager = await managerOf(app.system, program);
  if (!manager || choice.check || (choice.allowHomebrew && manager.name === HOMEBREW)) return manager;
  throw new AppError("config", `cannot replace ${program.path}: it was installed by ${manager.name}`, {
    hint: manager.first ? `${manager.first}: ${manager.command}` : manager.command,
  });
}

async function newest({ app, net }: Work, choice: Choice) {
  const { system, say } = app;
  using file = await openMemory(system);
  const seen = file && recall(file).seen;
  const offer = await newestRelease(net, { seen, always: choice.force, now: system.clock.now(), warn: say.warn });
  const version = offer.chosen?.manifest.version;
  // Only what was signed is seen.
  if (file && version && !isPrerelease(version)) remember(file, (memory) => ({ ...memory, seen: version }));
  return offer;
}

/** The name of the program that is kept is free, or a file's. Throws {@link AppError} `config`. */
async function checkKept({ files }: App["system"], program: Program): Promise<void> {
  const old = oldPath(program);
  if (!(await files.lstat(old).catch(() => undefined))?.isDirectory) return;
  throw new AppError("config", `cannot keep the present program as ${old}: that is a folder`, {
    hint: `move it away: mv ${shellQuote(old)} ${shellQuote(`${old}.moved`)}`,
  });
}

/** Taking a step back, or what is expired, is a person's own decision. */
async function agree({ app, own }: Work, manifest: Manifest, { force, dryRun }: Choice): Promise<void> {
  const { version, expires } = manifest;
  const back = compareVersions(version, own.version) < 0;
  const expired = isExpired(manifest, app.system.clock.now());
  if (force || dryRun || (!back && !expired)) return;
  const why = [...back ? [`older than this one, ${own.version}`] : [], ...expired ? [`expired at ${expires}`] : []]
    .join(", and ");
  if (!app.interactive) {
    throw new AppError("usage", `release ${version} is ${why}`, {
      hint: `to take it: autocom upgrade --target ${version} --force`,
    });
  }
  if (await app.system.io.prompt.confirm(`Release ${version} is ${why}. Take it?`)) return;
  throw new AppError("interrupted", "nothing was changed");
}

function filesFor({ version, files }: Manifest, { platform }: Own): Files {
  const found = Object.hasOwn(files, platform.triple) ? files[platform.triple] : undefined;
  if (found) return found;
  throw new AppError(
    "integrity",
    `release ${version} has nothing for ${platform.triple}: it has ${Object.keys(files).join(", ") || "nothing"}`,
    {
      hint: "nothing was changed; see what there is: autocom upgrade --check",
    },
  );
}

const keptOf = ({ system }: App, program: Program) => system.files.lstat(oldPath(program)).catch(() => undefined);

async function markOfKept(app: App, program: Program): Promise<string> {
  const info = await keptOf(app, program);
  return info ? markOf(info) : "none";
}

async function after({ app, own }: Work, program: Program, { version }: Manifest): Promise<void> {
  const kept = await markOfKept(app, program);
  await keep(app, (memory) => ({ ...memory, previous: own.version, kept, latest: memory.latest ?? version }));
  const others = (program.info.nlink ?? 1) - 1;
  const old = await keptOf(app, program);
  // The kept one is a further name of the old file; those that were there before lead to it still.
  if (others > 0 && old && (old.nlink ?? 1) > 1) {
    await app.say.note(
      "The old program has another name (a hard link) that was not changed: find it with find / -samefile.",
    );
  }
}

/** Entries above what was seen: of a list that has more nothing is concluded. */
const FEW = 20;

/**
 * What was seen counts no more when a person has named an older version and the list has nothing as new: it was withdrawn.
 * The server alone never takes it back.
 */
async function settle({ app, net }: Work, { manifest: { version }, beside }: Named): Promise<void> {
  using file = await openMemory(app.system);
  const seen = file && recall(file).seen;
  if (!seen || isPrerelease(version) || compareVersions(version, seen) >= 0) return;
  const above = beside.filter((release) => compareVersions(release.version, seen) >= 0);
  if (above.length > FEW) return;
  for (const release of above) {
    // An entry without its files is as if it were not there; one that cannot be looked at is.
    if (await manifestOf(net, release).catch(() => release)) return;
  }
  remember(file, (memory) => memory.seen === seen ? { ...memory, seen: version, latest: version } : undefined);
}

async function keep(app: App, change: Parameters<typeof remember>[1]): Promise<void> {
  using file = await openMemory(app.system);
  if (file) remember(file, change);
}
