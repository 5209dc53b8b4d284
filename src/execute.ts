/**
 * One command line, in five steps: parse, format, app, run, report. The only place where an error becomes text.
 *
 * @module
 */

import { type App, app, flagsOf, type Globals } from "./app.ts";
import { explain, type Line, ONLINE, parse } from "./cli/mod.ts";
import { NOUNS } from "./commands/mod.ts";
import { VERSION } from "./build_info.ts";
import { isOn, type Settings, settings as settingsOf } from "./config/mod.ts";
import { drop, type Needs } from "./drop.ts";
import { AppError, defect, type Kind } from "./errors.ts";
import { chooseFormat, type Format, messages, Secrets, style, wantsColor } from "./output/mod.ts";
import type { SignalName, System } from "./system/mod.ts";
import { versionCheck } from "./upgrade/mod.ts";

const SIGNALS: Record<SignalName, Kind> = { SIGHUP: "hangup", SIGINT: "interrupted", SIGTERM: "terminated" };

/** How long a command may clean up once it was interrupted, in milliseconds. */
const GRACE = 1_000;

/** How messages are shown, as far as that is known. */
interface Shown {
  format: Format;
  secrets: Secrets;
  globals: Pick<Globals, "color" | "debug" | "apiUrl" | "tenant">;
  settings?: Settings;
}

/** Runs one command line to its end; the result is the exit code. Never throws. */
export async function execute(args: readonly string[], system: System): Promise<number> {
  const running: { app?: App } = {};
  const end = endOf(system, running);
  const secrets = new Secrets(() => system.env);
  const shown: Shown = { format: "table", secrets, globals: { color: "auto", debug: false } };
  try {
    await end.ofEither(perform(args, system, end.signal, shown, running));
    return 0;
  } catch (error) {
    return await report(error, shown, system, args);
  } finally {
    end.over();
  }
}

async function perform(
  args: readonly string[],
  system: System,
  signal: AbortSignal,
  shown: Shown,
  running: { app?: App },
): Promise<void> {
  const show = async (globals: Globals, settings: Settings) => {
    Object.assign(shown, { globals, settings });
    return shown.format = await formatOf(settings, system);
  };
  const said = settingsOf(system).ahead(); // while the words are looked at
  let found: App | undefined; // what a verb was found with
  let check: Awaited<ReturnType<typeof versionCheck>>;
  const begin = async (globals: Globals, needs: Needs, quiet: (format: Format) => boolean): Promise<App> => {
    const settings = found?.settings ?? said.withFlags(flagsOf(globals));
    const format = await show(globals, settings);
    void system.env; // the snapshot, before the permission to take it is gone
    if (!found) {
      if (needs.before.includes("net") && !await isPlain(settings)) system.trustSystem();
      check = await versionCheck(system, settings, quiet(format));
    }
    await settings.settled();
    const dropped = drop(system.permissions, needs);
    const { secrets } = shown;
    return running.app = app({ system, globals, settings, format, signal, drop: dropped, secrets, line: args });
  };
  const open = async (globals: Globals) =>
    found ??= await begin(globals, ONLINE, (format) => staysQuiet("call", ONLINE, globals, format, system));
  let succeeded = false;
  try {
    const line = await parse(args, NOUNS, { open });
    if (line.is !== "run") await show(line.globals, found?.settings ?? said.withFlags(flagsOf(line.globals)));
    if (line.is === "refused") throw line.error;
    if (line.is !== "run") return await system.io.stdout.write(await told(line, system));
    const { globals, verb, given } = line;
    const needs = verb.narrows?.(given) ?? verb.needs;
    const own = found && JSON.stringify(found.globals) === JSON.stringify(globals)
      ? found
      : await begin(globals, needs, (format) => staysQuiet(verb.name, needs, globals, format, system));
    await verb.run(own, given, ...line.words);
    const [first] = [...found?.afterwards ?? [], ...own.afterwards];
    if (first) throw first;
    succeeded = true;
  } finally {
    await said.settled();
    await check?.over(succeeded);
  }
}

