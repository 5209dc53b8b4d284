/**
 * What a command is given. Every capability is a thunk: nothing is opened until a verb asks for it.
 *
 * @module
 */

import { type Api, bounding, connect, userAgent } from "./api/mod.ts";
import { type Credential, credential, type SessionStore, sessionStore } from "./auth/mod.ts";
import { type Flags, isOn, type Settings, settings as settingsOf } from "./config/mod.ts";
import { type Drop, DROPPED } from "./drop.ts";
import type { AppError } from "./errors.ts";
import {
  chooseFormat,
  type ColorChoice,
  type Destination,
  type Format,
  type Messages,
  messages,
  patience,
  questions,
  Secrets,
  type Style,
  style,
  wantsColor,
} from "./output/mod.ts";
import type { Fetch, Input, Output, System } from "./system/mod.ts";

/** The options that every command has, as the person gave them. */
export interface Globals {
  output?: Format | undefined;
  tenant?: string | undefined;
  apiUrl?: string | undefined;
  timeZone?: string | undefined;
  /** False with `--no-input`. */
  input: boolean;
  color: ColorChoice;
  /** Seconds. */
  timeout?: string | undefined;
  quiet: boolean;
  debug: boolean;
}

export interface App {
  readonly system: System;
  readonly globals: Globals;
  /** The words that were typed; none for a run in another. */
  readonly line: readonly string[];
  /** Aborts with the reason when the person interrupts. */
  readonly signal: AbortSignal;
  readonly say: Messages;
  /** What no message shows; whoever gets hold of a secret adds it. */
  readonly secrets: Secrets;
  readonly settings: Settings;
  readonly sessions: SessionStore;
  /** A person is there to answer: both ends are a terminal and nothing forbids asking. */
  readonly interactive: boolean;
  /** Where data goes. `tolerant`: also when the settings cannot be read, for the command that says why. */
  destination(tolerant?: boolean): Promise<Destination>;
  /** `api_url` and its origin (scheme, host, port), with where the address came from. */
  server(): Promise<{ apiUrl: string; origin: string; source: string; isDefault: boolean }>;
  /** The tenant in effect, if any. */
  tenant(): Promise<string | undefined>;
  /** The token of the environment, else the stored session; throws `unauthenticated` when there is none that works. */
  credential(margin?: number): Promise<Credential>;
  /**
   * A connection with that credential and tenant. `margin`: seconds that the token must live, 60 unless the command
   * takes longer: after the first answer it cannot be renewed any more.
   */
  api(margin?: number): Promise<Api>;
  /** The same with a token that is not stored yet. `until`: instead of the person's interruption. */
  apiWith(token: string, tenant?: string, until?: AbortSignal): Promise<Api>;
  /** Milliseconds to wait for a status line. */
  timeout(): Promise<number>;
  /**
   * A request to the token endpoint, within bounds of time and size. `until`: instead of the person's interruption;
   * `timeout`: instead of {@link App.timeout}.
   */
  tokenEndpoint(until?: AbortSignal, timeout?: number): Promise<Fetch>;
  /** What went wrong without stopping the command; it fails with the first of it once it is done. */
  readonly afterwards: AppError[];
  /** The same capabilities for another run in this process, with ends of its own. It shares nothing that changes. */
  as(ends: Ends): App;
  /** What the end of the process waits for, after an interruption too; each of it is bounded. Never rejects. */
  readonly closing: Promise<void>[];
  /** How a question is coloured: as the messages on stderr are. */
  readonly paint: Style;
}

/** Where a run inside another reads and writes. Nobody is asked there. */
export interface Ends {
  stdout: Output;
  stderr: Output;
  stdin?: Input;
  signal: AbortSignal;
  globals?: Partial<Globals>;
}

/** One run. */
export interface Run {
  system: System;
  globals: Globals;
  /** They know the flags. */
  settings: Settings;
  /** The one that flag, environment and file ask for, or what goes without them. */
  format: Format;
  signal: AbortSignal;
  drop: Drop;
  /** What no message of it shows. */
  secrets?: Secrets;
  line?: readonly string[];
}

