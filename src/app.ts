/**
 * What a command is given. Every capability is a thunk: nothing is opened until a verb asks for it.
 *
 * @module
 */

import { type Api, bounded, connect } from "./api/mod.ts";
import { type Credential, credential, type SessionStore, sessionStore } from "./auth/mod.ts";
import { VERSION } from "./build_info.ts";
import type { Settings } from "./config/mod.ts";
import type { AppError } from "./errors.ts";
import {
  chooseFormat,
  type ColorChoice,
  type Destination,
  type Format,
  type Messages,
  messages,
  type Style,
  style,
  wantsColor,
} from "./output/mod.ts";
import type { Fetch, PermissionName, System } from "./system/mod.ts";

/** The options that every command has, as the person gave them. */
export interface Globals {
  output?: Format;
  tenant?: string;
  apiUrl?: string;
  /** False with `--no-input`. */
  input: boolean;
  color: ColorChoice;
  /** Seconds. */
  timeout?: string;
  quiet: boolean;
  debug: boolean;
}

/** What a verb needs of Deno's permissions: until the API's first answer, and after it. */
export interface Needs {
  before: readonly PermissionName[];
  after: readonly PermissionName[];
}

export interface App {
  readonly system: System;
  readonly globals: Globals;
  /** Aborts with the reason when the person interrupts. */
  readonly signal: AbortSignal;
  readonly say: Messages;
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
  /** `AUTOCOM_TOKEN`, else the stored session; throws `unauthenticated` when there is none that works. */
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
  /** A request to the token endpoint, within bounds of time and size. `until`: instead of the person's interruption. */
  tokenEndpoint(until?: AbortSignal): Promise<Fetch>;
  /** What went wrong without stopping the command; it fails with the first of it once it is done. */
  readonly afterwards: AppError[];
  /** What the end of the process waits for, after an interruption too; each of it is bounded. Never rejects. */
  readonly closing: Promise<void>[];
  /** How a question is coloured: as the messages on stderr are. */
  readonly paint: Style;
}

/** `settings` know the flags; `format` is the one that they ask for. */
export function app(
  system: System,
  globals: Globals,
  needs: Needs,
  { settings, format }: { settings: Settings; format: Format },
  signal: AbortSignal,
): App {
  const { env, io } = system;
  const paint = (stream: { isTerminal: boolean }) => style(wantsColor(globals.color, env, stream.isTerminal));
  const say = messages(io.stderr, {
    format,
    quiet: globals.quiet,
    debug: globals.debug || env.AUTOCOM_DEBUG !== undefined,
    style: paint(io.stderr),
  });
  const once = <T>(make: () => T) => {
    let made: { value: T } | undefined;
    return () => (made ??= { value: make() }).value;
  };
  const interactive = io.stdin.isTerminal && io.stderr.isTerminal && globals.input && !env.AUTOCOM_NO_INPUT;
  const waiting = () => say.ask("Waiting for the keychain to be unlocked…");
  const store = once(() => sessionStore(system, interactive ? waiting : undefined));

  const keep = (names: readonly PermissionName[]) => system.permissions.keep(names);
  /** The status line is known: the verb's second set of permissions takes force before a byte of the body is read. */
  const answered = once(() => keep(["net", ...needs.after]));

  const self: App = {
    system,
    globals,
    signal,
    say,
    settings,
    get sessions() {
      return store();
    },
    interactive,
    async destination(tolerant = false) {
      const asked = settings.get("output").then(({ value }) => chooseFormat(value, io.stdout.isTerminal));
      const found = await (tolerant ? asked.catch(() => format) : asked);
      return { stdout: io.stdout, format: found, style: paint(io.stdout) };
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
        fetch: await self.tokenEndpoint(),
        wait: 2 * await self.timeout() + WRITING,
        async unsaved(error) {
          // At once, because the command may fail with something else; and at its end.
          await say.warn(error.message);
          self.afterwards.push(error);
        },
      });
      // Nothing of the keychain is needed any more, unless the server may refuse a token that can be renewed.
      if (!found.renew) keep([...needs.before.filter((name) => !STORE.includes(name)), ...needs.after]);
      return found;
    },
    async api(margin) {
      return open(self, await self.credential(margin), await self.tenant(), answered);
    },
    apiWith: (token, tenant, until) => open(self, { token }, tenant, answered, until),
    async timeout() {
      return (await settings.get("timeout")).value * 1000;
    },
    async tokenEndpoint(until = signal) {
      const { origin } = await self.server();
      const debug = (line: string) => void say.debug(line);
      const timeout = await self.timeout();
      return bounded({ system, origin, timeout, bytes: 1 << 20, userAgent: userAgent(system), signal: until, debug });
    },
    afterwards: [],
    closing: [],
    paint: paint(io.stderr),
  };
  return self;
}

/** Seconds before its end that a token is renewed. */
const MARGIN = 60;

/** Milliseconds that another process may take to write a renewed session; before that it waited for the server. */
const WRITING = 5_000;

/** What the session's store is reached with. */
const STORE: readonly PermissionName[] = ["run", "ffi", "write"];

/** `autocom/<version> (<os>; <arch>)`. */
export function userAgent({ host }: Pick<System, "host">): string {
  return `autocom/${VERSION} (${host.os}; ${host.arch})`;
}

async function open(
  app: App,
  credential: Credential,
  tenant: string | undefined,
  answered: () => void,
  signal = app.signal,
): Promise<Api> {
  const { system, say } = app;
  return connect({
    system,
    apiUrl: (await app.server()).apiUrl,
    credential,
    ...(tenant ? { tenant } : {}),
    timeout: await app.timeout(),
    userAgent: userAgent(system),
    signal,
    debug: (line) => void say.debug(line),
    answered,
  });
}
