import type { App } from "../app.ts";
import { AppError, defect } from "../errors.ts";
import { isMachine, safe } from "../output/mod.ts";

/** Refuses a change that nobody can confirm, before anything is sent. `action` completes "cannot …". */
export function mayChange(app: App, { yes, dryRun }: { yes: boolean; dryRun: boolean }, action: string): void {
  if (yes || dryRun || app.interactive) return;
  throw new AppError("usage", `cannot ${action}: it must be confirmed, and ${unasked(app)}`, {
    hint: "add --yes, or --dry-run to see what would change",
  });
}

/** Why nobody is asked, although it is a terminal, or which end is none. */
function unasked({ globals, system: { io: { stdin, stderr } } }: App): string {
  if (!globals.input) return "--no-input is given";
  if (!stdin.isTerminal) return "this is not a terminal";
  return stderr.isTerminal ? "AUTOCOM_NO_INPUT is set" : "stderr is not a terminal";
}

/**
 * Prints what a change gave: it is done, whatever becomes of the words about it. `audited` finds its row in the audit log,
 * where it has one.
 */
export async function printed(
  requestId: string,
  audited: string | undefined,
  print: () => Promise<void>,
): Promise<void> {
  try {
    await print();
  } catch (error) {
    const failure = error instanceof AppError ? error : defect();
    if (failure.kind === "pipe-closed") throw failure;
    const told = new AppError(failure.kind, `${failure.message}; the change was carried out`, {
      ...failure,
      requestId,
      hint: audited ? `do not repeat it, see: ${audited}` : "do not repeat it: list what is there",
    });
    // Where a defect was is told by --debug of this run: there is no other one.
    const { stack, message } = error as Error;
    if (stack) told.stack = stack.replace(message, () => told.message);
    throw told;
  }
}

/** A text in what is asked: in quotes where it could be taken for words of ours. */
export function stated(text: string): string {
  return /[→×]|,\s*[^\s,:]+:|^["\s]|\s$|^(?:none)?$/.test(text) ? JSON.stringify(text) : text;
}

/** Says what will be changed, and asks; throws when the answer is no. With `yes` it is only said. */
export async function confirm(
  { say, system, paint, destination }: App,
  yes: boolean,
  text: string,
  { question, no }: { question: string; no: string },
): Promise<void> {
  // Before a question it is what the person answers to: where notes are silent, too.
  await (yes ? say.note : say.ask)(text);
  if (yes) return;
  const whole = isMachine((await destination()).format) ? `${text}. ${question}` : question;
  if (await system.io.prompt.confirm(safe(whole), paint)) return;
  throw new AppError("failure", `${no}: you said no`);
}