export function app(run: Run): App {
  const { globals, format, signal, drop, secrets = new Secrets(() => run.system.env) } = run;
  const { env, io } = run.system;
  const paint = (stream: { isTerminal: boolean }) => style(wantsColor(globals.color, env, stream.isTerminal));
  const say = messages(io.stderr, {
    ...globals,
    format,
    debug: globals.debug || isOn(env.AUTOCOM_DEBUG),
    style: paint(io.stderr),
    secrets,
  });
  const system: System = Object.create(run.system, { io: { value: { ...io, prompt: questions(io.prompt, say) } } });
  const once = <T>(make: () => T) => {
    let made: { value: T } | undefined;
    return () => (made ??= { value: make() }).value;
  };
  const interactive = io.stdin.isTerminal && io.stderr.isTerminal && globals.input && !isOn(env.AUTOCOM_NO_INPUT);
  const waiting = () => say.ask("Waiting for the keychain…");
  const waiter = { signal, patience: () => patience(self) };
  const settings = run.settings.withFlags({}, waiter);
  const store = once(() => sessionStore(system, interactive ? waiting : undefined, secrets, say.warn, waiter));

  const self: App = {
    system,
    globals,
    line: run.line ?? [],
    signal,
    say,
    secrets,
    settings,
    get sessions() {
      return store();
    },
    interactive,
    async destination(tolerant = false) {
      const asked = settings.get("output").then(({ value }) => chooseFormat(value, io.stdout.isTerminal));
      const found = await (tolerant ? asked.catch(() => format) : asked);
      return { stdout: io.stdout, format: found, style: paint(io.stdout), secrets, note: say.note };
    },
    server: once(async () => {
      const { value, origin, source } = await settings.get("api_url");
      return { apiUrl: value, origin: new URL(value).origin, source, isDefault: origin === "default" };
    }),
    async tenant() {
      return (await settings.get("tenant")).value;
    },
    async credential(margin = MARGIN) {
      const { origin } = await self.server();
      const found = await credential(system, {
        origin,
        sessions: store(),
        margin,
        run: self,
        timeout: await self.timeout(),
        async unsaved(error) {
          // At once, because the command may fail with something else; and at its end.
          await say.warn(error.message);
          self.afterwards.push(error);
        },
        warn: say.warn,
      });
      // Nothing of the keychain is needed any more, unless the server may refuse a token that can be renewed.
      if (!found.renew) drop.authenticated();
      return found;
    },
    async api(margin) {
      return connected(self, await self.credential(margin), await self.tenant(), drop);
    },
    apiWith: (token, tenant, until) => connected(self, { token }, tenant, drop, until),
    async timeout() {
      return (await settings.get("timeout")).value * 1000;
    },
    async tokenEndpoint(until = signal, ms?: number) {
      const { origin } = await self.server();
      const to = { system, origin, timeout: ms ?? await self.timeout(), bytes: 1 << 20, userAgent: userAgent(system) };
      return (await bounding()).bounded({ ...to, signal: until, debug: say.debug, waiting: patience(self) });
    },
    afterwards: [],
    as: (ends) => app(within(run, ends)),
    closing: [],
    paint: paint(io.stderr),
  };
  return self;
}

function within({ system, globals, format }: Run, ends: Ends): Run {
  const { stdout, stderr, stdin = NOTHING_TYPED, signal } = ends;
  const own: Globals = { ...globals, input: false, ...ends.globals };
  const inner: System = { ...system, io: { stdin, stdout, stderr, prompt: system.io.prompt } };
  return {
    system: inner,
    globals: own,
    settings: settingsOf(inner, flagsOf(own)),
    format: own.output ?? format,
    signal,
    drop: DROPPED,
    secrets: new Secrets(() => inner.env),
  };
}

const NOTHING_TYPED: Input = { isTerminal: false, setRaw() {}, async *chunks() {} };

/** The global options that are settings, too. */
export function flagsOf({ output, tenant, apiUrl, timeZone, timeout }: Globals): Flags {
  const flags: Flags = {};
  for (const [name, value] of Object.entries({ output, tenant, apiUrl, timeZone, timeout })) {
    if (value !== undefined) flags[name as keyof Flags] = value;
  }
  return flags;
}

/** Seconds before its end that a token is renewed. */
const MARGIN = 60;

async function connected(
  app: App,
  credential: Credential,
  tenant: string | undefined,
  drop: Drop,
  signal = app.signal,
): Promise<Api> {
  const { system, say, secrets } = app;
  secrets.add(credential.token);
  return connect({
    system,
    apiUrl: (await app.server()).apiUrl,
    credential,
    ...(tenant ? { tenant } : {}),
    timeout: await app.timeout(),
    userAgent: userAgent(system),
    signal,
    debug: say.debug,
    note: say.note,
    answered: drop.answered,
    waiting: patience(app),
  });
}
