import { text, verb } from "../../cli/mod.ts";
import { AppError } from "../../errors.ts";
import { fields, type Row, view } from "../../fields/mod.ts";
import { type Destination, detail, isMachine, list } from "../../output/mod.ts";
import { type Outcome, type Verdict, work } from "../../upgrade/mod.ts";
import type { App } from "../../app.ts";

const OUTCOME = fields({
  current: { is: "text", column: "CURRENT", about: "the version that runs" },
  newest: { is: "text", column: "NEWEST", nullable: true },
  newest_of_minor: { is: "text", column: "NEWEST_FIX", nullable: true, about: "the newest of the same minor version" },
  available: { is: "switch", column: "AVAILABLE", about: "there is a newer one" },
  action: { is: "text", column: "ACTION", about: "none, check, dry-run, upgraded or rolled-back" },
  bytes: { is: "number", column: "BYTES", nullable: true, about: "size of the download" },
  path: { is: "text", column: "PATH", about: "file of the program" },
  command: {
    is: "text",
    column: "COMMAND",
    nullable: true,
    about: "what to type where a package manager installed it",
  },
});

const VERDICT = fields({
  file: { is: "text", column: "FILE", key: true },
  signed: { is: "switch", column: "SIGNED" },
  version: { is: "text", column: "VERSION", nullable: true },
  target: { is: "text", column: "TARGET", nullable: true },
  is: { is: "text", column: "IS", nullable: true, about: "binary, archive, pack, manifest, signature, sums or other" },
  sha256: { is: "text", column: "SHA256" },
});

/** Other programs are not started: the new one neither. */
const KEPT = ["ffi", "net", "read", "sys", "write"] as const;

export const upgrade = verb({
  name: "upgrade",
  needs: { before: ["env", ...KEPT], after: KEPT },
  prints: [OUTCOME, VERDICT],
  exits: ["not-found", "rate-limited", "network", "server", "integrity"],
  examples: [
    "autocom upgrade",
    "autocom upgrade --check -o json",
    "autocom upgrade --target 2.0.1",
    "autocom upgrade --rollback",
    "autocom upgrade --verify autocom_2.0.1_linux_amd64.tar.gz",
  ],
  summary: "replace this program with the newest release",
  does:
    "Replace this program with the newest release, once its signature is verified. The old program is kept beside it. " +
    "What a package manager installed is left to it.",
  args: [{
    name: "file",
    about: "with --verify: what was downloaded",
    value: text("file", "file"),
    optional: true,
    many: true,
  }],
  options: {
    check: { about: "only say whether there is a newer one" },
    target: { about: "exactly this release, also an older one", value: text("version") },
    force: { about: "do not ask before taking an older release; take the same one again" },
    dryRun: { about: "find and verify, change nothing" },
    allowHomebrew: { about: "replace a program that Homebrew installed" },
    rollback: { about: "put back the program that was kept; a second time undoes it" },
    verify: { about: "say whether files are of a signed release, instead of upgrading" },
  },
  async run(app, given, files) {
    const { check, target, force, dryRun, allowHomebrew } = given;
    refuseMixtures(given, files ?? []);
    if (given.verify) return await verify(app, files ?? []);
    const choice = { check, target, force, dryRun, allowHomebrew };
    const to = await app.destination();
    const { rollback, upgrade } = await work();
    const outcome = await (given.rollback ? rollback : upgrade)(app, choice);
    await tell(app, to, outcome, target).catch((error) => {
      throw changed(error, outcome);
    });
  },
});

const MODES = ["check", "target", "rollback", "verify"] as const;

