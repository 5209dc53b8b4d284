/**
 * One command line: the tree is built, parsed and run. The only place where an error becomes text.
 *
 * @module
 */

import { type App, app, type Globals, type Needs } from "./app.ts";
import { commandLine, look } from "./commands/mod.ts";
import { type Settings, settings } from "./config/mod.ts";
import { AppError, type Kind } from "./errors.ts";
import { chooseFormat, type ColorChoice, type Format, messages, style, wantsColor } from "./output/mod.ts";
import type { SignalName, System } from "./system/mod.ts";

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
  const config = settings(system);
  // Found out once, while the config file may still be read.
  let known: Promise<Format> | undefined;
  const format = () => known ??= formatOf(args, config, system);
  const running: { app?: App } = {};
  const work = perform(args, system, interrupt.signal, config, format, running);
  try {
    await Promise.race([work, stopped]);
    return 0;
  } catch (error) {
    const reason = interrupt.signal.aborted ? await windUp(work, error, system, running) : error;
    return await report(reason, args, system, await format());
  } finally {
    deaf();
  }
}

async function perform(
  args: string[],
  system: System,
  signal: AbortSignal,
  config: Settings,
  format: () => Promise<Format>,
  running: { app?: App },
): Promise<void> {
  const printed: string[] = [];
  const start = async (needs: Needs): Promise<App> => {
    void system.env; // the snapshot, before the permission to take it is gone
    const found = await format();
    const globals = readGlobals(commands.globals());
    const settings = config.withFlags(globals);
    if (needs.before.includes("net") && !await isPlain(settings)) system.trustSystem();
    system.permissions.keep(needs.before);
    return running.app = app(system, globals, needs, { settings, format: found }, signal);
  };
  const commands = await commandLine(args, start, {
    columns: () => system.io.stdout.columns(),
    print: (text) => void printed.push(text),
  });
  await commands.parse();
  const [first] = running.app?.afterwards ?? [];
  if (first) throw first;
  if (printed.length > 0) await system.io.stdout.write(printed.join(""));
}

/** Whether the API's address is loopback in clear text: there no certificate is looked at, and to read them takes time. */
async function isPlain(settings: Settings): Promise<boolean> {
  return await settings.get("api_url").then(({ value }) => value.startsWith("http:"), () => false);
}

/** Lets an interrupted command close what it opened; it may know more than that it was interrupted. */
async function windUp(
  work: Promise<void>,
  reason: unknown,
  { clock }: System,
  running: { app?: App },
): Promise<unknown> {
  const over = new AbortController();
  const late = clock.sleep(GRACE, over.signal).then(() => Promise.all(running.app?.closing ?? []), () => {});
  const outcome: unknown = await Promise.race([work.catch((error: unknown) => error), late]);
  over.abort();
  return outcome instanceof AppError && reason instanceof AppError && outcome.kind === reason.kind ? outcome : reason;
}

function readGlobals(given: Record<string, unknown>): Globals {
  const { input, quiet, debug } = given;
  return { ...given, input: input !== false, quiet: quiet === true, debug: debug === true } as Globals;
}

/**
 * The format that messages follow. The flag is found by a look at the words, so that a command line that does not parse
 * obeys too; settings that cannot be read are the command's to complain about.
 */
async function formatOf(args: readonly string[], config: Settings, { io }: System): Promise<Format> {
  const { output } = look(args).values;
  const asked = await config.withFlags(output === undefined ? {} : { output }).get("output").then(
    ({ value }) => value,
    () => undefined,
  );
  return chooseFormat(asked, io.stdout.isTerminal);
}

/** Says what went wrong, once, on stderr; gives the exit code. */
async function report(error: unknown, args: readonly string[], system: System, format: Format): Promise<number> {
  const { env, io } = system;
  const debug = args.includes("--debug") || env.AUTOCOM_DEBUG !== undefined;
  const failure = error instanceof AppError ? error : new AppError("bug", "autocom failed unexpectedly", {
    hint: "run it again with --debug and report it (security@autocom.wexron.io when it looks like a security problem)",
  });
  const { color } = look(args).values;
  const choice: ColorChoice = color === "always" || color === "never" ? color : "auto";
  const say = messages(io.stderr, {
    format,
    quiet: false,
    debug,
    style: style(wantsColor(choice, env, io.stderr.isTerminal)),
  });
  try {
    if (debug && error instanceof Error) { for (const line of trace(error)) await say.debug(line); }
    await say.error(failure);
  } catch { /* nobody can be told: the code still says it */ }
  return failure.exit;
}

/** Where it happened. What an error that is not ours says may quote a secret: its long words are not shown. */
function trace({ name, message, stack = "" }: Error): string[] {
  const frames = stack.slice(stack.indexOf(message) + message.length).split("\n").filter((line) => /^ +at /.test(line));
  return [`${name}: ${message.replace(/\S{16,}/g, "***")}`, ...frames];
}
