/**
 * One command line: the tree is built, parsed and run. The only place where an error becomes text.
 *
 * @module
 */

import { type App, app, type Globals, type Needs } from "./app.ts";
import { program } from "./commands/program.ts";
import { settings } from "./config/mod.ts";
import { AppError, type Kind } from "./errors.ts";
import { chooseFormat, type Format, messages, style, wantsColor } from "./output/mod.ts";
import type { SignalName, System } from "./system/mod.ts";

const FORMATS: readonly string[] = ["table", "tsv", "json", "yaml"] satisfies Format[];
const SIGNALS: Record<SignalName, Kind> = { SIGHUP: "hangup", SIGINT: "interrupted", SIGTERM: "terminated" };

/** How long a command may clean up once it was interrupted, in milliseconds. */
const GRACE = 1_000;

/** Runs one command line to its end; the result is the exit code. Never throws. */
export async function execute(args: string[], system: System): Promise<number> {
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
  const interrupt = new AbortController();
  const end = (reason: unknown) => {
    interrupt.abort(reason);
    stop(reason);
  };
  const deaf = system.signals.on((signal) => end(new AppError(SIGNALS[signal], "interrupted")));
  system.signals.onCrash(end);
  const work = perform(args, system, interrupt.signal);
  try {
    await Promise.race([work, stopped]);
    return 0;
  } catch (error) {
    if (interrupt.signal.aborted) await Promise.race([work.catch(() => {}), system.clock.sleep(GRACE)]);
    return await report(error, args, system);
  } finally {
    deaf();
  }
}

async function perform(args: string[], system: System, signal: AbortSignal): Promise<void> {
  const printed: string[] = [];
  let running: App | undefined;
  const start = async (needs: Needs): Promise<App> => {
    void system.env; // the snapshot, before the permission to take it is gone
    system.permissions.keep(needs.before);
    const globals = readGlobals(commands.globals());
    running = app(system, globals, needs, await format(args, system, globals), signal);
    return running;
  };
  const commands = program(args, start, {
    columns: system.io.stdout.columns(),
    print: (text) => void printed.push(text),
  });
  await commands.parse();
  const [first] = running?.afterwards ?? [];
  if (first) throw first;
  if (printed.length > 0) await system.io.stdout.write(printed.join(""));
}

function readGlobals(given: Record<string, unknown>): Globals {
  const { input, quiet, debug } = given;
  return { ...given, input: input !== false, quiet: quiet === true, debug: debug === true } as Globals;
}

/** The format that messages follow. A config file that cannot be read is the command's to complain about. */
async function format(args: string[], system: System, globals: Globals): Promise<Format> {
  const asked = await settings(system, globals).get("output").then(
    ({ value }) => value,
    () => scanned(args, system.env),
  );
  return chooseFormat(asked, system.io.stdout.isTerminal);
}

/** The format by a look at the words: also when they do not parse. */
function scanned(args: readonly string[], env: System["env"]): Format | undefined {
  for (const [at, word] of args.entries()) {
    const value = word === "-o" || word === "--output" ? args[at + 1] : /^(?:--output=|-o=?)(.+)$/.exec(word)?.[1];
    if (value !== undefined && FORMATS.includes(value)) return value as Format;
  }
  const value = env.AUTOCOM_OUTPUT ?? "";
  return FORMATS.includes(value) ? value as Format : undefined;
}

/** Says what went wrong, once, on stderr; gives the exit code. */
async function report(error: unknown, args: string[], system: System): Promise<number> {
  const { env, io } = system;
  const debug = args.includes("--debug") || env.AUTOCOM_DEBUG !== undefined;
  const failure = error instanceof AppError ? error : new AppError("bug", "autocom failed unexpectedly", {
    hint: "run it again with --debug and report it (security@autocom.wexron.io when it looks like a security problem)",
  });
  const say = messages(io.stderr, {
    format: chooseFormat(scanned(args, env), io.stdout.isTerminal),
    quiet: false,
    debug,
    style: style(wantsColor("auto", env, io.stderr.isTerminal)),
  });
  try {
    if (debug && error instanceof Error) await say.debug(error.stack ?? error.name);
    await say.error(failure);
  } catch { /* nobody can be told: the code still says it */ }
  return failure.exit;
}