function refuseMixtures(
  given: { [M in (typeof MODES)[number]]?: unknown } & { dryRun: boolean },
  files: readonly string[],
) {
  const usage = (message: string, hint: string) => new AppError("usage", message, { hint });
  const named = MODES.filter((mode) => given[mode] !== undefined && given[mode] !== false);
  if (named.length > 1) throw usage(`--${named[0]} and --${named[1]} exclude each other`, "leave one of them out");
  if (given.dryRun && named[0] === "rollback") {
    throw usage("--dry-run and --rollback exclude each other", "leave one of them out");
  }
  if (given.verify && files.length === 0) throw usage("--verify needs a file", "write: autocom upgrade --verify FILE");
  if (files.includes("")) throw usage("upgrade names no file", "write: autocom upgrade --verify FILE");
  const [file] = files;
  if (!given.verify && file !== undefined) {
    const [, version] = /^v?(\d+\.\d+\.\d+[\w.+-]*)$/.exec(file) ?? [];
    throw usage(
      `upgrade takes no file without --verify: "${file.slice(0, 30)}"`,
      version ? `autocom upgrade --target ${version.slice(0, 30)}` : "write: autocom upgrade --verify FILE",
    );
  }
}

async function tell(app: App, to: Destination, outcome: Outcome, target?: string): Promise<void> {
  if (isMachine(to.format) || !to.stdout.isTerminal) await detail(to, view(OUTCOME), outcome);
  for (const line of sentences(outcome, target)) await app.say.note(line);
}

/** Nobody may take what cannot be printed for an upgrade that was not. */
function changed(error: unknown, { action }: Outcome): unknown {
  if (!(error instanceof AppError) || error.kind === "pipe-closed") return error;
  if (action !== "upgraded" && action !== "rolled-back") return error;
  return new AppError(error.kind, `${error.message}; the program was ${action.replace("-", " ")}`, {
    hint: "do not repeat it; see what is there: autocom --version",
  });
}

function sentences(
  { current, newest, newest_of_minor, available, action, bytes, path, command, first, refused }: Outcome,
  target?: string,
): string[] {
  const minor = newest_of_minor !== null && newest_of_minor !== current && newest_of_minor !== newest
    ? [`The newest fix of this minor version is ${newest_of_minor}: autocom upgrade --target ${newest_of_minor}`]
    : [];
  const size = bytes === null
    ? ""
    : ` (${bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`})`;
  switch (action) {
    case "upgraded":
      return [`Upgraded ${path} from ${current} to ${newest}${size}. To go back: autocom upgrade --rollback`];
    case "rolled-back":
      return [
        `Put back ${
          newest === null ? "the program that was there before" : `autocom ${newest}`
        }; ${current} is kept at ${path}.old`,
      ];
    case "dry-run":
      return [`Would upgrade ${path} from ${current} to ${newest}${size}. Nothing was changed.`];
    default:
      if (newest === null) return ["There is no release yet."];
      if (refused) return [`This is autocom ${current}. ${refused}.`, ...minor];
      if (!available && target) {
        return [`This is autocom ${current}. To install it once more: autocom upgrade --target ${target} --force`];
      }
      if (!available) {
        return [`autocom ${current} is up to date${newest === current ? "" : ` (the newest release is ${newest})`}.`];
      }
      return [
        `autocom ${newest} is available (you're on ${current})${size}${first ? `, ${first}` : ""}: ${
          command ?? "autocom upgrade"
        }`,
        ...minor,
      ];
  }
}

async function verify(app: App, files: readonly string[]): Promise<void> {
  const to = await app.destination();
  const verdicts = await (await work()).judge(app, files);
  const rows: Row<typeof VERDICT>[] = verdicts;
  const writer = list(to, view(VERDICT));
  await writer.page(rows);
  await writer.end();
  const strange = verdicts.filter(({ signed }) => !signed);
  if (strange.length === 0) return;
  const [{ file, without }] = strange as [Verdict];
  if (without && strange.every(({ without }) => without)) {
    throw new AppError(
      "integrity",
      `cannot tell whether "${file}" is of a signed release: no release of the list has it`,
      {
        hint: `put its ${without} into the same folder, then again`,
      },
    );
  }
  throw new AppError(
    "integrity",
    `${strange.length === 1 ? `"${strange[0]!.file}" is` : `${strange.length} files are`} of no signed release`,
    {
      hint: "do not use it; cosign's own bundle is checked with cosign, as the README says",
    },
  );
}