/** Where nobody is told of a newer version: the command uses no network, prints for a program, or is asked not to. */
function staysQuiet(name: string, needs: Needs, globals: Globals, format: Format, { env }: System): boolean {
  const forPeople = format === "table" || format === "tsv";
  return !needs.before.includes("net") || name === "upgrade" || globals.quiet || !forPeople ||
    isOn(env.CI) || isOn(env.DO_NOT_TRACK);
}

/** What a run ends with beside its own end: a signal, or a rejection that nobody handled. */
function endOf({ signals, clock }: System, running: { app?: App }) {
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
  const interrupt = new AbortController();
  const end = (reason: unknown) => {
    interrupt.abort(reason);
    stop(reason);
  };
  const deaf = signals.on((signal) => end(new AppError(SIGNALS[signal], "interrupted")));
  const calm = signals.onCrash(end);
  return {
    signal: interrupt.signal,
    over: () => (deaf(), calm()),
    /** Lets an interrupted command close what it opened; it may know more than that it was interrupted. */
    async ofEither(work: Promise<void>): Promise<void> {
      try {
        await Promise.race([work, stopped]);
      } catch (reason) {
        if (!interrupt.signal.aborted) throw reason;
        const over = new AbortController();
        const late = clock.sleep(GRACE, over.signal).then(() => Promise.all(running.app?.closing ?? []), () => {});
        const outcome: unknown = await Promise.race([work.catch((error: unknown) => error), late]);
        over.abort();
        const alike = outcome instanceof AppError && reason instanceof AppError && outcome.kind === reason.kind;
        throw alike ? outcome : reason;
      }
    },
  };
}

/** The format that data and messages follow; a setting that cannot be read is the command's to complain about. */
async function formatOf(settings: Settings, { io }: System): Promise<Format> {
  const asked = await settings.get("output").then(({ value }) => value, () => undefined);
  return chooseFormat(asked, io.stdout.isTerminal);
}

/** Whether the API's address is loopback in clear text: there no certificate is looked at, and to read them takes time. */
async function isPlain(settings: Settings): Promise<boolean> {
  return await settings.get("api_url").then(({ value }) => value.startsWith("http:"), () => false);
}

/** The version, or a help. */
async function told(line: Extract<Line, { is: "version" | "explain" }>, { env, io }: System): Promise<string> {
  if (line.is === "version") return `autocom ${VERSION}\n`;
  const { stdout } = io;
  const paint = style(wantsColor(line.globals.color, env, stdout.isTerminal));
  return await explain(line, NOUNS, { columns: stdout.columns(), style: paint });
}

/** Says what went wrong, once, on stderr; gives the exit code. */
async function report(
  error: unknown,
  { format, globals, secrets, settings }: Shown,
  { env, io }: System,
  args: readonly string[],
): Promise<number> {
  const debug = globals.debug || isOn(env.AUTOCOM_DEBUG);
  const failure = error instanceof AppError ? error : defect();
  const say = messages(io.stderr, {
    format,
    quiet: false,
    debug,
    style: style(wantsColor(globals.color, env, io.stderr.isTerminal)),
    secrets,
  });
  try {
    const { identify, secretsIn } = await import("./failed.ts");
    secrets.add(...await secretsIn(args, NOUNS));
    if (debug && error instanceof Error) { for (const line of trace(error)) await say.debug(line); }
    await identify(failure, settings);
    await say.error(failure, globals.apiUrl, env, globals.tenant);
  } catch { /* nobody can be told: the code still says it */ }
  return failure.exit;
}

/** Where it happened. What an error that is not ours says may quote a secret: its long words are not shown. */
function trace({ name, message, stack = "" }: Error): string[] {
  const frames = stack.slice(stack.indexOf(message) + message.length).split("\n").filter((line) => /^ +at /.test(line));
  return [`${name}: ${message.replace(/\S{16,}/g, "***")}`, ...frames];
}
